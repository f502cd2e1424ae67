"""What times a name, a question or a first page tells: years, quarters, months, days."""

import re
from collections.abc import Iterator
from typing import NamedTuple, Self

from documents.text.folding import fold
from documents.text.month_names import months

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SHORT_YEAR = r"(?P<year>(?:19|20)\d\d|\d\d)"
_DAY = r"(?P<day>\d{1,2})"
_MONTH = r"(?P<named>[^\W\d_]{3,10})\.?"
_ORDINAL = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4,
    "erste": 1, "zweite": 2, "dritte": 3, "vierte": 4, "letzte": 4,
}  # fmt: skip
_SPELT = rf"(?P<spelt>{'|'.join(_ORDINAL)})[nrs]?"
_EDGE, _END = r"(?<![^\W_])", r"(?![^\W_])"
_LINK = r"(?:,? ?(?:of |in |vom |von |des )?(?:the )?(?:fiscal |financial )?(?:year )?(?:jahres )?(?:fy ?)?)"
# The first that fit take the text; what is left is looked at by the next.
_FORMS = tuple(
    re.compile(f"{_EDGE}{form}{_END}")
    for form in (
        rf"{_YEAR}[-. ]?(?P<month>0[1-9]|1[0-2])[-. ]?(?P<day>0[1-9]|[12]\d|3[01])",
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>(?:19|20)\d\d)",
        rf"{_DAY}(?:st|nd|rd|th|\.)?(?: of)?[ -]{_MONTH},?[ -]{_YEAR}",
        rf"{_MONTH} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_MONTH},?[ -](?:of )?{_YEAR}",
        rf"{_YEAR}[ -]{_MONTH}",
        rf"{_YEAR}[ -]?q(?P<quarter>[1-4])",
        rf"q(?P<quarter>[1-4]){_LINK}[ -/']?{_SHORT_YEAR}",
        rf"(?P<quarter>[1-4])q{_LINK}[ -/']?{_SHORT_YEAR}",
        rf"{_SPELT} (?:quarter|quartal)s?{_LINK} ?{_YEAR}",
        rf"(?:fy|gj) ?'?{_SHORT_YEAR}",
        rf"(?:of|in|from|for|vom|im|dated) {_MONTH}",
        r"q(?P<quarter>[1-4])",
        rf"{_SPELT} (?:quarter|quartal)s?",
        _YEAR,
    )
)


class Time(NamedTuple):
    """Nothing is said of what is 0."""

    year: int = 0
    quarter: int = 0
    month: int = 0
    day: int = 0

    def holds(self, other: Self) -> bool:
        """Whether the other says all of this, and may say more."""
        return all(mine in {0, its} for mine, its in zip(self, other, strict=True))

    def agreement(self, other: Self) -> float:
        """How far the other fits what is said here; 0: not, or nothing is known of it."""
        if self.year and other.year and self.year != other.year:
            return 0.0
        same = sum(bool(mine) and mine == its for mine, its in zip(self, other, strict=True))
        differ = any(mine and its and mine != its for mine, its in zip(self, other, strict=True))
        return same / 2 if differ else float(same)


def times(text: str) -> list[Time]:
    """Without those that another one says more exactly."""
    found = list(dict.fromkeys(_every(" ".join(fold(text).replace("_", " ").split()))))
    return [
        each for each in found if not any(each != other and each.holds(other) for other in found)
    ]


def _every(text: str) -> Iterator[Time]:
    for form in _FORMS:
        for match in list(form.finditer(text)):
            if time := _time_of(match.groupdict()):
                yield time
                text = text[: match.start()] + "#" * len(match[0]) + text[match.end() :]


def _time_of(parts: dict[str, str | None]) -> Time | None:
    """None where a word is no month."""
    month = int(parts.get("month") or 0)
    if named := parts.get("named"):
        month = months().get(named, 0)
        if not month:
            return None
    year = int(parts.get("year") or 0)
    quarter = int(parts.get("quarter") or _ORDINAL.get(parts.get("spelt") or "", 0))
    day = int(parts.get("day") or 0)
    if month > 12 or day > 31:
        return None
    return Time(year + 2000 if 0 < year < 100 else year, quarter, month, day)
