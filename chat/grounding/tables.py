"""In what scale a passage gives its figures, and under which years those of its tables stand."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chat.grounding import numbers_dates
from chat.grounding.numbers_dates import SCALES, Number
from documents.text import periods
from documents.text.month_names import months

PROSE = 70  # characters of a line, from which on it interrupts a table
LATE = 6  # months, until which a year may have the name of the one before

_WORD = r"(?P<{0}>thousand|million|billion|tausend|tsd|millionen|mio|milliarden|mrd)s?\b\.?"
_STATED = re.compile(
    rf"\bin\s+(?:(?:[A-Z]{{2,3}}|US)?[$€£¥]?\s?){_WORD.format('a')}"
    rf"|\(\s*(?:US|[A-Z]{{3}}\s)?[$€£¥]?\s?{_WORD.format('b')}[^()\n]{{0,80}}\)"
    rf"|(?<![\d.,]\s)(?<![\d.,])\b(?:[$€£¥]|EUR|USD|GBP|CHF)\s?{_WORD.format('c')}"
    r"|(?<![\d.,]\s)(?<![\d.,])\b(?P<d>mio|mrd|tsd)\b\.?\s?(?:EUR|€|Euro|CHF|USD)"
    r"|\b(?P<e>[TkK](?:EUR|€|CHF|USD))(?!\w)",
    re.IGNORECASE,
)
_UNSCALED = re.compile(
    r"\b(?:per|pro|je|shares?|aktien?|employees|headcount|number|anzahl|average|ratio|rate|days"
    r"|stores|mitarbeiter\w*)\b|%",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\w.,])(?:19|20)\d\d(?![\w%]|[.,]\d)")
_FIGURE = re.compile(r"\(?(?:US)?[$€£¥]?\(?\d(?:[\d.,]*\d)?%?\)?|[-\u2013\u2014]")
_SIGN = re.compile(r"[$€£¥%)]")
_TOKEN = re.compile(r"\S+")

Years = frozenset[int]
NO_YEARS: Years = frozenset()


class Figure(NamedTuple):
    number: Number
    years: Years  # of its column or row; none where that cannot be told for sure
    scales: tuple[float, ...]  # that the passage states for it, 1 where it may have none; else none


class _Column(NamedTuple):
    start: int  # characters of the text
    end: int
    years: Years


class _Line(NamedTuple):
    columns: Sequence[_Column]
    scales: tuple[float, ...]


def figures(text: str) -> list[Figure]:
    """All numbers of a passage with what its table says of them."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    read = list(_lines(lines, starts))
    _, undated = numbers_dates.dates(text)
    found = []
    for number in dict.fromkeys([*numbers_dates.numbers(undated), *numbers_dates.numbers(text)]):
        at = number.start + _margin(number)
        columns, scales = read[bisect_right(starts, at) - 1]
        of = (column.years for column in columns if column.start <= at < column.end)
        found.append(Figure(number, next(of, NO_YEARS), scales))
    return found


def _margin(number: Number) -> int:
    """What stands before its digits may be in the line above."""
    return next((at for at, letter in enumerate(number.raw) if letter.isdigit()), 0)


def _lines(lines: Sequence[str], starts: Sequence[int]) -> Iterator[_Line]:
    head: Sequence[Years] = ()
    stated: tuple[float, ...] = ()
    is_late, before = False, ""
    for line, start in zip(lines, starts, strict=False):
        is_row, own = _is_row(line), scales_stated(line)
        named = _head(line, before)
        if named is not None:
            head = named
        elif not is_row and _is_prose(line):
            head, is_late = (), True
        if own and not is_row:
            first = line.strip().strip("|").split("|")[0]
            stated, is_late = own, not (named is None or "|" not in line or scales_stated(first))
        columns = list(_columns(line, start, head)) if named is None else []
        sure = is_row and not _is_prose(line) and (bool(own) or not is_late)
        yield _Line(columns, _scales(line, own or stated, sure=sure))
        before = line


def _scales(line: str, stated: tuple[float, ...], *, sure: bool) -> tuple[float, ...]:
    """Without a table, or of what is counted and no money, a figure may be given whole."""
    if not stated or (sure and not _UNSCALED.search(line)):
        return stated
    return (1.0, *stated)


def scales_stated(line: str) -> tuple[float, ...]:
    found = (match[match.lastgroup or 0].lower() for match in _STATED.finditer(line))
    return tuple(dict.fromkeys(SCALES.get(word, 1e3) for word in found))


def _is_prose(line: str) -> bool:
    is_table = "|" in line or len(_trailing(line)) > 1
    return not is_table and (len(line) > PROSE or line.rstrip().endswith((".", ";")))


def _is_row(line: str) -> bool:
    """Whether figures stand in its cells or at its end, other than years."""
    _, undated = numbers_dates.dates(line)
    if "|" in line:
        return any(_FIGURE.search(_YEAR.sub("", cell)) for cell in undated.split("|")[1:])
    return any(not _YEAR.fullmatch(each[0]) for each in _trailing(undated))


def _trailing(line: str) -> list[re.Match[str]]:
    """The figures at the end of a line, which has words before them."""
    found: list[re.Match[str]] = []
    for token in reversed(list(_TOKEN.finditer(line))):
        if _FIGURE.fullmatch(token[0]):
            found.append(token)
        elif not _SIGN.fullmatch(token[0]):
            return found[::-1]
    return []


def _head(line: str, before: str) -> Sequence[Years] | None:
    """The years of each column, when the line names the columns; none when by something else."""
    if "|" in line:
        cells = _cells(line)[1:]
        dated = [_years_of(cell, before) for cell in cells]
        if any(_FIGURE.search(_undated(cell)) for cell in cells):
            return None
        if sum(map(bool, dated)) > 1 or (len(cells) == 1 and dated[0]):
            return [NO_YEARS, *dated]
        is_words = cells and all(re.search(r"[^\W\d_]", cell) for cell in cells)
        return () if is_words else None
    years = list(_YEAR.finditer(line))
    if len(years) < 2 or len(line) > 2 * PROSE or _FIGURE.search(_undated(line)):
        return None
    if line.rstrip().endswith((".", ";")):
        return None
    near = [
        line[(years[at - 1].end() if at else 0) : match.end()] for at, match in enumerate(years)
    ]
    others = re.search(r"[^\W\d_]", line[years[-1].end() :])
    return [*(_years_of(each, before) for each in near), *([NO_YEARS] if others else [])]


def _undated(text: str) -> str:
    """Without dates, years and periods, and the marks of notes and dashes of no figure."""
    _, rest = numbers_dates.dates(text)
    rest = re.sub(r"\b[^\W\d_]{3,}\.?\s\d{1,2},", "", rest)  # “December 31,” above its year
    return re.sub(r"[-\u2013\u2014]", "", _YEAR.sub("", periods.without(rest)))


def _years_of(cell: str, before: str) -> Years:
    """One year; of one that ends early in it the year before too, whose name it may have."""
    years = {int(each) for each in _YEAR.findall(cell)} | set(periods.years(cell))
    if len(years) != 1:
        return NO_YEARS
    (year,) = years
    words = re.findall(r"[^\W\d_]{3,}", f"{cell} {before if '|' not in before else ''}".lower())
    early = any(months().get(word, LATE + 1) <= LATE for word in words)
    return frozenset({year, year - 1} if early else {year})


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removesuffix("|").split("|")]


def _columns(line: str, start: int, head: Sequence[Years]) -> Iterator[_Column]:
    if "|" in line:
        yield from _of_cells(line, start, head)
        return
    first, *rest = line.split() or [""]
    if not head and rest and _YEAR.fullmatch(first) and all(map(_FIGURE.fullmatch, rest)):
        yield _Column(start, start + len(line), frozenset({int(first)}))
        return
    found = _trailing(line)
    years = [each for each in head if each]
    has_more = len(head) > len(years)
    if years and (len(found) == len(years) or (has_more and len(found) > len(years))):
        for token, each in zip(found, years, strict=False):
            yield _Column(start + token.start(), start + token.end(), each)


def _of_cells(line: str, start: int, head: Sequence[Years]) -> Iterator[_Column]:
    cells = _cells(line)
    first = _YEAR.fullmatch(cells[0])
    if not any(head) and first:
        yield _Column(start, start + len(line), frozenset({int(first[0])}))
    if len(cells) != len(head):
        return
    at = start + len(line) - len(line.lstrip())
    for cell, years in zip(line.strip().split("|"), head, strict=False):
        yield _Column(at, at + len(cell), years)
        at += len(cell) + 1
