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
        self._levels = {key: _level(style, styles) for key, style in styles.items()}

    def level(self, paragraph: etree._Element) -> int:
        """Of the heading that it is; 0 is none."""
        properties = paragraph.find(PROPERTIES)
        if properties is None:
            return 0
        own = properties.find(LEVEL)
        if own is not None:
            return _outlined(own.get(VALUE, BODY))
        style = properties.find(STYLE)
        return self._levels.get("" if style is None else style.get(VALUE, ""), 0)


def _level(style: etree._Element, styles: Mapping[str, etree._Element]) -> int:
    """That of the heading which the style makes."""
    for _ in range(DEEP):  # styles may be based on each other, also in a circle
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
        found_base = styles.get("" if base is None else base.get(VALUE, ""))
        if found_base is None:
            break
        style = found_base
    return 0


def _outlined(value: str) -> int:
    return int(value) + 1 if value.isdigit() and value < BODY else 0
