"""Word: paragraphs and tables in the order of the document. It has no pages of its own."""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import docx
from docx.document import Document
from docx.exceptions import PythonDocxError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from lxml import etree

from documents.readers.common import archive
from documents.readers.common.blocks import first_title, page_of
from documents.readers.common.refusal import Damaged, Empty
from documents.readers.common.source import Source
from documents.readers.common.spans import Cell, repeated, span, unfolded
from documents.readers.common.table_rows import lines_of
from documents.readers.common.tidy import one_line
from documents.readers.office import docx_numbering, ooxml_package
from documents.readers.page import Page

P, TBL, TR, TC, R, T = map(qn, ("w:p", "w:tbl", "w:tr", "w:tc", "w:r", "w:t"))
FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
ID, PROPERTIES, ACROSS, DOWN = map(qn, ("w:id", "w:pPr", "w:gridSpan", "w:vMerge"))
HYPHEN, CELL_PROPERTIES = map(qn, ("w:noBreakHyphen", "w:tcPr"))
# What stands elsewhere in the file: where it is pointed at, what it is, and its part.
ASIDES = {
    qn("w:footnoteReference"): ("Note: ", qn("w:footnote"), RELATIONSHIP_TYPE.FOOTNOTES),
    qn("w:endnoteReference"): ("Note: ", qn("w:endnote"), RELATIONSHIP_TYPE.ENDNOTES),
    qn("w:commentReference"): ("Comment: ", qn("w:comment"), RELATIONSHIP_TYPE.COMMENTS),
}
TAB, BR, CR, BOX = map(qn, ("w:tab", "w:br", "w:cr", "w:txbxContent"))
STYLE, STYLE_ID, VALUE = map(qn, ("w:pStyle", "w:styleId", "w:val"))
NAME, LEVEL, BASE = map(qn, ("w:name", "w:outlineLvl", "w:basedOn"))
# What stands twice, or stands for nothing: the fallback of a drawing, deleted and field text.
SKIPPED = {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    *ASIDES,
    *map(qn, ("w:del", "w:instrText", "w:pPr", "w:rPr", "w:moveFrom")),
}
BROKEN = (*archive.BROKEN, PythonDocxError)
HEADING = re.compile(r"heading ([1-9])$", re.IGNORECASE)


def parse(file: BinaryIO) -> Source:
    try:
        book = docx.Document(ooxml_package.transitional(file))
        page = _page(book)
        title = one_line(book.core_properties.title or "")
    except BROKEN as error:
        raise Damaged from error
    if not page.text.strip():
        raise Empty
    return Source(title or first_title(page.headings), 1, [page])


def _page(book: Document) -> Page:
    styles = _styles(book)
    levels = {key: _level(style, styles) for key, style in styles.items()}
    numbers = docx_numbering.Numbering(_part(book, RELATIONSHIP_TYPE.NUMBERING), styles)
    numbers.lay(book.element.body)
    for asides in _fetched_asides(book):
        numbers.lay(*asides)
    blocks = _blocks(book.element.body)
    return page_of(None, ((text, levels.get(style, 0)) for text, style in blocks))


def _fetched_asides(book: Document) -> Iterator[list[etree._Element]]:
    """Footnotes and comments, kind by kind, once they are in the elements that point at them."""
    for pointer, (_, aside, related) in ASIDES.items():
        found = {each.get(ID): each for each in _part(book, related) if each.tag == aside}
        fetched = []
        for place in list(book.element.body.iter(pointer)):
            if (wanted := found.pop(place.get(ID), None)) is not None:
                place.append(wanted)
                fetched.append(wanted)
        yield fetched


def _part(book: Document, related: str) -> Sequence[etree._Element]:
    """Asked for a part that is not there, the library would take that of its own template."""
    try:
        part = book.part.part_related_by(related)
    except KeyError:
        return []
    return list(part.element if isinstance(part, XmlPart) else archive.parsed(part.blob))


def _styles(book: Document) -> dict[str, etree._Element]:
    found = _part(book, RELATIONSHIP_TYPE.STYLES)
    return {style.get(STYLE_ID, ""): style for style in found if len(style)}


def _level(style: etree._Element, styles: dict[str, etree._Element]) -> int:
    """That of the heading which the style makes; 0 is none."""
    for _ in range(10):  # styles may be based on each other, also in a circle
        name = style.find(NAME)
        value = "" if name is None else name.get(VALUE, "")
        if found := HEADING.match(value):
            return int(found[1])
        if value.lower() == "title":
            return 1
        outline = style.find(f".//{LEVEL}")
        if outline is not None and outline.get(VALUE, "9") < "9":
            return int(outline.get(VALUE)) + 1
        base = style.find(BASE)
        style = styles.get("" if base is None else base.get(VALUE, ""))
        if style is None:
            break
    return 0


def _blocks(parent: etree._Element) -> Iterator[tuple[str, str]]:
    """Each paragraph's or table row's text with its style id, blank lines around tables."""
    for child in parent:
        if child.tag == P:
            style = child.find(f"{PROPERTIES}/{STYLE}")
            yield _text(child).strip("\n"), "" if style is None else style.get(VALUE, "")
            yield from _boxes(child)
            yield from _asides(child)
        elif child.tag == TBL:
            yield "", ""
            yield from ((line, "") for line in lines_of(unfolded(_rows(child))))
            yield "", ""
        elif child.tag not in SKIPPED:
            yield from _blocks(child)  # content controls and the like


def _asides(paragraph: etree._Element) -> Iterator[tuple[str, str]]:
    """After the paragraph, whose sentence they would cut."""
    for place in paragraph.iter(*ASIDES):
        if len(place) and next(place.iterancestors(P)) is paragraph:
            words = [text.strip() for text, _ in _blocks(place)]
            yield ASIDES[place.tag][0] + "\n".join(filter(None, words)), ""


def _boxes(paragraph: etree._Element) -> Iterator[tuple[str, str]]:
    for box in paragraph.iter(BOX):
        around = list(box.iterancestors())
        nearest = next(parent for parent in around if parent.tag == P)
        if nearest is paragraph and not SKIPPED & {parent.tag for parent in around}:
            yield from _blocks(box)


def _rows(table: etree._Element) -> Iterator[list[Cell]]:
    above: dict[int, str] = {}
    for row in table.iter(TR):
        if next(row.iterancestors(TBL)) is not table:
            continue  # of a table in a cell, which is told there
        cells: list[Cell] = []
        column = 0
        for cell in row.iter(TC):
            if next(cell.iterancestors(TR), None) is not row:
                continue
            across, goes_on = _spans(cell)
            above[column] = repeated(above.get(column, "")) if goes_on else _cell(cell)
            cells.append(Cell(above[column], across))
            column += across
        yield cells


def _spans(cell: etree._Element) -> tuple[int, bool]:
    """Over how many columns it goes, and whether it goes on that of the row above."""
    across, down = (cell.find(f"{CELL_PROPERTIES}/{name}") for name in (ACROSS, DOWN))
    goes_on = down is not None and down.get(VALUE, "continue") == "continue"
    return span(None if across is None else across.get(VALUE)), goes_on


def _cell(cell: etree._Element) -> str:
    return " ".join(text for text, _ in _blocks(cell))


def _text(element: etree._Element) -> str:
    parts: list[str] = []
    for child in element:
        if child.tag in {T, FORMULA}:
            parts.append(child.text or "")
        elif child.tag == HYPHEN:
            parts.append("-")
        elif child.tag == TAB:
            parts.append("\t")
        elif child.tag in {BR, CR}:
            parts.append("\n")
        elif child.tag != BOX and child.tag not in SKIPPED:
            parts.append(_text(child))
    return "".join(parts)
