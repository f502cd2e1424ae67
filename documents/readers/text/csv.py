"""Tables as text: comma, semicolon, tab or bar between the cells, whatever the ending says."""

import csv
from collections import Counter
from collections.abc import Iterable
from typing import BinaryIO

from documents.readers.common.sheets import Sheet
from documents.readers.common.source import Source
from documents.readers.common.table_rows import page_of
from documents.readers.page import Page
from documents.readers.text.plain import text_of

SEPARATORS = ",;\t|"
LOOK_ROWS = 50


def parse(file: BinaryIO) -> Source:
    text = text_of(file.read())
    rows = text.split("\n")
    separator = _separator(rows[:LOOK_ROWS])
    if separator:
        try:
            return Source("", 1, [Page(None, *page_of("", _cells(rows, separator)))])
        except csv.Error:
            pass  # a cell without end: the text as it is
    return Source("", 1, [Page(None, text, [])])


def sheets(file: BinaryIO) -> list[Sheet]:
    """The one table that the file is, if it is one."""
    rows = text_of(file.read()).split("\n")
    separator = _separator(rows[:LOOK_ROWS])
    if not separator:
        return []
    try:
        return [Sheet(None, "", False, list(_cells(rows, separator)))]
    except csv.Error:
        return []


def _separator(rows: Iterable[str]) -> str:
    """That which cuts the most rows into the same number of cells; none when none does."""
    rows = [row for row in rows if row.strip()]
    scores = {separator: _likeness(rows, separator) for separator in SEPARATORS}
    best = max(scores, key=lambda separator: scores[separator])
    return best if scores[best] else ""


def _likeness(rows: list[str], separator: str) -> int:
    try:
        widths = Counter(len(cells) for cells in _cells(rows, separator))
    except csv.Error:
        return 0
    return max((count * (width > 1) for width, count in widths.items()), default=0)


def _cells(rows: Iterable[str], separator: str) -> Iterable[list[str]]:
    # The line breaks come back: a quoted cell may go over several lines.
    return csv.reader((f"{row}\n" for row in rows), delimiter=separator, skipinitialspace=True)
