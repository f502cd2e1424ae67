"""Excel 97 to 2003, and what came before: a sheet is a page, a row a line, as in `xlsx`."""

import io
import struct
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import olefile
import xlrd
from xlrd.biffh import XLRDError
from xlrd.formula import FormulaError

from documents.readers.common.cell_figures import displayed, kept
from documents.readers.common.hidden import hidden_name
from documents.readers.common.marked_cells import hidden_row, linked, name_hidden
from documents.readers.common.refusal import Damaged, Locked
from documents.readers.common.sheets import Sheet
from documents.readers.common.source import Source
from documents.readers.common.spans import ACROSS, DOWN, MERGES, Merges, spread, spread_across
from documents.readers.common.table_rows import CELLS, TooManyCells, pages_of
from documents.readers.common.tidy import clean
from documents.readers.old_office import properties
from documents.readers.sheets.number_formats import CLOCK

STREAMS = ("Workbook", "Book")
CENTRED = 6  # across the empty cells beside it
NOTES = 5_000  # of a sheet
EMPTY_AUTHOR = slice(8, 10)  # of a comment: its length
Figure = Callable[[object, str], str]
Look = Callable[[Any, Any, list[int]], Iterator[list[str]]]
ELAPSED = ("[h", "[m", "[s")  # in the formats of hours that go beyond a day
# What the library comes upon in bytes that are not what they should be.
BROKEN = (
    XLRDError,
    FormulaError,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RecursionError,
    TypeError,
    ValueError,
)


class _Sheet(xlrd.sheet.Sheet):  # type: ignore[misc]
    def handle_note(self, data: bytes, txos: Any) -> None:
        """The library refuses the whole book where the author of a comment has no letters."""
        if self.biff_version >= 80 and data[EMPTY_AUTHOR] == b"\0\0":
            data = data[: EMPTY_AUTHOR.stop]
        super().handle_note(data, txos)


xlrd.sheet.Sheet = _Sheet  # type: ignore[misc]


def is_one(box: olefile.OleFileIO) -> bool:
    return any(box.exists(name) for name in STREAMS)


def parse(box: olefile.OleFileIO) -> Source:
    return bare(_stream(box), properties.title(box))


def sheets(box: olefile.OleFileIO) -> Iterator[Sheet]:
    return bare_sheets(_stream(box))


def bare(data: bytes, title: str = "") -> Source:
    """Of a workbook that is in no container, as Excel saved them up to 4."""
    book = _book(data)
    return Source(title, book.nsheets, pages_of(_sheets(book, _seen)))


def bare_sheets(data: bytes) -> Iterator[Sheet]:
    return _sheets(_book(data), partial(_texts, figure=kept))


def _stream(box: olefile.OleFileIO) -> bytes:
    data: bytes = box.openstream(next(name for name in STREAMS if box.exists(name))).read()
    return data


def _book(data: bytes) -> Any:
    try:
        return xlrd.open_workbook(
            file_contents=data,
            logfile=io.StringIO(),
            formatting_info=True,
            on_demand=True,
            ragged_rows=True,
        )
    except BROKEN as error:
        raise (Locked if "encrypted" in str(error) else Damaged) from error


def _sheets(book: Any, look: Look) -> Iterator[Sheet]:
    left = [CELLS]
    for number, told in enumerate(book.sheet_names(), start=1):
        name = " ".join(clean(told).split())
        name = hidden_name(name) if book._sheet_visibility[number - 1] else name
        yield Sheet(number, name, True, _rows(book, number - 1, left, look))


def _rows(book: Any, number: int, left: list[int], look: Look) -> Iterator[list[str]]:
    try:
        sheet = book.sheet_by_index(number)
        notes = _notes(sheet) if look is _seen else {}
        rows = spread(look(book, sheet, left), _merges(sheet), left)
        for place, texts in enumerate(rows):
            yield texts
            yield from ([line] for line in notes.get(place, ()))
        book.unload_sheet(number)
    except BROKEN as error:
        raise Damaged from error


def _notes(sheet: Any) -> dict[int, list[str]]:
    """The comments on its cells, by their row (from 0)."""
    notes: dict[int, list[str]] = {}
    for (row, column), note in list(sheet.cell_note_map.items())[:NOTES]:
        told = " ".join(clean(str(note.text)).split())
        if told:
            place = f"{xlrd.colname(column)}{row + 1}"
            notes.setdefault(row, []).append(f"Comment on {place}: {told}")
    return notes


def _seen(book: Any, sheet: Any, left: list[int]) -> Iterator[list[str]]:
    """As a person sees it; what is hidden says so."""
    columns = {place + 1 for place, look in sheet.colinfo_map.items() if look.hidden}
    links = {
        (each.frowx, each.fcolx): each.url_or_path
        for each in sheet.hyperlink_list[:NOTES]
        if isinstance(each.url_or_path, str) and "://" in each.url_or_path
    }
    for row, texts in enumerate(_texts(book, sheet, left, displayed)):
        for column in range(len(texts)) if links else ():
            texts[column] = linked(texts[column], links.get((row, column)))
        name_hidden(texts, columns)
        look = sheet.rowinfo_map.get(row)
        yield hidden_row(texts) if look and look.hidden else texts


def _merges(sheet: Any) -> Merges:
    return {
        (top + 1, first + 1): (min(end - first, ACROSS), min(bottom - top, DOWN))
        for top, bottom, first, end in sheet.merged_cells[:MERGES]
    }


def _texts(book: Any, sheet: Any, left: list[int], figure: Figure) -> Iterator[list[str]]:
    centred = {
        place for place, look in enumerate(book.xf_list) if look.alignment.hor_align == CENTRED
    }
    for row in range(sheet.nrows):
        cells = sheet.row(row)
        left[0] -= len(cells)
        if left[0] < 0:
            raise TooManyCells
        texts = [_cell_text(book, cell, figure) for cell in cells]
        yield (
            spread_across(texts, [cell.xf_index in centred for cell in cells]) if centred else texts
        )


def _cell_text(book: Any, cell: Any, figure: Figure) -> str:
    match cell.ctype:
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_TEXT:
            return figure(cell.value, _format(book, cell))
        case xlrd.XL_CELL_DATE:
            return figure(_moment(book, cell), "")
        case xlrd.XL_CELL_BOOLEAN:
            return figure(bool(cell.value), "")
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, ""))
    return str(cell.value)


def _moment(book: Any, cell: Any) -> object:
    """A day, a time of day, hours; the number itself where it is none of these."""
    days, form = cell.value, _format(book, cell)
    try:
        if form.lower().startswith(ELAPSED) or (days < 0 and CLOCK.fullmatch(form)):
            return timedelta(days=days)
        moment = xlrd.xldate.xldate_as_datetime(days, book.datemode)
    except (ArithmeticError, ValueError):
        return days
    return days if days < 0 else moment.time() if days < 1 else moment


def _format(book: Any, cell: Any) -> str:
    try:
        return str(book.format_map[book.xf_list[cell.xf_index].format_key].format_str)
    except (LookupError, TypeError):
        return ""
