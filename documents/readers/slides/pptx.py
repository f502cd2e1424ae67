"""PowerPoint: a slide is a page, with all that is on it, its comments and its notes."""

from collections.abc import Iterator
from typing import BinaryIO

import pptx
from lxml import etree
from pptx.exc import PythonPptxError
from pptx.slide import Slide

from documents.readers.common import archive
from documents.readers.common.refusal import Damaged, Empty
from documents.readers.common.source import Source
from documents.readers.common.tidy import clean
from documents.readers.office import ooxml_package
from documents.readers.page import Page
from documents.readers.slides import pptx_comments, pptx_shapes, slide_page
from documents.readers.slides.pptx_numbering import text_of

BROKEN = (*archive.BROKEN, PythonPptxError)
ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
TEXTS = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}t",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t",
    pptx_shapes.CHART,
    pptx_shapes.EXTENDED,
)


def parse(file: BinaryIO) -> Source:
    known = ooxml_package.transitional(file)
    try:
        book = pptx.Presentation(known)
        made = list(book.slides)
        title = book.core_properties.title or ""
    except BROKEN as error:
        raise Damaged from error
    finally:
        if known is not file:
            known.close()  # by now all of it is in memory
    places = pptx_shapes.Places()
    pages = [_page(number, slide, places) for number, slide in enumerate(made, start=1)]
    if not any(page.text.strip() for page in pages):
        raise Empty
    return Source(slide_page.title_of(title, pages), len(pages), pages)


def _page(number: int, slide: Slide, places: pptx_shapes.Places) -> Page:
    unread = pptx_shapes.Unread()
    is_hidden = slide.element.get("show") in {"0", "false"}
    try:
        title, blocks = _title(slide), _blocks(slide, unread, places)
        page = slide_page.page_of(number, title, blocks, is_hidden=is_hidden)
    except BROKEN:
        return Page(number, "", [])  # one bad slide never costs the others
    return page._replace(unread=tuple(unread))


def _title(slide: Slide) -> str:
    shape = slide.shapes.title
    return clean(text_of(shape.text_frame)).strip() if shape is not None else ""


def _blocks(slide: Slide, unread: pptx_shapes.Unread, places: pptx_shapes.Places) -> Iterator[str]:
    """The title first, wherever on the slide it was made."""
    _choose(slide.element)
    yield from pptx_shapes.blocks_of(slide.shapes, slide.shapes.title, unread, places)
    yield from pptx_comments.blocks_of(slide)
    if slide.has_notes_slide:
        notes = slide.notes_slide.notes_text_frame
        if notes is not None and notes.text.strip():
            yield slide_page.notes(text_of(notes))


def _choose(slide: etree._Element) -> None:
    """Of what is there in two ways, for newer and older programs, the first that has words."""
    for element in list(slide.iter(ALTERNATIVES)):
        ways = [way for way in element if next(way.iter(*TEXTS), None) is not None] or element[-1:]
        parent = element.getparent()
        for shape in list(ways[0]) if ways and parent is not None else []:
            element.addprevious(shape)
        if parent is not None:
            parent.remove(element)
