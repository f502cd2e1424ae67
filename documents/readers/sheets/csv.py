"""Tables as text: commas, semicolons, tabs, bars or carets between the cells, whatever the ending."""

from typing import BinaryIO

from documents.readers.common.sheets import Sheet
from documents.readers.common.source import Source
from documents.readers.common.table_rows import page_of
from documents.readers.page import Page
from documents.readers.sheets import csv_separator
from documents.readers.sheets.csv_rows import cells_of
from documents.readers.sheets.csv_separator import DECIMALS, DECLARED, is_comment
from documents.readers.text.plain import text_of

QUOTE, COMMENT = '"', "#"


def parse(file: BinaryIO) -> Source:
    return source_of(text_of(file.read()))


def source_of(text: str) -> Source:
    rows, separator, width = _cut(text)
    if not separator:
        return Source("", 1, [Page(None, "\n".join(rows), [])])
    if COMMENT in text:
        quoted = (f'"{row.replace(QUOTE, QUOTE * 2)}"' for row in rows)
        rows = [
            other if is_comment(row, separator, width) else row
            for row, other in zip(rows, quoted, strict=True)
        ]
    return Source("", 1, [Page(None, *page_of("", cells_of(rows, separator, width)))])


def sheets(file: BinaryIO) -> list[Sheet]:
    """The one table that the file is: of one column where nothing is between cells."""
    return sheets_of(text_of(file.read()))


def sheets_of(text: str) -> list[Sheet]:
    rows, separator, width = _cut(text)
    if COMMENT in text:
        rows = [row for row in rows if not is_comment(row, separator, width)]
    if separator:
        return [Sheet(None, "", False, cells_of(rows, separator, width))]
    return [Sheet(None, "", False, ([row.strip().strip(QUOTE)] for row in rows))]


def _cut(text: str) -> tuple[list[str], str, int]:
    """The lines, what is between their cells, and how many of these most of them have."""
    rows = text.split("\n")
    if found := DECLARED.fullmatch(rows[0].strip(" ")):
        separator = "\t" if found[1] == "\\t" else found[1]
        rows = rows[1:]
        width = csv_separator.width(rows, separator)
    else:
        separator, width = csv_separator.of(rows)
    if names := csv_separator.decimal_commas(rows, separator, width):
        return [DECIMALS.sub(r'"\1"', row) for row in rows], separator, names
    return rows, separator, width
