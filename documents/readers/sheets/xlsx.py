"""Excel: a sheet is a page, a row a line. Formulas are given by their last results, if any."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from documents.readers.common import archive
from documents.readers.common.cell_figures import displayed, kept
from documents.readers.common.hidden import hidden_name
from documents.readers.common.marked_cells import hidden_row, linked, name_hidden
from documents.readers.common.refusal import Damaged, Refusal
from documents.readers.common.sheets import Sheet
from documents.readers.common.source import Source
from documents.readers.common.spans import Merges, spread, spread_across
from documents.readers.common.table_rows import CELLS, TooManyCells, pages_of
from documents.readers.common.tidy import clean, one_line

# The library takes numpy along where it is, which reading has no use for.
_NUMPY = sys.modules.get("numpy")
sys.modules["numpy"] = None  # type: ignore[assignment]
try:
    from openpyxl.chartsheet import Chartsheet

    from documents.readers.office import ooxml_package
    from documents.readers.sheets import xlsx_beside, xlsx_cells
    from documents.readers.sheets.xlsx_strings import Workbook
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
    return Source(title, len(book.sheetnames), pages_of(_sheets(book, _Seen)))


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    return _sheets(_book(file), _Kept)


def _book(file: BinaryIO) -> Any:
    file = ooxml_package.transitional(file, archive.UNPACKED_BYTES)
    with archive.opened(file, part_bytes=archive.UNPACKED_BYTES) as members:
        if "xl/workbook.bin" in members.namelist():
            raise BinarySheets
        try:
            reader = Workbook(file, read_only=True, data_only=True, keep_links=False)
            reader.read()
        except BROKEN as error:
            raise Damaged from error
    return reader.wb


def _sheets(book: Any, look: "type[_Kept]") -> Iterator[Sheet]:
    """The charts among them are counted too."""
    left = [CELLS]
    for number, title in enumerate(book.sheetnames, start=1):
        sheet, name = book[title], " ".join(clean(title).split())
        name = name if sheet.sheet_state == "visible" else hidden_name(name)
        yield Sheet(number, name, True, _rows(sheet, left, look))


def _rows(sheet: Any, left: list[int], look: "type[_Kept]") -> Iterator[list[str]]:
    if isinstance(sheet, Chartsheet):
        yield from look(sheet, []).charts()
        return
    links: list[bytes] = []
    try:
        with sheet._get_source() as source:
            merges = xlsx_cells.merges_of(source, links)
        yield from look(sheet, links).rows(merges, left)
    except BROKEN as error:
        raise Damaged from error


def _as_rows(lines: Iterable[str]) -> Iterator[list[str]]:
    return (line.split(" | ") for line in lines)


class _Kept:
    """A sheet as it is computed with: the cells alone."""

    figure = staticmethod(kept)

    def __init__(self, sheet: Any, links: list[bytes]) -> None:
        self.sheet, self.links = sheet, links
        self.hidden: set[int] = set()
        self.formats: dict[int, str] = {}  # by the style
        self.left_out: set[int] = set()  # styles

    def charts(self) -> Iterator[list[str]]:
        """Those of a sheet that has no cells."""
        return iter(())

    def rows(self, merges: Merges, left: list[int]) -> Iterator[list[str]]:
        return spread(self._texts(left), merges, left)

    def _texts(self, left: list[int]) -> Iterator[list[str]]:
        centred = xlsx_cells.centred_styles(self.sheet.parent)
        figure, form, left_out = self.figure, self._format, self.left_out
        for number, row in enumerate(xlsx_cells.rows_of(self.sheet, self.hidden), start=1):
            left[0] -= len(row.cells)
            if left[0] < 0:
                raise TooManyCells
            texts = [
                ""
                if cell is None or cell._style_id in left_out
                else figure(cell._value, form(cell))
                for cell in row.cells
            ]
            if centred:
                across = [cell is not None and cell._style_id in centred for cell in row.cells]
                texts = spread_across(texts, across)
            yield self._marked(number, texts, row.hidden)

    def _format(self, cell: Any) -> str:
        """Days and times are told in one way, whatever theirs is."""
        if cell.data_type == "d":
            return ""
        form = self.formats.get(cell._style_id)
        if form is None:
            form = self.formats[cell._style_id] = cell.number_format or ""
        return form

    def _marked(self, number: int, texts: list[str], hidden: bool) -> list[str]:
        return texts


class _Seen(_Kept):
    """As a person sees it, and what stands beside the cells; what is hidden says so."""

    figure = staticmethod(displayed)

    def charts(self) -> Iterator[list[str]]:
        return _as_rows(self._beside().boxes)

    def rows(self, merges: Merges, left: list[int]) -> Iterator[list[str]]:
        self.beside = self._beside()
        self.left_out = xlsx_cells.struck_styles(self.sheet.parent)
        comments = self.beside.comments
        for number, texts in enumerate(super().rows(merges, left), start=1):
            yield texts
            yield from ([line] for line in comments.get(number, ()))
        yield from _as_rows(self.beside.boxes)

    def _beside(self) -> xlsx_beside.Beside:
        book = self.sheet.parent._archive
        return xlsx_beside.of_sheet(book, self.sheet._worksheet_path, self.links)

    def _marked(self, number: int, texts: list[str], hidden: bool) -> list[str]:
        for column in range(1, len(texts) + 1) if self.beside.links else ():
            texts[column - 1] = linked(texts[column - 1], self.beside.links.get((number, column)))
        if self.hidden:
            name_hidden(texts, self.hidden)
        return hidden_row(texts) if hidden else texts
