"""The numbers of the lists on a slide, which PowerPoint counts and does not write down."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from documents.readers.common.list_labels import count, written
from documents.readers.slides import pptx_text

AUTO = "{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum"
MARKS = {AUTO, *(AUTO.replace("buAutoNum", name) for name in ("buNone", "buChar", "buBlip"))}
PARAGRAPH, PROPERTIES, LIST, LEVEL = (
    f"{{http://schemas.openxmlformats.org/drawingml/2006/main}}{name}"
    for name in ("p", "pPr", "lstStyle", "lvl%dpPr")
)
KIND = re.compile("(arabic|alphaLc|alphaUc|romanLc|romanUc)(ParenBoth|ParenR|Period|Plain)")
FORMS = {"arabic": "1", "alphaLc": "a", "alphaUc": "A", "romanLc": "i", "romanUc": "I"}
AROUND = {"ParenBoth": "({})", "ParenR": "{})", "Period": "{}.", "Plain": "{}"}


class Scheme(NamedTuple):
    kind: str
    start: int

    def label(self, number: int) -> str:
        found = KIND.fullmatch(self.kind)
        form, around = (FORMS[found[1]], AROUND[found[2]]) if found else ("1", "{}.")
        return around.format(written(number, form))


def text_of(frame: Any) -> str:
    """The text of a python-pptx frame, a line a paragraph, with the numbers that are seen."""
    return "\n".join(_lines(frame))


def _lines(frame: Any) -> Iterator[str]:
    counted: dict[int, tuple[Scheme, int]] = {}  # by level
    body, part = frame._txBody, frame.part
    styles = body.find(LIST)
    for paragraph in body.iterchildren(PARAGRAPH):
        text, properties = pptx_text.words_of(paragraph, part), paragraph.find(PROPERTIES)
        if not text.strip():
            yield text
            continue
        deep = 0 if properties is None else count(properties.get("lvl"), 0)
        of_level = None if styles is None else styles.find(LEVEL % (deep + 1))
        mark = _mark(properties, of_level)
        scheme = mark if isinstance(mark, Scheme) else None
        before, number = counted.get(deep, (None, 0))
        counted = {level: told for level, told in counted.items() if level < deep}
        if scheme:
            number = number + 1 if before == scheme else scheme.start
            counted[deep] = scheme, number
            mark = scheme.label(number)
        yield f"{mark} {text}" if mark else text


def _mark(*said: etree._Element | None) -> Scheme | str:
    """By the paragraph's own properties, else by those of its frame for the level."""
    for properties in said:
        if properties is None:
            continue
        found = next(_number_properties(properties), None)
        if found is not None:
            if found.tag == AUTO:
                return Scheme(found.get("type", ""), count(found.get("startAt"), 1))
            return pptx_text.box_of(properties)
    return ""


def _number_properties(properties: etree._Element) -> Iterator[etree._Element]:
    """What it says of what stands before the item."""
    return (each for each in properties if each.tag in MARKS)
