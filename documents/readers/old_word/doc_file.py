"""The streams of a Word 97 document: its letters piece by piece, and what is said of them."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

import olefile

from documents.readers.common.refusal import Damaged, Locked
from documents.readers.common.symbol_fonts import is_symbol_font
from documents.readers.old_word import doc_properties, doc_styles
from documents.readers.old_word.doc_lists import Lists
from documents.readers.old_word.doc_looks import Look, Looks, Paragraph, paragraph
from documents.readers.old_word.doc_properties import LETTERS, PARAGRAPHS, Stretches

FLAGS, TABLES = 0x0A, 0x9A  # places in the file's head
# The lengths of the text's parts, in their order: the body, footnotes, what runs along the pages'
# edges, macros, comments, endnotes and text boxes.
LENGTHS = 0x4C
ENCRYPTED, SECOND_TABLE = 0x0100, 0x0200
# Tables, by their places.
STYLES, LETTER_PAGES, PARAGRAPH_PAGES, FONTS, CLX, LISTS, NUMBERINGS = 1, 12, 13, 15, 33, 73, 74
PIECES, GRAMMAR = 0x02, 0x01  # what begins in the table's description
COMPRESSED, PLACE = 0x40000000, 0x3FFFFFFF
TEXT_CHARACTERS = 64 << 20


class Piece(NamedTuple):
    start: int  # in the text
    length: int
    place: int  # in the file's bytes
    width: int  # bytes of a letter


class Stretch(NamedTuple):
    """Letters that are set alike, in one paragraph's style."""

    start: int  # in the text
    text: str
    look: Look
    place: int  # in the file's bytes
    width: int


class File:
    """Raises Damaged, Locked, struct.error."""

    def __init__(self, box: olefile.OleFileIO, data: bytes) -> None:
        self.box, self.data = box, data
        self.lengths = struct.unpack_from("<7I", data, LENGTHS)
        flags = struct.unpack_from("<H", self.data, FLAGS)[0]
        if flags & ENCRYPTED:
            raise Locked
        self._tables: bytes = box.openstream("1Table" if flags & SECOND_TABLE else "0Table").read()
        self.elsewhere = box.openstream("Data").read() if box.exists("Data") else b""
        self.pieces = list(self._pieces())
        self.letters = Stretches(self.data, self.table(LETTER_PAGES), LETTERS)
        self.paragraphs = Stretches(self.data, self.table(PARAGRAPH_PAGES), PARAGRAPHS)
        self.says_rows = bool(self.paragraphs.all)
        self.looks = Looks(doc_styles.styles(self.table(STYLES)))
        self.fonts = doc_styles.fonts(self.table(FONTS))
        self.lists = Lists(self._onward(LISTS), self._onward(NUMBERINGS), self.fonts)
        self.symbolic = {place for place, name in enumerate(self.fonts) if is_symbol_font(name)}

    def table(self, number: int) -> bytes:
        place, size = struct.unpack_from("<II", self.data, TABLES + 8 * number)
        return self._tables[place : place + size]

    def _onward(self, number: int) -> bytes:
        """The table, and what stands behind it."""
        place, size = struct.unpack_from("<II", self.data, TABLES + 8 * number)
        return self._tables[place:] if size else b""

    def font(self, number: int) -> str:
        return self.fonts[number] if 0 <= number < len(self.fonts) else ""

    def paragraph_at(self, place: int) -> Paragraph:
        found = self.paragraphs.at(place)
        said = paragraph(doc_properties.with_huge(found.said, self.elsewhere))
        level = self.looks.level(found.style) if said.level is None else said.level
        return said._replace(
            level=level, style=found.style, item=self.looks.item(found.style, said.item)
        )

    def stretches(self, first: int, after: int) -> Iterator[Stretch]:
        """Of the text from one place to before another."""
        for piece in self.pieces:
            start = max(first, piece.start)
            end = min(after, piece.start + piece.length)
            place = piece.place + piece.width * (start - piece.start)
            last = piece.place + piece.width * (end - piece.start)
            while place < last:
                letters, around = self.letters.at(place), self.paragraphs.at(place)
                until = min(letters.end, around.end, last)
                count = max((until - place) // piece.width, 1)
                data = self.data[place : place + count * piece.width]
                look = self.looks.of(around.style, letters.said)
                yield Stretch(start, _decoded(data, piece.width), look, place, piece.width)
                start += count
                place += count * piece.width

    def _pieces(self) -> Iterator[Piece]:
        places, said = doc_properties.plan(plan(self.table(CLX)), 8)
        left = TEXT_CHARACTERS
        for start, end, each in zip(places, places[1:], said, strict=False):
            where = struct.unpack_from("<I", each, 2)[0]
            length = min(max(end - start, 0), left)
            left -= length
            place, width = where & PLACE, 2
            if where & COMPRESSED:
                place, width = place // 2, 1
            length = min(length, max(len(self.data) - place, 0) // width)
            yield Piece(start, length, place, width)


def _decoded(data: bytes, width: int) -> str:
    return data.decode("cp1252" if width == 1 else "utf-16-le", "replace")


def plan(description: bytes) -> bytes:
    """The table of pieces, behind what else is described."""
    place = 0
    while description[place : place + 1] == bytes([GRAMMAR]):
        place += 3 + struct.unpack_from("<H", description, place + 1)[0]
    if description[place : place + 1] != bytes([PIECES]):
        raise Damaged
    size = struct.unpack_from("<I", description, place + 1)[0]
    return description[place + 5 : place + 5 + size]
