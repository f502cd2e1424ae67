"""Comments on slides, of both kinds: of the program as it was, and those with answers."""

from collections.abc import Iterator

from lxml import etree
from pptx.slide import Slide

from documents.readers.common import archive
from documents.readers.slides import slide_page
from documents.readers.slides.pptx_text import MAIN

RELATED = "/comments"  # the end of what both kinds of relations are called
PARAGRAPH, TEXT = MAIN % "p", MAIN % "t"
DEEP = 2  # levels: comments, and answers to them


def blocks_of(slide: Slide) -> Iterator[str]:
    for relation in slide.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(RELATED):
            continue
        try:
            comments = archive.parsed(relation.target_part.blob)
        except archive.BROKEN:
            continue
        for element in comments.iter("{*}cm", "{*}reply"):
            if words := _words(element).strip():
                yield slide_page.comment(words)


def _words(comment: etree._Element) -> str:
    for child in comment:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name == "text":
            return child.text or ""
        if name == "txBody":
            return "\n".join("".join(each.itertext(TEXT)) for each in child.iter(PARAGRAPH))
    return ""
