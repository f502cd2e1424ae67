"""The rows of a Word file's table, with a cell for each column of its grid."""

from collections.abc import Callable, Iterator

from docx.oxml.ns import qn
from lxml import etree

from documents.readers.common.hidden import hidden
from documents.readers.common.list_labels import count
from documents.readers.common.spans import ACROSS, Cell, repeated, span
from documents.readers.word.fields import ABOUT, CONTROL, PLACEHOLDER
from documents.readers.word.looks import is_on
from documents.readers.word.styles import child_of

TBL, TR, TC, VALUE = map(qn, ("w:tbl", "w:tr", "w:tc", "w:val"))
ROW, CELL, BEFORE = map(qn, ("w:trPr", "w:tcPr", "w:gridBefore"))
DELETED, HIDDEN, CELL_DELETED = map(qn, ("w:del", "w:hidden", "w:cellDel"))
WIDE, ACROSS_OLD, DOWN = map(qn, ("w:gridSpan", "w:hMerge", "w:vMerge"))

Told = Callable[[etree._Element], str]


def rows_of(table: etree._Element, told: Told) -> Iterator[list[Cell]]:
    """`told` gives what a cell says."""
    above: dict[int, str] = {}
    for row in table.iter(TR):
        about = child_of(row, ROW)
        if next(row.iterancestors(TBL)) is not table:
            continue  # of a table in a cell, which is told there
        if about is None:
            yield _row(row, 0, above, told)
        elif child_of(about, DELETED) is None:
            before = child_of(about, BEFORE)
            column = min(count(None if before is None else before.get(VALUE), 0), ACROSS)
            yield _row(
                row, column, above, _hidden(told) if is_on(child_of(about, HIDDEN)) else told
            )


def _row(row: etree._Element, column: int, above: dict[int, str], told: Told) -> list[Cell]:
    cells = [Cell("")] * column
    for cell in row.iter(TC):
        if next(cell.iterancestors(TR), None) is not row:
            continue
        about = child_of(cell, CELL)
        across, goes_across, goes_down = _spans(about)
        if goes_across and len(cells) > 0:
            cells[-1] = cells[-1]._replace(across=cells[-1].across + across)
        else:
            text = repeated(above.get(column, "")) if goes_down else _text(cell, about, told)
            above[column] = text
            cells.append(Cell(text, across))
        column += across
    return cells


def _spans(about: etree._Element | None) -> tuple[int, bool, bool]:
    """Over how many columns it goes; whether it goes on the cell before, or the one above."""
    if about is None:
        return 1, False, False
    wide = child_of(about, WIDE)
    goes_on = (child_of(about, name) for name in (ACROSS_OLD, DOWN))
    across, down = (
        each is not None and each.get(VALUE, "continue") == "continue" for each in goes_on
    )
    return span(None if wide is None else wide.get(VALUE)), across, down


def _text(cell: etree._Element, about: etree._Element | None, told: Told) -> str:
    if about is not None and child_of(about, CELL_DELETED) is not None:
        return ""
    around = next(cell.iterancestors(CONTROL, TR))
    if around.tag == CONTROL and is_on(around.find(f"{ABOUT}/{PLACEHOLDER}")):
        return ""
    return told(cell)


def _hidden(told: Told) -> Told:
    return lambda cell: hidden(told(cell))
