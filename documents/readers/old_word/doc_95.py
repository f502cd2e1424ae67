"""Word 6 and 95: one stream for all, letters of one width, and shorter names for what is said."""

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator

import olefile

from documents.readers.common import encoding
from documents.readers.common.refusal import Locked
from documents.readers.old_word import doc_properties
from documents.readers.old_word.doc_file import (
    CLX,
    FLAGS,
    PARAGRAPH_PAGES,
    TEXT_CHARACTERS,
    File,
    Piece,
    Stretch,
    plan,
)
from documents.readers.old_word.doc_lists import Lists
from documents.readers.old_word.doc_looks import PLAIN, Looks, Paragraph

VERSION, VERSIONS = 2, range(0x65, 0x6A)
TABLES, LATER_TABLES, LATER = 0x58, 0x62, 38  # places of them, from that one on
LENGTHS, FIRST_LETTER = 0x34, 0x18
ENCRYPTED, IN_PIECES, WIDE_LETTERS = 0x0100, 0x0004, 0x1000
CONTROLS = re.compile(rb"[\x00-\x1f]+")
PAGE, COUNT, WIDE = 512, 511, 7
IN_TABLE, ROW_END = 24, 25
# Of what is said of paragraphs, what does not take one byte; -1 says its size itself.
SIZES = {
    **dict.fromkeys((2, 16, 17, 18, 19, 21, 22, 26, 27, 28, 36, 45, 46, 47, 48, 49), 2),
    **dict.fromkeys((*range(30, 36), *range(38, 44)), 2),
    **dict.fromkeys((3, 12, 15, 23), -1),
    20: 4,
}
LAST = 51


def is_one(data: bytes) -> bool:
    return len(data) > VERSION + 1 and struct.unpack_from("<H", data, VERSION)[0] in VERSIONS


class File95(File):
    """Raises Damaged, Locked, NotText, struct.error."""

    def __init__(self, box: olefile.OleFileIO, data: bytes) -> None:
        (flags,) = struct.unpack_from("<H", data, FLAGS)
        if flags & ENCRYPTED:
            raise Locked
        self.box, self.data, self.elsewhere = box, data, b""
        self.lengths = struct.unpack_from("<7I", data, LENGTHS)
        self.width = 2 if flags & WIDE_LETTERS else 1
        self.pieces = list(self._pieces_of() if flags & IN_PIECES else self._one_piece())
        letters = b"".join(data[at : at + size * self.width] for _, size, at, _ in self.pieces)
        wide = self.width == 2
        self.text = letters.decode("utf-16-le", "replace") if wide else _decoded(letters)
        self.rows = sorted(_rows(data, self.table(PARAGRAPH_PAGES)))
        self.says_rows = bool(self.rows)
        self.looks, self.lists = Looks({}), Lists(b"", b"", ())
        self.fonts, self.symbolic = [], set()

    def table(self, number: int) -> bytes:
        start = LATER_TABLES if number >= LATER else TABLES
        place, size = struct.unpack_from("<II", self.data, start + 8 * number)
        return self.data[place : place + size]

    def paragraph_at(self, place: int) -> Paragraph:
        found = bisect_right(self.rows, (place, 1 << 40, True, True))
        start, end, in_table, ends_row = self.rows[found - 1] if found else (0, 0, False, False)
        return Paragraph(in_table, ends_row) if start <= place < end else Paragraph()

    def stretches(self, first: int, after: int) -> Iterator[Stretch]:
        for piece in self.pieces:
            start, end = max(first, piece.start), min(after, piece.start + piece.length)
            if start < end:
                place = piece.place + piece.width * (start - piece.start)
                yield Stretch(start, self.text[start:end], PLAIN, place, piece.width)

    def _one_piece(self) -> Iterator[Piece]:
        (place,) = struct.unpack_from("<I", self.data, FIRST_LETTER)
        yield Piece(0, min(sum(self.lengths), self._room(place)), place, self.width)

    def _pieces_of(self) -> Iterator[Piece]:
        places, said = doc_properties.plan(plan(self.table(CLX)), 8)
        after = 0
        for start, end, each in zip(places, places[1:], said, strict=False):
            (where,) = struct.unpack_from("<I", each, 2)
            length = min(max(end - start, 0), self._room(where), TEXT_CHARACTERS - after)
            yield Piece(after, length, where, self.width)
            after += length

    def _room(self, place: int) -> int:
        return max(len(self.data) - place, 0) // self.width


def _decoded(letters: bytes) -> str:
    """One for each byte, and the signs among them as they are."""
    text = encoding.decode(CONTROLS.sub(lambda found: b" " * len(found[0]), letters))
    if len(text) != len(letters):
        text = letters.decode("cp1252", "replace")
    pieces, done = [], 0
    for found in CONTROLS.finditer(letters):
        pieces += [text[done : found.start()], found[0].decode("ascii")]
        done = found.end()
    return "".join([*pieces, text[done:]])


def _rows(data: bytes, table: bytes) -> Iterator[tuple[int, int, bool, bool]]:
    """The paragraphs: where they begin and end, and whether they are in a table, or end its row."""
    count = max((len(table) - 4) // 6, 0)
    pages = struct.unpack_from(f"<{count}H", table, 4 * (count + 1)) if count else ()
    for number in sorted(set(pages)):
        page = data[number * PAGE : (number + 1) * PAGE]
        if len(page) == PAGE and (4 + WIDE) * page[COUNT] + 4 <= COUNT:
            yield from _on(page, page[COUNT])


def _on(page: bytes, count: int) -> Iterator[tuple[int, int, bool, bool]]:
    ends = struct.unpack_from(f"<{count + 1}I", page)
    for each in range(count):
        place = 2 * page[4 * (count + 1) + WIDE * each]
        said = page[place + 3 : place + 1 + 2 * page[place]] if place else b""
        told = dict(_properties(said))
        yield ends[each], ends[each + 1], told.get(IN_TABLE, 0) == 1, told.get(ROW_END, 0) == 1


def _properties(said: bytes) -> Iterator[tuple[int, int]]:
    """Each by its code, with the first byte of what is said of it; as far as they are known."""
    place = 0
    while place + 1 < len(said) and said[place] <= LAST:
        code = said[place]
        size = SIZES.get(code, 1)
        yield code, said[place + 1]
        place += 1 + (size if size > 0 else 1 + said[place + 1])
