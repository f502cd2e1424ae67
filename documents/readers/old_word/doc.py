"""Word 6 to 2003: the text, by the table that says where its pieces lie."""

import itertools
import struct
from collections.abc import Iterator

import olefile

from documents.readers.common.blocks import Block, first_title, page_of
from documents.readers.common.refusal import Damaged, Empty
from documents.readers.common.source import Source
from documents.readers.old_office import properties
from documents.readers.old_word import doc_95, doc_properties
from documents.readers.old_word.doc_95 import File95
from documents.readers.old_word.doc_file import File
from documents.readers.old_word.doc_telling import Telling
from documents.readers.word.page_edges import framed, told_once

BODY, FOOTNOTES, EDGES, MACROS, COMMENTS, ENDNOTES, BOXES = range(7)
# Of each kind of aside: the tables of where they are pointed at and of their texts, and how many
# bytes the first says of each.
ASIDES = {
    FOOTNOTES: (2, 3, 2, "Note: "),
    COMMENTS: (4, 5, 30, "Comment: "),
    ENDNOTES: (46, 47, 2, "Note: "),
}
EDGE_TEXTS = 11
SEPARATORS, PER_SECTION = 6, 6  # even header, odd, even footer, odd, first header, first footer
FOOTERS = {2, 3, 5}


def parse(box: olefile.OleFileIO) -> Source:
    try:
        data = box.openstream("WordDocument").read()
        file = File95(box, data) if doc_95.is_one(data) else File(box, data)
        unread: list[str] = []
        page = page_of(None, _blocks(file, unread))._replace(unread=tuple(unread))
    except struct.error as error:
        raise Damaged from error
    if not page.text.strip():
        raise Empty
    return Source(properties.title(box) or first_title(page.headings), 1, [page])


def _blocks(file: File, unread: list[str]) -> list[Block]:
    lengths = file.lengths
    starts = [sum(lengths[:part]) for part in range(len(lengths))]
    asides: dict[int, str] = {}
    apart = [BOXES]
    for part, (places, texts, size, name) in ASIDES.items():
        found = dict(_asides(file, starts[part], places, texts, size)) if lengths[part] else {}
        asides |= {place: f"{name}{text}" for place, text in found.items()}
        apart += [] if found else [part]  # nothing says where they belong
    above, below = _edges(file, starts[EDGES]) if lengths[EDGES] else ([], [])
    telling = Telling(file, asides)
    body = telling.of(0, lengths[BODY])
    unread += telling.unread
    for part in sorted(apart):
        body += Telling(file, {}).of(starts[part], starts[part] + lengths[part])
    return framed(above, body, below)


def _asides(
    file: File, start: int, places: int, texts: int, size: int
) -> Iterator[tuple[int, str]]:
    where, _ = doc_properties.plan(file.table(places), size)
    parts, _ = doc_properties.plan(file.table(texts), 0)
    for place, first, after in zip(where, parts, parts[1:], strict=False):
        blocks = Telling(file, {}).of(start + first, start + after)
        if text := "\n".join(text.strip() for text, _ in blocks if text.strip()):
            yield place, text


def _edges(file: File, start: int) -> tuple[list[str], list[str]]:
    parts, _ = doc_properties.plan(file.table(EDGE_TEXTS), 0)
    told: tuple[list[str], list[str]] = ([], [])
    for number, (first, after) in enumerate(itertools.pairwise(parts)):
        if number >= SEPARATORS and after > first:
            kind = (number - SEPARATORS) % PER_SECTION
            blocks = Telling(file, {}, on_edge=True).of(start + first, start + after)
            told[kind in FOOTERS].extend(text for text, _ in blocks)
    return told_once(told[0]), told_once(told[1])
