"""Headers and footers of a Word file: each line once, as its sections show them."""

import re
from collections.abc import Iterator
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

from documents.readers.word.blocks import Story, blocks_of, choose
from documents.readers.word.looks import is_on
from documents.readers.word.numbering import Numbering

SECTION, CHANGE, TITLE_PAGE, EVEN_PAGES, TYPE, RELATED = map(
    qn,
    ("w:sectPr", "w:sectPrChange", "w:titlePg", "w:evenAndOddHeaders", "w:type", "r:id"),
)
HEADER, FOOTER = map(qn, ("w:headerReference", "w:footerReference"))
FIRST, EVEN = "first", "even"
# A number of the page, and words around it.
PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|blatt|p|pg|s|página|pagina|side|sida)\b\W*)?"
    r"(?:\d{1,4}|[ivxlc]{1,6})?\W*(?:(?:of|von|de|di|sur|av|van)\b\W*)?\d{0,4}\W*",
    re.IGNORECASE,
)


def lines_of(body: etree._Element, story: Story, numbers: Numbering) -> tuple[list[str], list[str]]:
    """What stands above, and what below the text, none of it twice."""
    has_even = _has_even(story.part)
    said: set[str] = set()
    above: list[str] = []
    below: list[str] = []
    for section in body.iter(SECTION):
        parent = section.getparent()
        if parent is None or parent.tag == CHANGE:
            continue
        shown = {"default", *([FIRST] if is_on(section.find(TITLE_PAGE)) else [])}
        shown |= {EVEN} if has_even else set()
        for reference in section.iterchildren(HEADER, FOOTER):
            if reference.get(TYPE, "default") in shown:
                lines = above if reference.tag == HEADER else below
                for line in _lines(story, reference.get(RELATED, ""), numbers):
                    if line not in said:
                        said.add(line)
                        lines.append(line)
    return above, below


def _has_even(part: Any) -> bool:
    try:
        settings = part.part_related_by(RELATIONSHIP_TYPE.SETTINGS)
    except KeyError:
        return False
    element = getattr(settings, "element", None)
    return element is not None and is_on(element.find(EVEN_PAGES))


def _lines(story: Story, key: str, numbers: Numbering) -> Iterator[str]:
    relation = story.relations.get(key)
    part = None if relation is None or relation.is_external else relation.target_part
    element = getattr(part, "element", None)
    if element is None:
        return
    choose(element)
    numbers.lay(element)
    for text, _ in blocks_of(element, story._replace(part=part, unread=[])):
        for line in text.split("\n"):
            words = " ".join(line.split())
            if words and not PAGE_NUMBER.fullmatch(words):
                yield words
