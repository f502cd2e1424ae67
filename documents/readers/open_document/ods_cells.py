"""The cells of OpenDocument sheets: as a person sees them, or what is kept in them to compute with."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from lxml import etree

from documents.readers.common.cell_figures import displayed
from documents.readers.common.hidden import hidden_name
from documents.readers.common.marked_cells import hidden_row, name_hidden
from documents.readers.common.sheets import Sheet
from documents.readers.common.spans import Cell, span, unfolded
from documents.readers.common.table_rows import CELLS, TooManyCells
from documents.readers.common.tidy import clean
from documents.readers.sheets import currencies

OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}%s"
TABLE, ROW, CELL, COLUMN, COVERED = (
    OASIS % ("table", name)
    for name in ("table", "table-row", "table-cell", "table-column", "covered-table-cell")
)
NAME, SEEN, STYLE = (OASIS % ("table", name) for name in ("name", "visibility", "style-name"))
ROWS, COLUMNS = (OASIS % ("table", f"number-{name}-repeated") for name in ("rows", "columns"))
ACROSS, DOWN = (OASIS % ("table", f"number-{name}-spanned") for name in ("columns", "rows"))
KIND, VALUE, DATE, TIME, TRUTH, MONEY, WORDS = (
    OASIS % ("office", name)
    for name in (
        *("value-type", "value", "date-value", "time-value", "boolean-value", "currency"),
        "string-value",
    )
)
COMMENT, PARAGRAPH = OASIS % ("office", "annotation"), OASIS % ("text", "p")
STYLES = (OASIS % ("style", "style"), OASIS % ("style", "table-properties"))
STYLE_NAME, SHOWN = OASIS % ("style", "name"), OASIS % ("table", "display")
SPAN = re.compile(r"(-?)PT?(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")
# What something is called by, and no amount: INV-0042, 01067, 17-34.
CALLED = re.compile(r"0\d+|\d+(?:[-/ ]\d+)+|[^\W\d_][^\W\d]*[-/#.:]?\d[\d/.-]*")
FAR = 256  # columns: a cell that is repeated further than that is paint
SEEN_ROWS = 1_000  # of a row that is repeated; all of them are computed with

Text = Callable[[etree._Element], str]


class Line(NamedTuple):
    cells: list[Cell]
    element: etree._Element
    times: int
    comments: list[str]


def kept(content: etree._Element, text: Text) -> Iterator[Sheet]:
    """Each sheet with what is kept in its cells, in full."""
    for number, sheet in enumerate(content.iterchildren(TABLE), start=1):
        rows = _repeated(_lines(sheet, lambda cell: _kept(cell, text(cell))))
        yield Sheet(number, _name(sheet), True, unfolded(rows))


def seen(content: etree._Element, text: Text) -> Iterator[Sheet]:
    """Each sheet as a person sees it, and its comments; what is hidden says so."""
    for number, sheet in enumerate(content.iterchildren(TABLE), start=1):
        yield Sheet(number, _name(sheet), False, _seen(sheet, text))


def _name(sheet: etree._Element) -> str:
    name = " ".join(clean(sheet.get(NAME, "")).split())
    return hidden_name(name) if _is_hidden(sheet) else name


def _is_hidden(sheet: etree._Element) -> bool:
    """By its style, which has a name."""
    style, properties = sheet.get(STYLE), STYLES[1]
    root = sheet.getroottree().getroot()
    return any(
        each.get(STYLE_NAME) == style and look.get(SHOWN) == "false"
        for each in (root.iter(STYLES[0]) if style else ())
        for look in each.iterchildren(properties)
    )


def _repeated(lines: Iterator[Line]) -> Iterator[list[Cell]]:
    filled = 0
    for line in lines:
        filled += sum(bool(cell.text) for cell in line.cells) * line.times
        if filled > CELLS:
            raise TooManyCells
        for _ in range(line.times):
            yield line.cells


def _seen(sheet: etree._Element, text: Text) -> Iterator[list[str]]:
    columns = _hidden_columns(sheet)
    lines = list(_lines(sheet, text))
    told = [line for line in lines for _ in range(min(line.times, SEEN_ROWS))]
    if sum(len(line.cells) for line in told) > CELLS:
        raise TooManyCells
    for line, texts in zip(told, unfolded(line.cells for line in told), strict=True):
        name_hidden(texts, columns)
        yield hidden_row(texts) if _is_out_of_sight(line.element) else texts
        yield from ([comment] for comment in line.comments)


def _hidden_columns(sheet: etree._Element) -> set[int]:
    """From 1."""
    hidden: set[int] = set()
    first = 1
    for column in sheet.iter(COLUMN):
        times = _times(column.get(COLUMNS), CELLS)
        if _is_out_of_sight(column):
            hidden.update(range(first, first + min(times, FAR)))
        first += times
    return hidden


def _is_out_of_sight(element: etree._Element) -> bool:
    return str(element.get(SEEN, "visible")) != "visible"


def _lines(sheet: etree._Element, told: Text) -> Iterator[Line]:
    filled = 0
    has_comments = next(sheet.iter(COMMENT), None) is not None
    for row in sheet.iter(ROW):
        if row.getparent() is not sheet and next(row.iterancestors(TABLE)) is not sheet:
            continue  # of a table in a cell, which is told there
        comments = list(_taken_comments(row)) if has_comments else []
        cells: list[Cell] = []
        for cell in row.iterchildren(CELL):
            made = Cell(told(cell), span(cell.get(ACROSS)), span(cell.get(DOWN)))
            cells += [made] * min(span(cell.get(COLUMNS)), FAR)
        filled += sum(bool(cell.text) for cell in cells)
        if filled > CELLS:
            raise TooManyCells
        while cells and not cells[-1].text:
            cells.pop()
        yield Line(cells, row, _times(row.get(ROWS), CELLS) if cells else 1, comments)


def _times(value: str | None, most: int) -> int:
    value = (value or "").strip()
    return min(max(int(value), 1), most) if value.isascii() and value.isdigit() else 1


def _taken_comments(row: etree._Element) -> Iterator[str]:
    """They are taken out of their cells, whose value they are no part of."""
    for comment in list(row.iter(COMMENT)):
        parts = ("".join(each.itertext()) for each in comment.iterchildren(PARAGRAPH))
        told = " ".join(" ".join(map(clean, parts)).split())
        parent = comment.getparent()
        if parent is not None and parent.tag == CELL:
            parent.remove(comment)
            if told:
                yield f"Comment: {told}"


def _kept(cell: etree._Element, shown: str) -> str:
    """`shown` is what a person sees."""
    match cell.get(KIND, ""):
        case "percentage" | "currency" | "float" as kind if (value := _number(cell)) is not None:
            return _amount(kind, value, cell, shown)
        case "date" if cell.get(DATE):
            return str(cell.get(DATE)).replace("T", " ").removesuffix(" 00:00:00")[:19]
        case "time" if found := SPAN.fullmatch(cell.get(TIME, "")):
            sign, *parts = found.groups()
            days, hours, minutes, seconds = (int(part or 0) for part in parts)
            return f"{sign}{24 * days + hours}:{minutes:02}:{seconds:02}"
        case "boolean" if cell.get(TRUTH):
            return str(cell.get(TRUTH)).upper()
        case "string":
            return str(cell.get(WORDS) or shown)
    return shown


def _number(cell: etree._Element) -> Decimal | None:
    try:
        value = Decimal(cell.get(VALUE, ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < FAR else None


def _amount(kind: str, value: Decimal, cell: etree._Element, shown: str) -> str:
    told = displayed(float(value)) if "E" in f"{value}" else f"{value}"
    if kind == "percentage":
        return f"{float(value * 100):.12g} %"
    sign = cell.get(MONEY, "") if kind == "currency" else currencies.found(shown)
    if sign or kind == "currency":
        return f"{told} {sign}".strip()
    if "%" in shown:
        return f"{told} %"
    digits = re.sub(r"\D", "", shown).lstrip("0")
    if CALLED.fullmatch(shown) and digits == f"{value:f}".lstrip("0") != "":
        return shown
    return told
