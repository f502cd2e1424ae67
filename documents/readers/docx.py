"""Word: paragraphs and tables in the order of the document. It has no pages of its own."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import docx
from docx.document import Document
from docx.exceptions import PythonDocxError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from lxml import etree

from documents.readers import Heading, Page, archive
from documents.readers.refusal import Damaged, Empty
from documents.readers.rows import lines_of
from documents.readers.source import Source
from documents.readers.tidy import clean

P, TBL, TR, TC, R, T = map(qn, ("w:p", "w:tbl", "w:tr", "w:tc", "w:r", "w:t"))
TAB, BR, CR, BOX = map(qn, ("w:tab", "w:br", "w:cr", "w:txbxContent"))
STYLE, STYLE_ID, VALUE = map(qn, ("w:pStyle", "w:styleId", "w:val"))
NAME, LEVEL, BASE = map(qn, ("w:name", "w:outlineLvl", "w:basedOn"))
# What stands twice, or stands for nothing: the fallback of a drawing, deleted and field text.
SKIPPED = {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    *map(qn, ("w:del", "w:instrText", "w:pPr", "w:rPr", "w:moveFrom")),
}
BROKEN = (*archive.BROKEN, PythonDocxError)
HEADING = re.compile(r"heading ([1-9])$", re.IGNORECASE)


def read(file: BinaryIO) -> Source:
    with archive.opened(file):
        try:
            book = docx.Document(file)
            page = _page(book)
            title = " ".join(clean(book.core_properties.title or "").split())[:300]
        except BROKEN as error:
            raise Damaged from error
    if not page.text.strip():
        raise Empty
    first = next((heading.text for heading in page.headings if heading.level == 1), "")
    return Source(title or first, 1, [page])


def _page(book: Document) -> Page:
    levels = _levels(book)
    texts: list[str] = []
    headings: list[Heading] = []
    length = 0
    for text, style in _blocks(book.element.body):
        text = clean(text)
        level = levels.get(style, 0)
        if level and text.strip():
            headings.append(Heading(length, level, " ".join(text.split())[:300]))
        texts.append(text + "\n")
        length += len(text) + 1
    return Page(None, "".join(texts), headings)


def _levels(book: Document) -> dict[str, int]:
    """Style ids to the level of the heading that they make; 0 is none."""
    try:
        part = book.part.part_related_by(RELATIONSHIP_TYPE.STYLES)
    except KeyError:
        return {}  # asked for its styles, the library would take those of its own template
    found = part.element if isinstance(part, XmlPart) else []
    styles = {style.get(STYLE_ID, ""): style for style in found if len(style)}
    return {key: _level(style, styles) for key, style in styles.items()}


def _level(style: etree._Element, styles: dict[str, etree._Element]) -> int:
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
            style = child.find(f".//{STYLE}")
            yield _text(child).strip("\n"), "" if style is None else style.get(VALUE, "")
            yield from _boxes(child)
        elif child.tag == TBL:
            yield "", ""
            yield from ((line, "") for line in lines_of(_rows(child)))
            yield "", ""
        elif child.tag not in SKIPPED:
            yield from _blocks(child)  # content controls and the like


def _boxes(paragraph: etree._Element) -> Iterator[tuple[str, str]]:
    for box in paragraph.iter(BOX):
        around = list(box.iterancestors())
        nearest = next(parent for parent in around if parent.tag == P)
        if nearest is paragraph and not SKIPPED & {parent.tag for parent in around}:
            yield from _blocks(box)


def _rows(table: etree._Element) -> Iterator[list[str]]:
    for row in table.iterchildren(TR):
        yield [_cell(cell) for cell in row.iter(TC) if _row_of(cell) is row]


def _row_of(cell: etree._Element) -> etree._Element | None:
    return next(cell.iterancestors(TR), None)


def _cell(cell: etree._Element) -> str:
    return " ".join(text for text, _ in _blocks(cell))


def _text(element: etree._Element) -> str:
    parts: list[str] = []
    for child in element:
        if child.tag == T:
            parts.append(child.text or "")
        elif child.tag == TAB:
            parts.append("\t")
        elif child.tag in {BR, CR}:
            parts.append("\n")
        elif child.tag != BOX and child.tag not in SKIPPED:
            parts.append(_text(child))
    return "".join(parts)
