"""What stands in the drawings of a Word file: charts, diagrams, descriptions of pictures."""

from collections.abc import Iterator
from typing import Any

from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from lxml import etree

from documents.readers.common import archive
from documents.readers.common.stand_ins import description
from documents.readers.office import ooxml_charts, ooxml_diagrams
from documents.readers.word.fields import beside
from documents.readers.word.text import Relations

BOX, RELATED = map(qn, ("w:txbxContent", "r:id"))
DRAWINGML = "{http://schemas.openxmlformats.org/drawingml/2006/%s}%s"
CHARTS = {
    DRAWINGML % ("chart", "chart"),
    "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart",
}
DIAGRAM = DRAWINGML % ("diagram", "relIds")
DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
CLICK = DRAWINGML % ("main", "hlinkClick")
PICTURES = {DRAWINGML % ("picture", "pic"), "{urn:schemas-microsoft-com:vml}imagedata"}
EXTENT = DRAWINGML % ("wordprocessingDrawing", "extent")
LARGE = 1_080_000  # EMU, three centimetres: a smaller picture has nothing to be read
# Text of a slide that was pasted as a drawing.
LINE, TEXT = DRAWINGML % ("main", "p"), DRAWINGML % ("main", "t")
VML = "{urn:schemas-microsoft-com:vml}"
ARTISTIC = f"{VML}textpath"  # a watermark


def lines_of(drawing: etree._Element, relations: Relations, unread: list[str]) -> Iterator[str]:
    """A line for each row or description; the text in its boxes is not told here.

    `unread` takes a noun for each thing that says nothing.
    """
    own = list(_own(drawing))
    described: set[str] = set()
    for each in own:
        if each.tag in CHARTS:
            found = _of_part(ooxml_charts, relations.get(each.get(RELATED, "")))
            yield from _noted(found, "chart", unread)
        elif each.tag == DIAGRAM:
            found = _of_part(ooxml_diagrams, relations.get(each.get(DATA, "")))
            yield from _noted(found, "diagram", unread)
        elif each.tag == LINE:
            yield "".join(each.itertext(TEXT))
        elif each.tag == ARTISTIC:
            yield each.get("string", "")
        elif words := description(each.get("descr") or each.get("alt") or ""):
            # A picture and its frame say the same.
            yield from [] if words in described else [_described(words, own, relations)]
            described.add(words)
    if not described and _is_large(drawing):
        unread.extend("picture" for each in own if each.tag in PICTURES)


def _own(drawing: etree._Element) -> Iterator[etree._Element]:
    """What is in it, but for the paragraphs that stand in its boxes."""
    left = [drawing]
    while left:
        element = left.pop()
        if element.tag != BOX:
            yield element
            left.extend(reversed(element))


def _is_large(drawing: etree._Element) -> bool:
    extent = drawing.find(f".//{EXTENT}")
    sizes = ("0", "0") if extent is None else (extent.get("cx", "0"), extent.get("cy", "0"))
    return all(size.isdigit() and int(size) >= LARGE for size in sizes)


def _noted(lines: Iterator[str], noun: str, unread: list[str]) -> Iterator[str]:
    found = list(lines)
    if not any(found):
        unread.append(noun)
    return iter(found)


def _described(words: str, own: list[etree._Element], relations: Relations) -> str:
    links = (relations.get(each.get(RELATED, "")) for each in own if each.tag == CLICK)
    targets = {link.target_ref for link in links if link is not None and link.is_external}
    return f"Picture: {words}" + "".join(beside(target, words) for target in sorted(targets))


def _of_part(reader: Any, relation: Any) -> Iterator[str]:
    """One bad drawing never costs the text."""
    if relation is None or relation.is_external:
        return
    part = relation.target_part
    try:
        root = part.element if isinstance(part, XmlPart) else archive.parsed(part.blob)
        yield from reader.lines_of(root)
    except archive.BROKEN:
        return
