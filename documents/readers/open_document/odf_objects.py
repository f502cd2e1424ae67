"""What stands in a frame of an OpenDocument file: formulas, charts, pictures and what is said of
them.
"""

import re

from lxml import etree

from documents.readers.common.stand_ins import description
from documents.readers.formula.formulas import of_mathml
from documents.readers.open_document import odf_charts
from documents.readers.open_document.odf_book import BODY, Book
from documents.readers.open_document.odf_looks import OASIS

OBJECT, OTHER_OBJECT, IMAGE, BOX = (
    OASIS % ("drawing", name) for name in ("object", "object-ole", "image", "text-box")
)
SAID = tuple(OASIS % ("svg-compatible", name) for name in ("title", "desc"))
WIDTH, HEIGHT = (OASIS % ("svg-compatible", name) for name in ("width", "height"))
MATH = "{http://www.w3.org/1998/Math/MathML}math"
LENGTH = re.compile(r"([\d.]{1,12})(cm|mm|in|pt|pc)")
CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6}
LARGE = 3.0  # centimetres: a smaller picture has nothing to be read


def formula(frame: etree._Element, book: Book) -> str | None:
    """On one line; None where there is none in the frame."""
    place = next(frame.iterchildren(OBJECT), None)
    if place is None:
        return None
    root = book.within(place)
    if root is None or root.tag not in {MATH, "math"}:
        return None
    return of_mathml(root)


def embedded(frame: etree._Element, book: Book) -> etree._Element | None:
    """The chart, table or text in the frame."""
    place = next(frame.iterchildren(OBJECT), None)
    root = None if place is None else book.within(place)
    body = None if root is None else root.find(BODY)
    content = body[0] if body is not None and len(body) else None
    if content is not None and content.tag == odf_charts.CHART:
        odf_charts.show(content)
    return content


def said_of(frame: etree._Element) -> str:
    """What is said of it for those who cannot see it."""
    words = [description("".join(each.itertext())) for each in frame.iterchildren(*SAID)]
    told = list(dict.fromkeys(filter(None, words)))
    return f"Picture: {': '.join(told)}" if told else ""


def unread(frame: etree._Element, found: etree._Element | None) -> str:
    """A noun for what is in the frame and has no words."""
    tags = {child.tag for child in frame}
    if found is not None or BOX in tags:
        return ""
    if tags & {OBJECT, OTHER_OBJECT}:
        return "embedded file"
    is_large = all(_centimetres(frame.get(name, "")) >= LARGE for name in (WIDTH, HEIGHT))
    return "picture" if IMAGE in tags and is_large else ""


def _centimetres(length: str) -> float:
    found = LENGTH.fullmatch(length.strip())
    try:
        return float(found[1]) * CENTIMETRES[found[2]] if found else 0
    except ValueError:
        return 0
