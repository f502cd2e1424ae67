"""Excel's XML of 2003: a sheet is a page, a row a line, as in `xlsx`."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from lxml import etree

from documents.readers.common import archive
from documents.readers.common.cell_figures import displayed
from documents.readers.common.cell_figures import kept as kept_figure
from documents.readers.common.hidden import hidden_name
from documents.readers.common.marked_cells import hidden_row, linked, name_hidden
from documents.readers.common.refusal import Damaged
from documents.readers.common.sheets import Sheet
from documents.readers.common.spans import ACROSS, DOWN, spread
from documents.readers.common.table_rows import CELLS, TooManyCells
from documents.readers.common.tidy import clean

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
SS = f"{{{NAMESPACE}}}"
LOOK_CHARACTERS = 4_000
DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
FORMATS = {
    "Percent": "0.00%",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Currency": "$#,##0.00",
    "Euro Currency": "[$€-2] #,##0.00",
    "Scientific": "0.00E+00",
    "Yes/No": '"Yes";"Yes";"No"',
    "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
}
Figure = Callable[[object, str], str]


def is_one(text: str) -> bool:
    start = text[:LOOK_CHARACTERS]
    return NAMESPACE in start and "<" in start and "Workbook" in start


def kept(text: str) -> Iterator[Sheet]:
    """With every digit of its figures."""
    return _sheets(text, _Kept)


def seen(text: str) -> Iterator[Sheet]:
    """As a person sees it; what is hidden says so, and comments stand apart."""
    return _sheets(text, _Seen)


def _sheets(text: str, look: "type[_Kept]") -> Iterator[Sheet]:
    try:
        book = archive.parsed(DECLARED.sub("", text).strip().encode())
    except archive.BROKEN as error:
        raise Damaged from error
    formats = {
        style.get(f"{SS}ID", ""): form.get(f"{SS}Format", "")
        for style in book.iter(f"{SS}Style")
        for form in style.iterchildren(f"{SS}NumberFormat")
    }
    for number, sheet in enumerate(book.iterchildren(f"{SS}Worksheet"), start=1):
        name = " ".join(clean(sheet.get(f"{SS}Name", "")).split())
        state = "".join(sheet.itertext("{urn:schemas-microsoft-com:office:excel}Visible"))
        name = hidden_name(name) if "Hidden" in state else name
        yield Sheet(number, name, True, look(sheet, formats).rows())


class _Kept:
    figure = staticmethod(kept_figure)

    def __init__(self, sheet: etree._Element, formats: dict[str, str]) -> None:
        self.table = sheet.find(f"{SS}Table")
        self.formats = formats
        self.merges: dict[tuple[int, int], tuple[int, int]] = {}
        self.left = [CELLS]

    def rows(self) -> Iterator[list[str]]:
        if self.table is None:
            return
        told = [self._texts(number, row) for number, row in self._numbered()]
        yield from self._spread(told)

    def _spread(self, told: list[list[str]]) -> Iterator[list[str]]:
        return spread(iter(told), self.merges, self.left)

    def _numbered(self) -> Iterator[tuple[int, etree._Element | None]]:
        """Each row from 1, those too that the file leaves out."""
        number = 0
        for row in self.table.iterchildren(f"{SS}Row"):
            place = _index(row, number + 1, MOST_ROWS)
            for gap in range(number + 1, place):
                yield gap, None
            number = place
            yield number, row

    def _texts(self, number: int, row: etree._Element | None) -> list[str]:
        texts: list[str] = []
        column = 0
        for cell in row.iterchildren(f"{SS}Cell") if row is not None else ():
            place = _index(cell, column + 1, MOST_COLUMNS)
            texts += [""] * (place - len(texts) - 1)
            texts[place - 1 :] = [self._told(cell)]
            self.left[0] -= place - column
            if self.left[0] < 0:
                raise TooManyCells
            across, down = (_count(cell, f"Merge{way}") + 1 for way in ("Across", "Down"))
            column = min(place + across - 1, MOST_COLUMNS)
            if across > 1 or down > 1:
                self.merges[number, place] = min(across, ACROSS), min(down, DOWN)
        return texts

    def _told(self, cell: etree._Element) -> str:
        data = cell.find(f"{SS}Data")
        text = "" if data is None else "".join(data.itertext())
        form = self.formats.get(cell.get(f"{SS}StyleID", ""), "")
        return self.figure(*_value(data, text, FORMATS.get(form, form)))


class _Seen(_Kept):
    figure = staticmethod(displayed)

    def _told(self, cell: etree._Element) -> str:
        address = cell.get(f"{SS}HRef", "")
        return linked(super()._told(cell), address if "://" in address else None)

    def _spread(self, told: list[list[str]]) -> Iterator[list[str]]:
        hidden = self._hidden_columns()
        rows = dict(self._numbered())
        for number, texts in enumerate(super()._spread(told), start=1):
            name_hidden(texts, hidden)
            row = rows.get(number)
            yield hidden_row(texts) if row is not None and _is_hidden(row) else texts
            for comment in row.iter(f"{SS}Comment") if row is not None else ():
                yield [f"Comment: {' '.join(''.join(comment.itertext()).split())}"]

    def _hidden_columns(self) -> set[int]:
        hidden: set[int] = set()
        number = 0
        for column in self.table.iterchildren(f"{SS}Column"):
            first = _index(column, number + 1, MOST_COLUMNS)
            number = min(first + _count(column, "Span"), MOST_COLUMNS)
            if _is_hidden(column):
                hidden.update(range(first, number + 1))
        return hidden


def _value(data: etree._Element | None, text: str, form: str) -> tuple[object, str]:
    """And its format; days are told in one way, whatever theirs is."""
    kind = "" if data is None else data.get(f"{SS}Type", "")
    try:
        if kind == "Number":
            value = float(text)
            return (int(value) if value.is_integer() and abs(value) < 1e15 else value), form
        if kind == "DateTime":
            moment = datetime.fromisoformat(text.strip())
            return (moment.time() if moment.year < 1900 else moment), ""
    except ValueError:
        return text, ""
    return (text.strip() == "1") if kind == "Boolean" else text, form


def _index(element: etree._Element, usual: int, most: int) -> int:
    told = element.get(f"{SS}Index", "")
    return min(max(int(told), usual), most) if told.isascii() and told.isdigit() else usual


def _count(element: etree._Element, name: str) -> int:
    told = element.get(f"{SS}{name}", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 7 else 0


def _is_hidden(element: etree._Element) -> bool:
    return str(element.get(f"{SS}Hidden", "0")) == "1"
