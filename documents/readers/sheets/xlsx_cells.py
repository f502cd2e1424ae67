"""What stands in the cells of an Excel sheet, row by row, and which cells are merged."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import IO, Any, NamedTuple

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.formula.translate import Translator
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet._reader import (
    COL_TAG,
    DATA_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    ROW_TAG,
    VALUE_TAG,
    WorkSheetParser,
)
from openpyxl.xml.functions import iterparse

from documents.readers.common.spans import ACROSS, DOWN, MERGES, Merges
from documents.readers.sheets.number_formats import CLOCK
from documents.readers.sheets.xlsx_strings import text_of, unescaped

FORMULAS = 20_000  # of a sheet that are shown
FORMULA_CHARACTERS = 200
READ_BYTES, TAG_BYTES, COLUMNS = 1 << 18, 200, 16_384
MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"'
)
LINK = re.compile(rb"<(?:\w+:)?hyperlink\s[^<>]*>")
YES = {"1", "true"}


class Row(NamedTuple):
    cells: list[Any]  # None where there are none
    hidden: bool


def merges_of(source: IO[bytes], links: list[bytes]) -> Merges:
    """They stand behind the cells: looked for in the text, which costs far less than a parser.

    The elements of links, which stand there too, are added to `links`.
    """
    merges: dict[tuple[int, int], tuple[int, int]] = {}
    held = b""
    while part := source.read(READ_BYTES):
        held += part
        after = 0
        for found in MERGE.finditer(held):
            after = found.end()
            left, right = (column_index_from_string(found[place].decode()) for place in (1, 3))
            top, bottom = int(found[2]), int(found[4])
            if left <= right and top <= bottom:
                across, down = right - left + 1, bottom - top + 1
                merges[top, left] = min(across, ACROSS), min(down, DOWN)
        if b"hyperlink" in held:
            for found in LINK.finditer(held, after):
                links.append(found[0])
                after = found.end()
        if len(merges) >= MERGES or len(links) >= MERGES:
            break
        held = held[max(after, len(held) - TAG_BYTES) :]
    return merges


def struck_styles(book: Any) -> set[int]:
    """Numbers of the styles whose text is struck through."""
    struck = {number for number, font in enumerate(book._fonts) if font.strike}
    return {number for number, style in enumerate(book._cell_styles) if style.fontId in struck}


def centred_styles(book: Any) -> set[int]:
    """Numbers of the styles that centre a text across the empty cells beside it."""
    return {
        number
        for number, style in enumerate(book._cell_styles)
        if book._alignments[style.alignmentId].horizontal == "centerContinuous"
    }


def rows_of(sheet: Any, hidden: set[int]) -> Iterator[Row]:
    """Rows that the file leaves out are empty. Columns that are hidden are added to `hidden`."""
    book, number = sheet.parent, 0
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        parser.book, parser.hidden = book, hidden
        for place, cells in parser.rows():
            if place <= number:
                continue
            yield from (Row([], False) for _ in range(number + 1, place))
            number = place
            look = parser.row_dimensions.pop(str(place), None)
            yield Row(_row(sheet, cells), look is not None and _is_hidden(look, "ht"))


def _is_hidden(look: Mapping[str, str], size: str) -> bool:
    return look.get("hidden") in YES or look.get(size) in {"0", "0.0"}


def _row(sheet: Any, cells: Sequence[Mapping[str, Any]]) -> list[Any]:
    row: list[Any] = [None] * max((cell["column"] for cell in cells), default=0)
    for cell in cells:
        row[cell["column"] - 1] = ReadOnlyCell(sheet, **cell)
    return row


class _Parser(WorkSheetParser):  # type: ignore[misc]
    """The library's, up to the last row; with the formula where its result was not kept."""

    book: Any
    hidden: set[int]

    def rows(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        self.left, self.shared = FORMULAS, dict[str, tuple[str, str]]()
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                yield self.parse_row(element)
                element.clear()
            elif element.tag == COL_TAG and _is_hidden(element.attrib, "width"):
                first, last = int(element.get("min", 0)), int(element.get("max", 0))
                self.hidden.update(range(first, min(last, first + COLUMNS) + 1))
            elif element.tag == DATA_TAG:
                return

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        value, kind = cell["value"], element.get("t", "n")
        if kind == "inlineStr":
            text = element.find(INLINE_STRING)
            cell["value"] = None if text is None else unescaped(text_of(text))
        elif kind == "str" and value:
            cell["value"] = unescaped(value)
        elif isinstance(value, datetime) and value < self.epoch and kind == "n":
            cell["value"] = self._before(float(element.findtext(VALUE_TAG)), cell["style_id"])
        formula = element.find(FORMULA_TAG)
        if formula is None:
            return cell
        key, text = formula.get("si", ""), formula.text or ""
        if formula.get("t") == "shared" and text:
            self.shared.setdefault(key, (text, element.get("r", "A1")))
        # An empty result has a type.
        if cell["value"] is None and element.get("t") != "str" and self.left > 0:
            self.left -= 1
            first, place = self.shared.get(key, ("", ""))
            if not text and first and len(first) <= FORMULA_CHARACTERS:
                moved = Translator(f"={first}", place)
                text = moved.translate_formula(element.get("r", "A1")).removeprefix("=")
            cell["value"] = f"={text[:FORMULA_CHARACTERS]}" if text else None
        return cell

    def _before(self, days: float, style: int) -> object:
        """A time below zero; of days there are none, which leaves the number."""
        form = ReadOnlyCell(_Sheet(self.book), 1, 1, None, style_id=style).number_format
        return timedelta(days=days) if CLOCK.fullmatch(form.partition(";")[0]) else days


class _Sheet(NamedTuple):
    parent: Any
