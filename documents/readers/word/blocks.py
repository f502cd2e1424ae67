"""The blocks of a Word file's story: paragraphs and rows of tables, in the order of the document."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from docx.oxml.ns import qn
from lxml import etree

from documents.readers.common.blocks import Block
from documents.readers.common.spans import unfolded
from documents.readers.common.table_rows import lines_of
from documents.readers.word import drawings, embedded
from documents.readers.word.fields import CONTROL, control
from documents.readers.word.looks import is_on
from documents.readers.word.styles import Styles, child_of, style_of
from documents.readers.word.tables import rows_of
from documents.readers.word.text import Line

P, TBL, PROPERTIES, MARK = map(qn, ("w:p", "w:tbl", "w:pPr", "w:rPr"))
DRAWING, PICTURE, OBJECT, BOX = map(qn, ("w:drawing", "w:pict", "w:object", "w:txbxContent"))
CHUNK, RELATED = qn("w:altChunk"), qn("r:id")
GONE = tuple(map(qn, ("w:del", "w:moveFrom")))
HIDDEN, PARTING = map(qn, ("w:vanish", "w:specVanish"))
# What stands elsewhere in the file: where it is pointed at, and how it is told.
ASIDES = {
    qn("w:footnoteReference"): "Note: ",
    qn("w:endnoteReference"): "Note: ",
    qn("w:commentReference"): "Comment: ",
}
ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
TEXT = qn("w:t")


class Story(NamedTuple):
    """A part whose text is read: the body, a header, a footer."""

    part: Any
    styles: Styles
    unread: list[str]  # takes a noun for each thing that could not be
    aside_parts: Mapping[str, Any] = {}  # by what points at them: they have relations of their own

    @property
    def relations(self) -> Any:
        return self.part.rels


def choose(root: etree._Element) -> None:
    """Of what is there in two ways, for newer and older programs, the first that has words."""
    for element in list(root.iter(ALTERNATIVES)):
        ways = [way for way in element if next(way.iter(TEXT), None) is not None] or element[:1]
        parent = element.getparent()
        if parent is None:
            continue
        for each in list(ways[0]) if len(ways) else []:
            element.addprevious(each)
        parent.remove(element)


def blocks_of(parent: etree._Element, story: Story) -> Iterator[Block]:
    """With blank lines around tables."""
    carried = ""
    for child in parent:
        if child.tag == P:
            properties = child_of(child, PROPERTIES)
            style = style_of(properties)
            line = Line(story.styles.looks, story.relations, carried)
            text = line.of(child, style).strip("\n")
            carried = text if properties is not None and _runs_on(child, properties) else ""
            if not carried:
                is_hidden = text.startswith("[hidden:")
                yield text, 0 if is_hidden else story.styles.level(style, properties)
            yield from _beside(child, story)
        elif child.tag == TBL:
            yield "", 0
            rows = rows_of(child, lambda cell: _joined(cell, story))
            yield from ((line, 0) for line in lines_of(unfolded(rows)))
            yield "", 0
        elif child.tag == CHUNK:
            yield from embedded.blocks_of(story.relations.get(child.get(RELATED, "")), story.unread)
        elif child.tag == CONTROL:
            yield from _controlled(child, story)
        elif len(child) and child.tag not in GONE:
            yield from blocks_of(child, story)


def _controlled(element: etree._Element, story: Story) -> Iterator[Block]:
    found = control(element)
    if found.shown:
        yield found.shown, 0
    elif found.content is not None and found.shown is None:
        yield from blocks_of(found.content, story)


def _runs_on(paragraph: etree._Element, properties: etree._Element) -> bool:
    """Whether the next one goes on its line, since its own end is deleted or hidden."""
    mark = child_of(properties, MARK)
    after = paragraph.getnext()
    if mark is None or after is None or after.tag != P:
        return False
    is_hidden = is_on(mark.find(HIDDEN)) and mark.find(PARTING) is None
    return is_hidden or any(mark.find(name) is not None for name in GONE)


def _beside(paragraph: etree._Element, story: Story) -> Iterator[Block]:
    """What its drawings and boxes say and what it points at, after its sentence."""
    for place in paragraph.iter(BOX, DRAWING, PICTURE, OBJECT, *ASIDES):
        if _belongs(place, paragraph):
            if place.tag == BOX:
                yield from blocks_of(place, story)
            elif place.tag in ASIDES:
                yield from _aside(place, story)
            else:
                yield from _drawn(place, story)


def _aside(place: etree._Element, story: Story) -> Iterator[Block]:
    own = story._replace(part=story.aside_parts.get(place.tag, story.part))
    words = "\n".join(filter(None, (text.strip() for text, _ in blocks_of(place, own))))
    if words:
        yield f"{ASIDES[place.tag]}{words}", 0


def _belongs(place: etree._Element, paragraph: etree._Element) -> bool:
    for parent in place.iterancestors():
        if parent is paragraph:
            return True
        if parent.tag == P or parent.tag in GONE:
            return False
    return False


def _drawn(place: etree._Element, story: Story) -> Iterator[Block]:
    for line in drawings.lines_of(place, story.relations, story.unread):
        yield line, 0
    if place.tag == OBJECT:
        yield from embedded.of_object(place, story.relations, story.unread)


def _joined(cell: etree._Element, story: Story) -> str:
    return " ".join(text for text, _ in blocks_of(cell, story))
