"""Excel: a sheet is a page, a row a line. Formulas are given by their last results, if any."""

import re
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, BinaryIO

from documents.readers import Page, archive
from documents.readers.refusal import Damaged, Empty, Refusal
from documents.readers.rows import CELLS, TooManyCells, page_of
from documents.readers.sheets import Sheet
from documents.readers.source import Source
from documents.readers.spans import unfolded
from documents.readers.tidy import clean

# The library takes numpy along where it is, which reading has no use for.
_NUMPY = sys.modules.get("numpy")
sys.modules["numpy"] = None  # type: ignore[assignment]
try:
    import openpyxl
    from openpyxl.chartsheet import Chartsheet

    from documents.readers import workbook
finally:
    if _NUMPY:
        sys.modules["numpy"] = _NUMPY
    else:
        del sys.modules["numpy"]

ZEROS = re.compile("0{2,20}")
WRITTEN_OUT = 1e21
BROKEN = (*archive.BROKEN, SyntaxError)  # which the parser's error is


class BinarySheets(Refusal):
    """This is a binary Excel file (.xlsb). Save it as .xlsx and upload that."""

    code = "unsupported"


def read(file: BinaryIO) -> Source:
    book = _book(file)
    title = " ".join(clean(book.properties.title or "").split())[:300]
    return Source(title, len(book.sheetnames), _pages(book))


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    book, left = _book(file), [CELLS]
    for number, sheet in _numbered(book):
        name = " ".join(clean(sheet.title).split())
        yield Sheet(number, name, True, _rows(sheet, left))


def _book(file: BinaryIO) -> Any:
    with archive.opened(file, part_bytes=archive.UNPACKED_BYTES) as members:
        if "xl/workbook.bin" in members.namelist():
            raise BinarySheets
        try:
            return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except BROKEN as error:
            raise Damaged from error


def _numbered(book: Any) -> Iterator[tuple[int, Any]]:
    """The charts among the sheets are counted too."""
    return enumerate((book[name] for name in book.sheetnames), start=1)


def _pages(book: Any) -> Iterator[Page]:
    left = [CELLS]
    seen = False
    for number, sheet in _numbered(book):
        name = " ".join(clean(sheet.title).split())
        page = Page(number, *page_of(name, _rows(sheet, left)))
        seen = seen or bool(page.text)
        yield page
    if not seen:
        raise Empty


def _rows(sheet: Any, left: list[int]) -> Iterator[list[str]]:
    if isinstance(sheet, Chartsheet):
        return
    try:
        with sheet._get_source() as source:
            merges = workbook.merges_of(source)
        rows = _texts(sheet, left)
        if not merges:
            yield from rows
            return
        for row in unfolded(workbook.uncovered(rows, merges)):
            left[0] -= sum(map(bool, row))  # a merged cell can be told in very many
            yield row
    except BROKEN as error:
        raise Damaged from error


def _texts(sheet: Any, left: list[int]) -> Iterator[list[str]]:
    for row in workbook.rows_of(sheet):
        left[0] -= len(row)
        if left[0] < 0:
            raise TooManyCells
        yield ["" if cell is None else _shown(cell.value, cell) for cell in row]


def _shown(value: object, cell: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return (
        _number(value, cell.number_format or "") if isinstance(value, int | float) else str(value)
    )


def _number(value: float, shown: str) -> str:
    if "%" in shown:
        return f"{value * 100:.12g} %"
    if ZEROS.fullmatch(shown) and float(value).is_integer():
        return f"{int(value):0{len(shown)}}"  # as of postal codes
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return f"{Decimal(text):f}" if "e" in text and WRITTEN_OUT > abs(value) > 1 else text
