"""What other programs call an Excel file: Excel's XML of 2003, a table of a web page, cells and tabs."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import html as markup

from documents.readers.common.sheets import Sheet
from documents.readers.common.source import Source
from documents.readers.common.spans import Cell, span, unfolded
from documents.readers.common.table_rows import pages_of
from documents.readers.sheets import csv, sheets_2003
from documents.readers.text.plain import text_of
from documents.readers.web_page import html

PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|meta|body|table|style|div)", re.IGNORECASE
)
CELLS = ("td", "th")
EXACT = "x:num"  # a figure in full, as Excel writes it


def parse(file: BinaryIO) -> Source:
    data = file.read()
    text = text_of(data, html.declared(data))
    if sheets_2003.is_one(text):
        found = list(sheets_2003.seen(text))
        return Source("", len(found), pages_of(found))
    if PAGE.match(text):
        file.seek(0)
        return html.parse(file)
    return csv.source_of(text)


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    data = file.read()
    text = text_of(data, html.declared(data))
    if sheets_2003.is_one(text):
        yield from sheets_2003.kept(text)
    elif PAGE.match(text):
        yield from _tables(text)
    else:
        yield from csv.sheets_of(text)


def _tables(text: str) -> Iterator[Sheet]:
    """Those of a page; what stands in a table of another is part of its cell."""
    parser = markup.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    for table in markup.document_fromstring(text.encode(), parser=parser).iter("table"):
        if next(table.iterancestors("table"), None) is None:
            yield Sheet(None, "", False, unfolded(_rows(table)))


def _rows(table: markup.HtmlElement) -> Iterator[list[Cell]]:
    for row in table.iter("tr"):
        if next(row.iterancestors("table")) is table:
            yield [
                Cell(_cell_text(cell), span(cell.get("colspan")), span(cell.get("rowspan")))
                for cell in row.iterchildren(*CELLS)
            ]


def _cell_text(cell: markup.HtmlElement) -> str:
    return str(cell.get(EXACT) or " ".join(" ".join(cell.itertext()).split()))
