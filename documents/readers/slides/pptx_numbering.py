"""The numbers of the lists on a slide, which PowerPoint counts and does not write down."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from documents.readers.common.list_labels import count, written
from documents.readers.slides import pptx_text

AUTO = "{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum"
MARKS = {AUTO, *(AUTO.replace("buAutoNum", name) for name in ("buNone", "buChar", "buBlip"))}
LIST = "{http://schemas.openxmlformats.org/drawingml/2006/main}lstStyle"
LEVEL = "{http://schemas.openxmlformats.org/drawingml/2006/main}lvl%dpPr"
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
    for paragraph in frame.paragraphs:
        text, deep = pptx_text.words_of(paragraph._p, frame.part), paragraph.level
        if not text.strip():
            yield text
            continue
        mark = _mark(paragraph, frame)
        scheme = mark if isinstance(mark, Scheme) else None
        before, number = counted.get(deep, (None, 0))
        counted = {level: told for level, told in counted.items() if level < deep}
        if scheme:
            number = number + 1 if before == scheme else scheme.start
            counted[deep] = scheme, number
            mark = scheme.label(number)
        yield f"{mark} {text}" if mark else text


def _mark(paragraph: Any, frame: Any) -> Scheme | str:
    """By the paragraph's own properties, else by those of its frame for the level."""
    of_level = frame._txBody.find(f"{LIST}/{LEVEL % (paragraph.level + 1)}")
    for properties in (paragraph._p.pPr, of_level):
        said = next(_number_properties(properties), None)
        if said is not None:
            if said.tag == AUTO:
                return Scheme(said.get("type", ""), count(said.get("startAt"), 1))
            return pptx_text.box_of(properties)
    return ""


def _number_properties(properties: etree._Element | None) -> Iterator[etree._Element]:
    """What it says of what stands before the item."""
    return (each for each in (() if properties is None else properties) if each.tag in MARKS)
