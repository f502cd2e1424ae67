"""The blocks of an OpenDocument text: paragraphs and rows of tables, in their order."""

from collections.abc import Callable, Iterator

from lxml import etree

from documents.readers.common.blocks import Block
from documents.readers.common.hidden import hidden
from documents.readers.common.spans import Cell, span, unfolded
from documents.readers.common.table_rows import CELLS, TooManyCells, line_of, lines_of
from documents.readers.open_document import odf_objects
from documents.readers.open_document.odf_book import Book
from documents.readers.open_document.odf_looks import OASIS
from documents.readers.open_document.odf_text import (
    COMMENT,
    FRAME,
    NOTE,
    SKIPPED,
    STYLE,
    Line,
    plain,
)

P, H, LEVEL = (OASIS % ("text", name) for name in ("p", "h", "outline-level"))
TABLE, ROW, CELL = (OASIS % ("table", name) for name in ("table", "table-row", "table-cell"))
ACROSS, DOWN = (OASIS % ("table", f"number-{name}-spanned") for name in ("columns", "rows"))
REPEATED = OASIS % ("table", "number-columns-repeated")
ASIDES = {NOTE: "Note: ", COMMENT: "Comment: "}
CLASS = OASIS % ("presentation", "class")
FURNITURE = {"page-number", "date-time", "footer", "page"}
SECTION, DISPLAY, IS_HIDDEN = (
    OASIS % ("text", name) for name in ("section", "display", "is-hidden")
)
ELSEWHERE = {*SKIPPED, odf_objects.OBJECT}
COLUMNS = 256  # a cell that is repeated further than that is paint


def blocks_of(parent: etree._Element, book: Book, is_hidden: bool = False) -> Iterator[Block]:
    """Each paragraph or row of a table, blank lines around tables."""
    for child in parent.iterchildren("*"):
        if child.tag in {P, H}:
            text = None if is_hidden else plain(child, book)
            if text is None:
                yield from _paragraph(child, book, is_hidden)
            else:
                yield text, 0 if text.startswith("[hidden:") else _level(child, book)
        elif child.tag == TABLE:
            yield "", 0
            rows = rows_of(child, lambda cell: cell_text(cell, book))
            for line in lines_of(unfolded(rows)):
                yield hidden(line) if is_hidden else line, 0
            yield "", 0
        elif child.tag in ELSEWHERE or child.get(CLASS) in FURNITURE:
            continue
        elif child.tag == FRAME:
            yield from drawn(child, book, is_hidden)
        else:
            yield from blocks_of(child, book, is_hidden or _hides(child))


def _hides(section: etree._Element) -> bool:
    display = section.get(DISPLAY) if section.tag == SECTION else None
    return display == "none" or (display == "condition" and section.get(IS_HIDDEN) == "true")


def _paragraph(paragraph: etree._Element, book: Book, is_hidden: bool) -> Iterator[Block]:
    line = Line(book, is_hidden)
    text = line.of(paragraph)
    yield text, 0 if text.startswith("[hidden:") else _level(paragraph, book)
    for each in line.drawn:
        yield from drawn(each, book, is_hidden)
    for aside in line.asides:  # after the paragraph, whose sentence they would cut
        texts = (text.strip() for text, _ in blocks_of(aside, book, is_hidden))
        yield ASIDES[aside.tag] + "\n".join(filter(None, texts)), 0


def _level(paragraph: etree._Element, book: Book) -> int:
    if paragraph.tag == P:
        return int(book.looks.is_title(paragraph.get(STYLE, "")))
    level = paragraph.get(LEVEL, "1")
    return int(level) if level.isdecimal() else 1


def drawn(frame: etree._Element, book: Book, is_hidden: bool = False) -> Iterator[Block]:
    """The text in a frame or a shape, and what it is a picture of."""
    yield from blocks_of(frame, book, is_hidden)
    if formula := odf_objects.formula(frame, book):
        yield formula, 0
        return
    content = odf_objects.embedded(frame, book)
    if content is not None:
        yield from blocks_of(content, book, is_hidden)
    if said := odf_objects.said_of(frame):
        yield said, 0
    elif noun := odf_objects.unread(frame, content):
        book.unread.append(noun)


def of_shape(shape: etree._Element, book: Book) -> Iterator[Block]:
    """Of one on a slide, where it is told elsewhere what it is a picture of."""
    holds = next(shape.iterchildren(odf_objects.OBJECT), None) is not None
    yield from (drawn if holds else blocks_of)(shape, book)


def rows_of(table: etree._Element, told: Callable[[etree._Element], str]) -> Iterator[list[Cell]]:
    filled = 0
    for row in table.iter(ROW):
        if next(row.iterancestors(TABLE)) is not table:
            continue  # of a table in a cell, which is told there
        cells: list[Cell] = []
        for cell in row.iterchildren(CELL):
            made = Cell(told(cell), span(cell.get(ACROSS)), span(cell.get(DOWN)))
            cells += [made] * min(span(cell.get(REPEATED)), COLUMNS)
        filled += sum(bool(cell.text) for cell in cells)
        if filled > CELLS:
            raise TooManyCells
        yield cells


def cell_text(cell: etree._Element, book: Book) -> str:
    if len(cell) == 1 and cell[0].tag == P and (text := plain(cell[0], book)) is not None:
        return text.replace(" | ", " ") if text.strip() else ""
    texts = [text for text, _ in blocks_of(cell, book) if text.strip()]
    return line_of(texts).replace(" | ", " ")
