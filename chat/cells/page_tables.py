"""The rows of the tables of a page, each cell with what its column is called and stands for."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from chat.cells.columns import Period, periods_of, years_of
from chat.grounding import numbers_dates, tables
from documents.tables import values
from documents.text import periods, words

LONGEST_LABEL = 160  # characters
ABOVE = 4  # lines that are looked at above a table
SHORT = 70  # characters of a line that may name the rows below it

_FIGURE = re.compile(r"\(?[$€£¥]?\s?\(?-?\d(?:[\d.,'\u2019]*\d)?\)?\s?%?\)?")
_MISSING = re.compile(r"[-\u2013\u2014]+\s?%?|[-\u2013\u2014]?")
_CURRENCY = re.compile(r"[$€£¥]|\b(?:USD|EUR|GBP|CHF)\b|\bdollars\b", re.IGNORECASE)
_UNIT = re.compile(r"units?|einheit(?:en)?|unité|unidad", re.IGNORECASE)
_POINT = {"english", "chinese", "japanese", "korean", "hindi", "thai"}  # who write 1.5
_RULE = re.compile(r"[\s|:+-]+")
_ENDED = re.compile(r"[.!?;。][\"'”’)\]]*$")  # noqa: RUF001
_BRACKETS = re.compile(r"\([^()]*\)")
_BARE = re.compile(  # figures that are no money, or by the piece
    r"\b(?:per|pro|je|shares outstanding|aktien?|eps|employees|headcount|number of|anzahl|ratio"
    r"|rate$|days|stores)\b|%",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")


class Cell(NamedTuple):
    raw: str
    value: Decimal  # as it stands, without the table's scale
    head: str
    period: Period
    unit: str  # % or what the column of units says


class Row(NamedTuple):
    label: str
    group: str  # the line that names this row and the next ones
    cells: tuple[Cell, ...]  # those with a figure
    start: int  # characters of the page
    end: int
    scale: float
    currency: str
    above: str  # the lines above the table and the head of its labels


class _Head(NamedTuple):
    line: str
    names: list[str]  # of the columns with figures
    periods: list[Period]
    above: str


def rows(text: str) -> list[Row]:
    reader, found, at = _Reader(_mark(text)), [], 0
    for line in text.split("\n"):
        if row := reader.row(line, at):
            found.append(row)
        at += len(line) + 1
    signs = {row.currency for row in found} - {""}
    sign = signs.pop() if len(signs) == 1 else ""
    return [_with_sign(row, sign) for row in found]


def _mark(text: str) -> str:
    """The decimal mark; by the language where `1.204` might be read in two ways."""
    figures = [_digits(each[0]) for each in _FIGURE.finditer(text)]
    return values.usual_mark([figures]) or ("." if words.language(text) in _POINT else ",")


def _with_sign(row: Row, sign: str) -> Row:
    is_money = row.scale > 1 or row.currency
    named = _BRACKETS.sub("", f"{row.label} {row.group}" if row.group.isascii() else row.label)
    if _BARE.search(named.strip()) or all(cell.unit == "%" for cell in row.cells):
        return row._replace(scale=1.0, currency=row.currency)
    return row._replace(currency=sign) if is_money else row


def _digits(raw: str) -> str:
    return re.sub(r"[\s$€£¥%()]", "", raw)


class _Reader:
    """Line by line, with what the lines before have said."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.head: _Head | None = None
        self.above: list[str] = []
        self.group, self.last, self.scale = "", "", 1.0

    def row(self, line: str, start: int) -> Row | None:
        bare = line.strip()
        if not bare or _RULE.fullmatch(bare):
            return None
        if stated := tables.scales_stated(bare):
            self.scale = stated[0]
        label, cells = _split(bare, self.head)
        if head := _head_of(bare, label, cells, self.head, self.above):
            self._begin(head)
            return None
        found = _cells(cells, self.head, self.mark) if cells else ()
        if not found:
            self._pass(bare, is_stated=bool(stated))
            return None
        return self._made(label, cells, found, start, start + len(line))

    def _begin(self, head: _Head) -> None:
        if self.head is None or head.line != self.head.line:
            self.group = ""
        self.head, self.last = head, ""

    def _pass(self, bare: str, *, is_stated: bool) -> None:
        """A line without figures: prose ends a table, another one names what stands below it."""
        if _ENDED.search(bare) and len(bare) > SHORT:
            self.head, self.group = None, ""
            self.scale = self.scale if is_stated else 1.0
        elif "|" not in bare:
            self.group = bare
        self.above, self.last = [*self.above, bare][-ABOVE:], bare

    def _made(
        self, label: str, cells: Sequence[str], found: tuple[Cell, ...], start: int, end: int
    ) -> Row | None:
        if label[:1].islower() and self.last:
            label = f"{self.last} {label}"
        if self.head is None:
            names = [""] * len(cells)
            self.head = _Head("", names, [Period()] * len(cells), "\n".join(self.above))
        head, scale = self.head, self.scale
        self.above, self.last = [], ""
        if not label or len(label) > LONGEST_LABEL:
            return None
        sign = _CURRENCY.search(f"{' '.join(cells)} {head.line} {head.above}")
        currency = _sign(sign[0]) if sign else ""
        return Row(label, self.group, found, start, end, scale, currency, head.above)


def _sign(found: str) -> str:
    return "$" if found.lower() in {"dollars", "usd"} else found


def _split(line: str, head: _Head | None) -> tuple[str, list[str]]:
    """The label and the cells of a line, which may be no row at all."""
    if "|" in line:
        bare = line.removesuffix("|")
        if bare != line:
            bare = bare.removeprefix("|")
        label, *cells = (cell.strip() for cell in bare.split("|"))
        return label, cells
    tokens = re.sub(r"([$€£¥])\s+(?=[\d(])", r"\1", line)
    tokens = re.sub(r"(?<=[\d)\u2013\u2014-])\s+%", "%", tokens)
    split = tokens.split()
    figures: list[str] = []
    while split and (_FIGURE.fullmatch(split[-1]) or split[-1] in {"-", "\u2013", "\u2014"}):
        figures.insert(0, split.pop())
    columns = len(head.names) if head else 0
    is_row = len(figures) > 1 and len(figures) == columns and split
    return (" ".join(split), figures) if is_row else (line, [])


def _head_of(
    line: str, label: str, cells: Sequence[str], head: _Head | None, above: Sequence[str]
) -> _Head | None:
    if not cells:
        names = _dates_of(line)
        if len(names) < 2:
            return None
        return _Head(line, names, periods_of(names, above[::-1]), "\n".join(above))
    if head and line == head.line:
        return head
    if any(map(_is_figure, cells)) or any(re.search(r"\d", _undated(cell)) for cell in cells):
        return None
    dated = sum(bool(years_of(cell)) for cell in cells)
    is_first = head is None or "|" not in head.line or len(cells) != len(head.names)
    if not (dated or (is_first and all(cells))):
        return None
    around = [label, *above[::-1]]
    return _Head(line, list(cells), periods_of(cells, around), "\n".join([*above, label]))


def _is_figure(cell: str) -> bool:
    return _FIGURE.fullmatch(cell) is not None and not _YEAR.fullmatch(cell)


def _dates_of(line: str) -> list[str]:
    """The columns of a line that has nothing but their dates or years."""
    if len(_YEAR.findall(line)) < 2 or len(line) > 2 * SHORT:
        return []
    dates, rest = numbers_dates.dates(line)
    if len(dates) > 1 and not re.search(
        r"\w", re.sub(r"^[^\W\d_]+(?: [^\W\d_]+)*", "", rest.strip())
    ):
        return [date.raw for date in dates]
    years = line.split()
    is_years = len(years) > 1 and all(
        re.fullmatch(r"(?:FY\s?)?(?:19|20)\d\d", each) for each in years
    )
    return years if is_years else []


def _undated(text: str) -> str:
    _, rest = numbers_dates.dates(text)
    rest = periods.without(rest)
    rest = re.sub(r"\b[^\W\d_]{3,}\.?\s\d{1,2}(?!\d),?", "", rest)  # “December 31,” above its year
    return re.sub(r"\b(?:19|20)\d\d\b|\(\w{1,2}\)|^\d{1,2},", "", rest)


def _cells(cells: Sequence[str], head: _Head | None, mark: str) -> tuple[Cell, ...]:
    is_under = head is not None and len(head.names) == len(cells)
    names = head.names if head and is_under else [""] * len(cells)
    dated = head.periods if head and is_under else [Period()] * len(cells)
    unit = next(
        (cell for cell, name in zip(cells, names, strict=True) if _UNIT.fullmatch(name)), ""
    )
    read = [_cell(*each, unit, mark) for each in zip(cells, names, dated, strict=True)]
    return tuple(cell for cell in read if cell)


def _cell(raw: str, head: str, period: Period, unit: str, mark: str) -> Cell | None:
    raw = raw.removesuffix("$").strip()
    if _MISSING.fullmatch(raw) or not _FIGURE.fullmatch(raw):
        return None
    value = values.number(_digits(raw).lstrip("-"), mark)
    if value is None:
        return None
    negative = "(" in raw or "-" in raw
    return Cell(raw, -value if negative else value, head, period, "%" if "%" in raw else unit)
