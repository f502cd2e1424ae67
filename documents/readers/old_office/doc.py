"""Word 97 to 2003: the text, by the table that says where its pieces lie. No styles."""

import re
import struct
from collections.abc import Iterator, Sequence

import olefile

from documents.readers.common.refusal import Damaged, Empty, Locked
from documents.readers.common.source import Source
from documents.readers.common.tidy import clean
from documents.readers.old_office import doc_deletions, properties
from documents.readers.page import Page

FLAGS, RUNS, CLX = 0x0A, 0xFA, 0x01A2  # places in the file's head
# The lengths of the text's parts, in their order: the body, footnotes, what runs along the pages'
# edges, macros, comments, endnotes and text boxes.
PARTS = range(0x4C, 0x68, 4)
LEFT_OUT = {0x54, 0x58}
ENCRYPTED, SECOND_TABLE = 0x0100, 0x0200
PIECES, GRAMMAR = 0x02, 0x01  # what begins in the table's description
COMPRESSED, PLACE = 0x40000000, 0x3FFFFFFF
TEXT_CHARACTERS = 64 << 20

FIELD = re.compile("\x13[^\x13\x14\x15]*(?:\x14([^\x13\x14\x15]*))?\x15")  # code, result
FIELDS_DEEP = 5
MARKS = str.maketrans("\x0b\r\x0c\x1e\xa0", "\n\n\n- ", "\x02\x05\x1f")


def parse(box: olefile.OleFileIO) -> Source:
    data = box.openstream("WordDocument").read()
    try:
        text = "".join(_pieces(box, data))
    except struct.error as error:
        raise Damaged from error
    text = clean("\n".join(_plain(part).strip("\n") for part in _parts(text, data)))
    if not text.strip():
        raise Empty
    return Source(properties.title(box), 1, [_page(text)])


def _parts(text: str, data: bytes) -> Iterator[str]:
    start = 0
    for place in PARTS:
        length = _number(data, place)
        if length and place not in LEFT_OUT:
            yield text[start : start + length]
        start += length


def _page(text: str) -> Page:
    return Page(None, f"{text.strip()}\n", [])


def _pieces(box: olefile.OleFileIO, data: bytes) -> Iterator[str]:
    flags = struct.unpack_from("<H", data, FLAGS)[0]
    if flags & ENCRYPTED:
        raise Locked
    table = box.openstream("1Table" if flags & SECOND_TABLE else "0Table").read()
    place, size = struct.unpack_from("<II", data, CLX)
    plan = _plan(table[place : place + size])
    runs, length = struct.unpack_from("<II", data, RUNS)
    gone = doc_deletions.deleted(data, table[runs : runs + length])
    count = (len(plan) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plan)
    left = TEXT_CHARACTERS
    for number in range(count):
        where = struct.unpack_from("<I", plan, 4 * (count + 1) + 8 * number + 2)[0]
        length = min(max(ends[number + 1] - ends[number], 0), left)
        left -= length
        yield _piece(data, where, length, gone)


def _plan(description: bytes) -> bytes:
    """The table of pieces, behind what else is described."""
    place = 0
    while description[place : place + 1] == bytes([GRAMMAR]):
        place += 3 + struct.unpack_from("<H", description, place + 1)[0]
    if description[place : place + 1] != bytes([PIECES]):
        raise Damaged
    size = _number(description, place + 1)
    return description[place + 5 : place + 5 + size]


def _number(data: bytes, place: int) -> int:
    return int(struct.unpack_from("<I", data, place)[0])


def _piece(data: bytes, where: int, length: int, gone: Sequence[doc_deletions.Stretch]) -> str:
    place = where & PLACE
    if where & COMPRESSED:
        text = data[place // 2 : place // 2 + length].decode("cp1252", "replace")
        return doc_deletions.without(text, place // 2, 1, gone)
    text = data[place : place + 2 * length].decode("utf-16-le", "replace")
    return doc_deletions.without(text, place, 2, gone) if len(text) == length else text


def _plain(text: str) -> str:
    """Fields as their results, cells between bars, paragraphs as lines."""
    for _ in range(FIELDS_DEEP):
        text = FIELD.sub(lambda field: field[1] or "", text)
    rows = text.replace("\x07\x07", "\n").replace("\x07", " | ")
    return rows.translate(MARKS)
