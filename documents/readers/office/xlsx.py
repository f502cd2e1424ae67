"""Excel: a sheet is a page, a row a line. Formulas are given by their last results, if any."""

import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from documents.readers.common import archive
from documents.readers.common.cell_figures import displayed
from documents.readers.common.refusal import Damaged, Refusal
from documents.readers.common.sheets import Sheet
from documents.readers.common.source import Source
from documents.readers.common.spans import spread, spread_across
from documents.readers.common.table_rows import CELLS, TooManyCells, pages_of
from documents.readers.common.tidy import clean, one_line

# The library takes numpy along where it is, which reading has no use for.
_NUMPY = sys.modules.get("numpy")
sys.modules["numpy"] = None  # type: ignore[assignment]
try:
    import openpyxl
    from openpyxl.chartsheet import Chartsheet

    from documents.readers.office import ooxml_package, xlsx_cells
finally:
    if _NUMPY:
        sys.modules["numpy"] = _NUMPY
    else:
        del sys.modules["numpy"]

BROKEN = (*archive.BROKEN, SyntaxError)  # which the parser's error is


class BinarySheets(Refusal):
    """This is a binary Excel file (.xlsb). Save it as .xlsx and upload that."""

    code = "unsupported"


def parse(file: BinaryIO) -> Source:
    book = _book(file)
    title = one_line(book.properties.title or "")
    return Source(title, len(book.sheetnames), pages_of(_sheets(book)))


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    return _sheets(_book(file))


def _book(file: BinaryIO) -> Any:
    file = ooxml_package.transitional(file, archive.UNPACKED_BYTES)
    with archive.opened(file, part_bytes=archive.UNPACKED_BYTES) as members:
        if "xl/workbook.bin" in members.namelist():
            raise BinarySheets
        try:
            return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except BROKEN as error:
            raise Damaged from error


def _sheets(book: Any) -> Iterator[Sheet]:
    """The charts among them are counted too."""
    left = [CELLS]
    for number, title in enumerate(book.sheetnames, start=1):
        yield Sheet(number, " ".join(clean(title).split()), True, _rows(book[title], left))


def _rows(sheet: Any, left: list[int]) -> Iterator[list[str]]:
    if isinstance(sheet, Chartsheet):
        return
    try:
        with sheet._get_source() as source:
            merges = xlsx_cells.merges_of(source)
        yield from spread(_texts(sheet, left), merges, left)
    except BROKEN as error:
        raise Damaged from error


def _texts(sheet: Any, left: list[int]) -> Iterator[list[str]]:
    centred = xlsx_cells.centred_styles(sheet.parent)
    for row in xlsx_cells.rows_of(sheet):
        left[0] -= len(row)
        if left[0] < 0:
            raise TooManyCells
        texts = [
            "" if cell is None else displayed(cell.value, cell.number_format or "") for cell in row
        ]
        across = [cell is not None and cell._style_id in centred for cell in row] if centred else []
        yield spread_across(texts, across) if centred else texts
