"""OpenDocument: a text is one page, a table of a spreadsheet and a slide are one each."""

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from documents.readers.common import archive, blocks
from documents.readers.common.blocks import Block
from documents.readers.common.refusal import Damaged, Empty, Locked
from documents.readers.common.sheets import Sheet
from documents.readers.common.source import Source
from documents.readers.common.spans import Cell, span, unfolded
from documents.readers.common.table_rows import CELLS, TooManyCells, line_of, lines_of, page_of
from documents.readers.common.tidy import clean, one_line
from documents.readers.office import odf_numbering, odp_slides
from documents.readers.page import Page

OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}%s"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
MANIFEST = "META-INF/manifest.xml"
LOCK = OASIS % ("manifest", "encryption-data")

BODY = OASIS % ("office", "body")
P, H, LEVEL = (OASIS % ("text", name) for name in ("p", "h", "outline-level"))
BLANKS, TAB, BREAK = (OASIS % ("text", name) for name in ("s", "tab", "line-break"))
TABLE, ROW, CELL = (OASIS % ("table", name) for name in ("table", "table-row", "table-cell"))
ACROSS, DOWN = (OASIS % ("table", f"number-{name}-spanned") for name in ("columns", "rows"))
FORMULA, RESULT = OASIS % ("table", "formula"), OASIS % ("office", "value-type")
PLACE = re.compile(r"\[\.?([^\[\]]*)\]")  # of a cell, in a formula
FORMULA_CHARACTERS = 200
REPEATED, NAME = OASIS % ("table", "number-columns-repeated"), OASIS % ("table", "name")
SLIDE, FRAME = OASIS % ("drawing", "page"), OASIS % ("drawing", "frame")
NOTE, COMMENT = OASIS % ("text", "note"), OASIS % ("office", "annotation")
ASIDES = {NOTE: "Note: ", COMMENT: "Comment: "}
STYLE = OASIS % ("text", "style-name")
NOTES, CLASS = OASIS % ("presentation", "notes"), OASIS % ("presentation", "class")
SKIPPED = {
    *(OASIS % ("text", name) for name in ("tracked-changes", "sequence-decls", "note-citation")),
    OASIS % ("office", "forms"),
    OASIS % ("table", "shapes"),
}
FURNITURE = {"page-number", "date-time", "footer", "page"}
COUNTED = {OASIS % ("office", name) for name in ("text", "presentation")}  # their lists
COLUMNS = 256  # a cell that is repeated further than that is paint


def parse(file: BinaryIO) -> Source:
    book = archive.opened(file)
    names = book.namelist()
    body = _body(book)
    if body[0].tag in COUNTED:
        odf_numbering.lay(body, [*_styles(book), body.getroottree().getroot()])
    pages = _pages(body)
    if not any(page.text.strip() for page in pages):
        raise Empty
    title = (_title(book) if "meta.xml" in names else "") or _first_heading(pages[0])
    return Source(title, len(pages), pages)


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    """Numbers as they are shown; none where it is no spreadsheet."""
    content = _body(archive.opened(file))[0]
    if content.tag == OASIS % ("office", "spreadsheet"):
        for number, sheet in enumerate(content.iterchildren(TABLE), start=1):
            yield Sheet(number, _name(sheet), False, unfolded(_rows(sheet)))


def _body(book: zipfile.ZipFile) -> etree._Element:
    names = book.namelist()
    if MANIFEST in names and archive.tree(book, MANIFEST).find(f".//{LOCK}") is not None:
        raise Locked
    body = archive.tree(book, "content.xml").find(BODY)
    if body is None or not len(body):
        raise Damaged
    return body


def _styles(book: zipfile.ZipFile) -> list[etree._Element]:
    """The text is worth reading without them."""
    try:
        return [archive.tree(book, "styles.xml")]
    except Damaged:
        return []


def _title(book: zipfile.ZipFile) -> str:
    title: str = archive.tree(book, "meta.xml").findtext(f".//{TITLE}") or ""
    return one_line(title)


def _first_heading(page: Page) -> str:
    """A sheet's name is no title."""
    return blocks.first_title(page.headings) if page.number is None else ""


def _pages(body: etree._Element) -> list[Page]:
    content = body[0]
    if slides := list(content.iterchildren(SLIDE)):
        hidden = odp_slides.hidden_styles([body.getroottree().getroot()])
        return [
            odp_slides.page_of(number, slide, hidden, _blocks)
            for number, slide in enumerate(slides, start=1)
        ]
    if content.tag == OASIS % ("office", "spreadsheet"):
        sheets = enumerate(content.iterchildren(TABLE), start=1)
        return [
            Page(number, *page_of(_name(sheet), unfolded(_rows(sheet)))) for number, sheet in sheets
        ]
    return [blocks.page_of(None, _blocks(content))]


def _name(sheet: etree._Element) -> str:
    return " ".join(clean(sheet.get(NAME, "")).split())


def _blocks(parent: etree._Element) -> Iterator[Block]:
    """Each paragraph or row of a table, blank lines around tables."""
    for child in parent.iterchildren("*"):
        if child.tag in {P, H}:
            yield _text(child), _level(child)
            yield from _boxes(child)
            yield from _asides(child)
        elif child.tag == TABLE:
            yield "", 0
            yield from ((line, 0) for line in lines_of(unfolded(_rows(child))))
            yield "", 0
        elif child.tag not in SKIPPED and child.get(CLASS) not in FURNITURE:
            yield from _blocks(child)


def _level(paragraph: etree._Element) -> int:
    if paragraph.tag == P:
        return int(paragraph.get(STYLE) == "Title")
    level = paragraph.get(LEVEL, "1")
    return int(level) if level.isdecimal() else 1


def _asides(paragraph: etree._Element) -> Iterator[Block]:
    """Footnotes and comments: after the paragraph, whose sentence they would cut."""
    for aside in paragraph.iter(*ASIDES):
        if next(aside.iterancestors(P, H)) is paragraph:
            texts = (text.strip() for text, _ in _blocks(aside))
            yield ASIDES[aside.tag] + "\n".join(filter(None, texts)), 0


def _boxes(paragraph: etree._Element) -> Iterator[Block]:
    for frame in paragraph.iter(FRAME):
        if not any(parent.tag == FRAME for parent in frame.iterancestors(FRAME, P, H)):
            yield from _blocks(frame)


def _rows(table: etree._Element) -> Iterator[list[Cell]]:
    filled = 0
    for row in table.iter(ROW):
        if next(row.iterancestors(TABLE)) is not table:
            continue  # of a table in a cell, which is told there
        cells: list[Cell] = []
        for cell in row.iterchildren(CELL):
            made = Cell(_cell(cell), span(cell.get(ACROSS)), span(cell.get(DOWN)))
            cells += [made] * min(span(cell.get(REPEATED)), COLUMNS)
        filled += sum(bool(cell.text) for cell in cells)
        if filled > CELLS:
            raise TooManyCells
        yield cells


def _cell(cell: etree._Element) -> str:
    text = line_of([text for text, _ in _blocks(cell) if text.strip()]).replace(" | ", " ")
    formula = "" if text or cell.get(RESULT) else cell.get(FORMULA, "").partition("=")[2]
    if not formula:
        return text
    # Of a program that keeps no results.
    places = PLACE.sub(lambda place: place[1].replace(":.", ":"), formula)
    return f"={places[:FORMULA_CHARACTERS]}"


def _text(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element.iterchildren():
        if child.tag == BLANKS:
            parts.append(" ")
        elif child.tag == TAB:
            parts.append("\t")
        elif child.tag == BREAK:
            parts.append("\n")
        elif isinstance(child.tag, str) and child.tag not in SKIPPED | {FRAME, *ASIDES}:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
