"""Periods as reports write them, which are times and no names: FY2022, FY22, Q2 2023, 1H, 2Q'23."""

import re
from collections.abc import Iterator

_YEAR = r"(?:'?(?P<{0}>(?:19|20)\d\d|\d\d))"
_PERIOD = re.compile(
    rf"(?<!\w)(?:(?:FY|CY|GJ)(?:\s?{_YEAR.format('year')})?(?:E|A)?"
    r"|(?:[QH][1-4]|[1-4][QH])"
    rf"(?:\s?[/-]?\s?(?:FY\s?)?{_YEAR.format('of')})?)(?!\w|[.,]\d)"
)


def years(text: str) -> Iterator[int]:
    for match in _PERIOD.finditer(text):
        if year := match["year"] or match["of"]:
            yield int(year) if len(year) == 4 else 2000 + int(year)


def without(text: str) -> str:
    """With blanks in their places."""
    return _PERIOD.sub(lambda match: " " * len(match[0]), text)
