"""Word: paragraphs and tables in the order of the document. It has no pages of its own."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import docx
from docx.document import Document
from docx.exceptions import PythonDocxError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from lxml import etree

from documents.readers.common import archive
from documents.readers.common.blocks import Block, first_title, page_of
from documents.readers.common.refusal import Damaged, Empty
from documents.readers.common.source import Source
from documents.readers.common.tidy import one_line
from documents.readers.office import ooxml_package
from documents.readers.page import Page
from documents.readers.word import bound_controls, furniture, numbering
from documents.readers.word.blocks import Story, blocks_of, choose
from documents.readers.word.styles import Styles

ID, STYLE_ID = qn("w:id"), qn("w:styleId")
# What is pointed at: where, what it is, and its part.
ASIDES = {
    qn("w:footnoteReference"): (qn("w:footnote"), RELATIONSHIP_TYPE.FOOTNOTES),
    qn("w:endnoteReference"): (qn("w:endnote"), RELATIONSHIP_TYPE.ENDNOTES),
    qn("w:commentReference"): (qn("w:comment"), RELATIONSHIP_TYPE.COMMENTS),
}
BROKEN = (*archive.BROKEN, PythonDocxError)


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
    found = _elements(book, RELATIONSHIP_TYPE.STYLES)
    styles = Styles({style.get(STYLE_ID, ""): style for style in found if len(style)})
    numbers = numbering.Numbering(_elements(book, RELATIONSHIP_TYPE.NUMBERING), styles.by_id)
    choose(book.element.body)
    bound_controls.fill(book.element.body, book.part)
    numbers.lay(book.element.body)
    for asides in _fetched_asides(book):
        numbers.lay(*asides)
    parts = {pointer: _part(book, related) for pointer, (_, related) in ASIDES.items()}
    story = Story(book.part, styles, [], {key: part for key, part in parts.items() if part})
    page = page_of(None, _blocks(book, story, numbers))
    return page._replace(unread=tuple(story.unread))


def _blocks(book: Document, story: Story, numbers: numbering.Numbering) -> Iterator[Block]:
    body = book.element.body
    above, below = furniture.lines_of(body, story, numbers)
    yield from ((line, 0) for line in [*above, *[""][: len(above)]])
    yield from blocks_of(body, story)
    yield from ((line, 0) for line in [*[""][: len(below)], *below])


def _fetched_asides(book: Document) -> Iterator[list[etree._Element]]:
    """Footnotes and comments, kind by kind, once they are in the elements that point at them."""
    for pointer, (aside, related) in ASIDES.items():
        found = {each.get(ID): each for each in _elements(book, related) if each.tag == aside}
        fetched = []
        for place in list(book.element.body.iter(pointer)):
            if (wanted := found.pop(place.get(ID), None)) is not None:
                choose(wanted)
                place.append(wanted)
                fetched.append(wanted)
        yield fetched


def _elements(book: Document, related: str) -> Sequence[etree._Element]:
    part = _part(book, related)
    if part is None:
        return []
    return list(part.element if isinstance(part, XmlPart) else archive.parsed(part.blob))


def _part(book: Document, related: str) -> Any:
    """Asked for a part that is not there, the library would take that of its own template."""
    try:
        return book.part.part_related_by(related)
    except KeyError:
        return None
