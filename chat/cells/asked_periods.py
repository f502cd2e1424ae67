"""The periods that a question names: FY2018, Q2 of FY2023, June 30, 2022, 2019 to 2021."""

import re
from collections.abc import Iterator

from chat.cells.columns import Period, quarter_of
from chat.grounding import numbers_dates

MOST_YEARS = 10

_YEAR = r"'?(?P<{0}>(?:19|20)\d\d|\d\d(?!\d))"
_FISCAL = r"(?:FY|fiscal(?: year)?|financial year|Geschäftsjahr|year ended|year end)"
_PERIOD = re.compile(
    rf"(?:(?P<q>Q[1-4]|[1-4]Q|(?:first|second|third|fourth) quarter|[1-4]\. Quartal)"
    rf"(?:\s*+(?:of|in|des|,)?+\s*+(?:the\s++)?+)?)?"
    rf"(?:\b{_FISCAL}\s?{_YEAR.format('fy')}|(?<![\w.,$€£-])(?P<year>(?:19|20)\d\d)(?![\w%]|[.,]\d)"
    rf"(?:\s+fiscal(?: year| period)?)?)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"\b(?:FY\s?)?((?:19|20)\d\d)\s?(?:-|\u2013|to|through|until|bis)\s?(?:FY\s?)?((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"\b(?:as (?:of|at)|at|by)?\s*(?:the )?(?:year[ -]end|end of|close of)\s*$", re.IGNORECASE
)


def asked_periods(text: str) -> list[Period]:
    """In their order; of a span of years each one."""
    if spans := _RANGE.search(text):
        first, last = sorted((int(spans[1]), int(spans[2])))
        if last - first < MOST_YEARS:
            return [Period(year) for year in range(first, last + 1)]
    dates, rest = numbers_dates.dates(text)
    found = [(text.find(each.raw), _of_date(each)) for each in dates if each.year]
    found += _of_years(rest)
    return list(dict.fromkeys(period for _, period in sorted(found)))


def without_periods(text: str) -> str:
    _, rest = numbers_dates.dates(_RANGE.sub(" ", text))
    return " ".join(_PERIOD.sub(" ", rest).split())


def _of_date(date: numbers_dates.Date) -> Period:
    return Period(date.year or 0, date.month, date.day or 0)


def _of_years(text: str) -> Iterator[tuple[int, Period]]:
    for match in _PERIOD.finditer(text):
        year = int(match["fy"] or match["year"])
        year += 2000 if year < 100 else 0
        yield match.start(), Period(year, quarter=quarter_of(match["q"] or ""))
