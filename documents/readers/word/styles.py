"""What the styles of a Word file say: which paragraphs are headings, and how text is set."""

import re
from collections.abc import Mapping

from docx.oxml.ns import qn
from lxml import etree

from documents.readers.word.looks import Looks

PROPERTIES, STYLE, VALUE = map(qn, ("w:pPr", "w:pStyle", "w:val"))
NAME, LEVEL, BASE = map(qn, ("w:name", "w:outlineLvl", "w:basedOn"))
HEADING = re.compile(r"heading ([1-9])$", re.IGNORECASE)
DEEP = 10
BODY = "9"  # the level of what is no heading


class Styles:
    def __init__(self, styles: Mapping[str, etree._Element]) -> None:
        self.by_id = styles
        self.looks = Looks(styles)
        self._levels: dict[str, int] = {}

    def level(self, style: str, properties: etree._Element | None) -> int:
        """Of the heading that a paragraph of that style is; 0 is none."""
        own = None if properties is None else child_of(properties, LEVEL)
        if own is not None:
            return _outlined(own.get(VALUE, BODY))
        if style not in self._levels:
            self._levels[style] = _level(self.by_id.get(style), self.by_id)
        return self._levels[style]


def child_of(element: etree._Element, name: str) -> etree._Element | None:
    """As `find`, which is much slower."""
    return next(element.iterchildren(name), None)


def style_of(properties: etree._Element | None) -> str:
    """The id that a paragraph names; empty where it names none."""
    style = None if properties is None else child_of(properties, STYLE)
    return "" if style is None else str(style.get(VALUE, ""))


def _level(style: etree._Element | None, styles: Mapping[str, etree._Element]) -> int:
    """That of the heading which the style makes."""
    for _ in range(DEEP):  # styles may be based on each other, also in a circle
        if style is None:
            break
        name = style.find(NAME)
        value = "" if name is None else name.get(VALUE, "")
        if found := HEADING.match(value):
            return int(found[1])
        if value.lower() == "title":
            return 1
        outline = style.find(f"{PROPERTIES}/{LEVEL}")
        if outline is not None and outline.get(VALUE, BODY) < BODY:
            return _outlined(outline.get(VALUE, BODY))
        base = style.find(BASE)
        style = styles.get("" if base is None else base.get(VALUE, ""))
    return 0


def _outlined(value: str) -> int:
    return int(value) + 1 if value.isdigit() and value < BODY else 0
