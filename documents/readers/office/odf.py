"""OpenDocument: a text is one page, a table of a spreadsheet and a slide are one each."""

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from lxml import etree

from documents.readers.common import blocks
from documents.readers.common.refusal import Empty
from documents.readers.common.sheets import Sheet
from documents.readers.common.source import Source
from documents.readers.common.table_rows import page_of
from documents.readers.common.tidy import one_line
from documents.readers.office import odf_numbering
from documents.readers.open_document import odf_book, odf_edges, ods_cells
from documents.readers.open_document.odf_blocks import blocks_of, cell_text, of_shape
from documents.readers.open_document.odf_book import Book
from documents.readers.open_document.odf_looks import OASIS
from documents.readers.page import Page
from documents.readers.slides import odp_slides
from documents.readers.word.page_edges import framed

TEXT, SHEETS, SHOW = (OASIS % ("office", name) for name in ("text", "spreadsheet", "presentation"))
FORMULA, RESULT = OASIS % ("table", "formula"), OASIS % ("office", "value-type")
PLACE = re.compile(r"\[\.?([^\[\]]*)\]")  # of a cell, in a formula
FORMULA_CHARACTERS = 200
SLIDE = OASIS % ("drawing", "page")
COUNTED = {TEXT, SHOW}  # their lists


def parse(file: BinaryIO) -> Source:
    book = odf_book.opened(file)
    if book.body[0].tag in COUNTED:
        roots = [book.root] if book.styles is None else [book.styles, book.root]
        odf_numbering.lay(book.body, roots)
    pages = _pages(book)
    if not any(page.text.strip() for page in pages):
        raise Empty
    title = one_line(book.title()) or _first_heading(pages[0])
    return Source(title, len(pages), pages)


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    """None where it is no spreadsheet."""
    book = odf_book.opened(file)
    if book.body[0].tag == SHEETS:
        yield from ods_cells.kept(book.body[0], partial(_cell, book=book))


def _first_heading(page: Page) -> str:
    """A sheet's name is no title."""
    return blocks.first_title(page.headings) if page.number is None else ""


def _pages(book: Book) -> list[Page]:
    content = book.body[0]
    if slides := list(content.iterchildren(SLIDE)):
        hidden = odp_slides.hidden_styles([book.root])
        return [
            odp_slides.page_of(number, slide, hidden, partial(of_shape, book=book))
            for number, slide in enumerate(slides, start=1)
        ]
    if content.tag == SHEETS:
        return [
            Page(sheet.number, *page_of(sheet.name, sheet.rows))
            for sheet in ods_cells.seen(content, partial(_cell, book=book))
        ]
    above, below = odf_edges.lines_of(book)
    page = blocks.page_of(None, framed(above, list(blocks_of(content, book)), below))
    return [page._replace(unread=tuple(book.unread))]


def _cell(cell: etree._Element, book: Book) -> str:
    text = cell_text(cell, book)
    formula = "" if text or cell.get(RESULT) else cell.get(FORMULA, "").partition("=")[2]
    if not formula:
        return text
    # Of a program that keeps no results.
    places = PLACE.sub(lambda place: place[1].replace(":.", ":"), formula)
    return f"={places[:FORMULA_CHARACTERS]}"
