"""Which period each column of a table is of, as its head says it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from chat.grounding import numbers_dates
from documents.text import periods
from documents.text.month_names import months

_YEAR = re.compile(r"(?<![\w.,])(?:19|20)\d\d(?![\w%]|[.,]\d)")
_LENGTHS = (
    (3, r"three[ -]months?|quarter|[QT][1-4]|13 weeks|quartal|drei monate"),
    (6, r"six[ -]months?|half[ -]year|26 weeks|halbjahr|sechs monate"),
    (9, r"nine[ -]months?|39 weeks|neun monate"),
    (
        12,
        r"twelve[ -]months?|(?:fiscal |financial )?years? ended|52 weeks|geschäftsjahr|zwölf monate",
    ),
)
_LENGTH = [(length, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for length, words in _LENGTHS]
_QUARTER = re.compile(
    r"\b(?:Q(?P<q>[1-4])|(?P<n>[1-4])Q|(?P<w>first|second|third|fourth) (?:fiscal )?quarter"
    r"|(?P<d>[1-4])\. Quartal)\b",
    re.IGNORECASE,
)
_ORDER = ("first", "second", "third", "fourth")


class Period(NamedTuple):
    """As far as it is said; 0 for what is not."""

    year: int = 0
    month: int = 0  # in which it ends
    day: int = 0
    quarter: int = 0
    length: int = 0  # months


def quarter_of(text: str) -> int:
    found = _QUARTER.search(text)
    if not found:
        return 0
    if found["w"]:
        return _ORDER.index(found["w"].lower()) + 1
    return int(found["q"] or found["n"] or found["d"])


def length_of(text: str) -> int:
    """Months, where the text names one length alone."""
    found = {length for length, pattern in _LENGTH if pattern.search(text)}
    return found.pop() if len(found) == 1 else 0


def lengths_of(text: str) -> list[int]:
    """All that are named, in their order."""
    found = [(match.start(), length) for length, each in _LENGTH for match in each.finditer(text)]
    return [length for _, length in sorted(found)]


def years_of(text: str) -> list[int]:
    found = [*map(int, _YEAR.findall(text)), *periods.years(text)]
    return list(dict.fromkeys(found))


def period_of(text: str) -> Period:
    """Of a column's head. With two years in it there is no telling which is meant."""
    years = years_of(text)
    dates, _ = numbers_dates.dates(text)
    date = dates[0] if len(dates) == 1 else None
    month = date.month if date else _month(text)
    return Period(
        years[0] if len(years) == 1 else 0,
        month,
        (date.day or 0) if date else 0,
        quarter_of(text),
        length_of(text),
    )


def _month(text: str) -> int:
    words = re.findall(r"[^\W\d_]{3,}", text.lower())
    found = {months()[word] for word in words if word in months()}
    return found.pop() if len(found) == 1 else 0


def periods_of(heads: Sequence[str], around: Sequence[str]) -> list[Period]:
    """Of all columns. What stands over several of them stands with the first one.

    `around`: the cell above the labels, and the lines above the table.
    """
    found: list[Period] = []
    for head in heads:
        period, before = period_of(head), found[-1] if found else Period()
        if not period.year and head and before.year:
            period = period._replace(year=before.year, month=before.month, day=before.day)
        if not period.length and before.length:
            period = period._replace(length=before.length)
        found.append(period)
    return _from_above(_shared(found), around)


def _shared(found: list[Period]) -> list[Period]:
    """With the one quarter and the one length that stand anywhere over them."""
    quarters, lengths = {each.quarter for each in found}, {each.length for each in found}
    quarter = max(quarters) if len(quarters - {0}) == 1 else 0
    length = max(lengths) if len(lengths - {0}) == 1 else 0
    return [
        each._replace(quarter=each.quarter or quarter, length=each.length or length)
        for each in found
    ]


def _from_above(found: list[Period], around: Sequence[str]) -> list[Period]:
    """With the month, the length and, of equal blocks, the period that stands above."""
    for line in around:
        dates, _ = numbers_dates.dates(line)
        dated = [date for date in dates if date.year]
        if len(dated) > 1 and len(found) % len(dated) == 0 and not any(p.year for p in found):
            block, of = len(found) // len(dated), length_of(line)
            found = [
                Period(dated[n // block].year or 0, dated[n // block].month, 0, 0, of)
                for n in range(len(found))
            ]
        named = lengths_of(line)
        if len(named) > 1 and len(found) % len(named) == 0 and not any(p.length for p in found):
            block = len(found) // len(named)
            found = [each._replace(length=named[n // block]) for n, each in enumerate(found)]
    lengths = {length_of(line) for line in around} - {0}
    length = lengths.pop() if len(lengths) == 1 else 0
    month = next((month for month in map(_month, around[:1]) if month), 0)
    return [
        each._replace(length=each.length or length, month=each.month or month) for each in found
    ]
