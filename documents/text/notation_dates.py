"""Dates in the form 20260305, whatever their order and language."""

import re
from collections.abc import Iterable, Iterator

from documents.text.month_names import numbered

_RECENT = 69  # years of two digits from which on they are of the former century
_DIGITS = re.compile("[0-9]+")
_NAME = re.compile(r"[^\W\d_]{3,14}")
_BEFORE = 24  # characters before a day, in which its month's name stands
_NAME_BEFORE = re.compile(r"([^\W\d_]{3,14})\.?[\s-](?:the )?$")
# Without the century: in other words the second number is hardly ever a year's.
_SHORT = re.compile(r"[0-9]+(?:-[^\W\d_]+-[0-9]+|\.? [^\W\d_]+\.? '[0-9]+| [A-Z][a-z]{2} [0-9]+)")
_AROUND = 600  # characters
_DAY_AHEAD = re.compile(r"(?<![0-9/-])(?:1[3-9]|2[0-9]|3[01])([/-])(?:0?[1-9]|1[0-2])\1[0-9]{2}")
_MONTH_AHEAD = re.compile(r"(?<![0-9/-])(?:0?[1-9]|1[0-2])([/-])(?:1[3-9]|2[0-9]|3[01])\1[0-9]{2}")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def year_first(text: str, start: int, end: int) -> tuple[str, ...]:
    year, month, day = _numbers(text[start:end])
    return (*_dates(year, [(month, day)]),)


def in_blanks(text: str, start: int, end: int) -> tuple[str, ...]:
    """2026 03 05 and 05 03 2026."""
    one, month, other = _numbers(text[start:end])
    year, day = (one, other) if one > other else (other, one)
    return (*_dates(year, [(month, day)]),)


def year_last(text: str, start: int, end: int) -> tuple[str, ...]:
    """05.03.2026; 5/3/26 may be of March or of May, and 2.4.10 a version."""
    written = text[start:end]
    one, two, year = _numbers(written)
    orders = [(two, one), (one, two)]
    if "." in written:  # the day comes first, unless it cannot
        orders = orders[:1] if two <= 12 else orders[1:]
    elif max(one, two) <= 12:  # what others around it say, if they are of one mind
        around = (text, max(0, start - _AROUND), end + _AROUND)
        sure = [bool(pattern.search(*around)) for pattern in (_DAY_AHEAD, _MONTH_AHEAD)]
        orders = [order for order, is_so in zip(orders, sure, strict=True) if is_so] or orders
    if written[-3].isdigit():
        return (*_dates(year, orders),)
    version = [written] if re.fullmatch(r"[\d.]+", written) else []
    return (*_dates(_full(year), orders), *version)


def day_second(text: str, start: int, end: int) -> tuple[str, ...]:
    """March 5th, 2026."""
    before = _NAME_BEFORE.search(text, max(0, start - _BEFORE), start)
    if not before:
        return ()
    day, year = _numbers(text[start:end])
    return (*_dates(year, [(numbered(before[1]), day)]),)


def named_at(text: str, start: int) -> int:
    """Where the month before a day begins."""
    before = _NAME_BEFORE.search(text, max(0, start - _BEFORE), start)
    return before.start() if before else start


def day_first(text: str, start: int, end: int) -> tuple[str, ...]:
    """5. März 2026, 5-Mar-26."""
    written = text[start:end]
    day, year = _numbers(written)
    if year < 100 and not _SHORT.fullmatch(written):
        return ()
    return (*_dates(year if year > 99 else _full(year), [(_named(written), day)]),)


def named_second(text: str, start: int, end: int) -> tuple[str, ...]:
    """2026. március 5."""
    written = text[start:end]
    year, day = _numbers(written)
    return (*_dates(year, [(_named(written), day)]),)


def _numbers(written: str) -> list[int]:
    return [int(number) for number in _DIGITS.findall(written)]


def _named(written: str) -> int:
    """The number of the month that is named there; 0 where none is."""
    return next(filter(None, map(numbered, _NAME.findall(written))), 0)


def _full(year: int) -> int:
    return year + (1900 if year >= _RECENT else 2000)


def _dates(year: int, orders: Iterable[tuple[int, int]]) -> Iterator[str]:
    for month, day in dict.fromkeys(orders):
        if 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]:
            yield f"{year}{month:02}{day:02}"
