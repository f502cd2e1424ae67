"""Slides of OpenDocument: in the order in which one reads them, hidden ones said to be so."""

import re
from collections.abc import Callable, Iterable, Iterator

from lxml import etree

from documents.readers.common import stand_ins
from documents.readers.common.blocks import Block
from documents.readers.common.hidden import hidden
from documents.readers.page import Page
from documents.readers.slides import slide_page
from documents.readers.slides.slide_page import Place

OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}%s"
NOTES, CLASS = OASIS % ("presentation", "notes"), OASIS % ("presentation", "class")
VISIBLE = OASIS % ("presentation", "visibility")
STYLE, STYLE_NAME = OASIS % ("style", "style"), OASIS % ("style", "name")
GROUP, OF_STYLE = OASIS % ("drawing", "g"), OASIS % ("drawing", "style-name")
DISPLAY = (OASIS % ("drawing", "display"), "{http://openoffice.org/2010/draw}display")
TRANSFORM = OASIS % ("drawing", "transform")
COMMENT, PARAGRAPH = OASIS % ("office", "annotation"), OASIS % ("text", "p")
LEFT, TOP, HEIGHT = (OASIS % ("svg-compatible", name) for name in ("x", "y", "height"))
NAMES = [OASIS % ("svg-compatible", name) for name in ("desc", "title")]
FURNITURE = {"page-number", "date-time", "footer", "header", "page"}
LENGTH = re.compile(r"(-?[\d.]+)(cm|mm|in|pt|px)?")
MOVED = re.compile(r"translate\s*\(\s*(\S+?)[\s,]+([^\s)]+)")
CENTIMETRES = {"mm": 0.1, "in": 2.54, "pt": 0.0353, "px": 0.0265}
DEEP = 20  # groups in groups

Told = Callable[[etree._Element], Iterable[Block]]


def hidden_styles(roots: Iterable[etree._Element]) -> set[str]:
    """The names of the styles of slides that are not shown."""
    styles = (style for root in roots for style in root.iter(STYLE))
    return {
        style.get(STYLE_NAME, "")
        for style in styles
        if any(part.get(VISIBLE) == "hidden" for part in style)
    }


def page_of(number: int, slide: etree._Element, unshown: set[str], told: Told) -> Page:
    """`told` gives what is in a frame or a shape, and in notes."""
    title = next((each for each in slide if each.get(CLASS) == "title"), None)
    name = "" if title is None else "\n".join(_texts(title, told)).strip()
    is_hidden = slide.get(OF_STYLE, "") in unshown
    return slide_page.page_of(number, name, _blocks(slide, title, told), is_hidden=is_hidden)


def _blocks(slide: etree._Element, title: etree._Element | None, told: Told) -> Iterator[str]:
    apart = {NOTES, COMMENT}
    yield from _drawn([each for each in slide if each.tag not in apart], title, told, DEEP)
    for comment in slide.iterchildren(COMMENT):
        paragraphs = ("".join(each.itertext()) for each in comment.iter(PARAGRAPH))
        yield slide_page.comment("\n".join(paragraphs))
    for notes in slide.iterchildren(NOTES):
        texts = [text for text in _texts(notes, told) if text.strip()]
        if texts:
            yield slide_page.notes("\n".join(texts))


def _drawn(
    shapes: Iterable[etree._Element], title: etree._Element | None, told: Told, deep: int
) -> Iterator[str]:
    drawn = [each for each in shapes if isinstance(each.tag, str) and _is_own(each)]
    for shape in slide_page.in_order(drawn, _place, lambda each: each is title):
        if shape.tag == GROUP and deep:
            yield from _drawn(shape, None, told, deep - 1)
            continue
        texts = list(_texts(shape, told))
        if any(shape.get(name) == "none" for name in DISPLAY):
            texts = [hidden(text) for text in texts if text.strip()]
        if any(text.strip() for text in texts):
            yield slide_page.block("\n".join(texts))
        elif described := _described(shape):
            yield slide_page.block(f"Picture: {described}")


def _is_own(shape: etree._Element) -> bool:
    return shape.get(CLASS) not in FURNITURE


def _described(shape: etree._Element) -> str:
    found = (stand_ins.description(each.text or "") for each in shape.iterchildren(*NAMES))
    return next(filter(None, found), "")


def _texts(shape: etree._Element, told: Told) -> Iterator[str]:
    return (text for text, _ in told(shape))


def _place(shape: etree._Element) -> Place:
    """A group begins where its first shapes do."""
    if shape.tag == GROUP:
        inner = [_place(each) for each in shape.iterdescendants() if each.get(TOP)]
        edges = [(each.top, each.left, each.top + each.height) for each in inner]
        tops, lefts, floors = zip(*edges, strict=True) if edges else ((0.0,),) * 3
        return Place(min(tops), min(lefts), max(floors) - min(tops))
    left, top = shape.get(LEFT, ""), shape.get(TOP, "")
    if not top and (moved := MOVED.search(shape.get(TRANSFORM, ""))):
        left, top = moved[1], moved[2]
    return Place(_length(top), _length(left), _length(shape.get(HEIGHT, "")))


def _length(value: str) -> float:
    """In centimetres."""
    found = LENGTH.match(value)
    try:
        return float(found[1]) * CENTIMETRES.get(found[2], 1.0) if found else 0.0
    except ValueError:
        return 0.0
