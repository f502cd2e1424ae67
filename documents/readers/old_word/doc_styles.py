"""The styles and fonts of a Word 97 document."""

import re
import struct
from typing import NamedTuple

from documents.readers.old_word.doc_properties import number, properties

HEADING = re.compile(r"heading ([1-9])$", re.IGNORECASE)
HEADINGS, TITLE = range(1, 10), 62  # what Word's own styles are known by
OUTLINE = 0x2640
NO_STYLE, PARAGRAPH = 0xFFF, 1
FONT_NAME = 40  # where it begins in what is said of a font
STYLES = 5_000


class Style(NamedTuple):
    base: int
    level: int  # of the heading that it makes; 0 is none
    letters: bytes  # what it says of them
    paragraphs: bytes


def styles(sheet: bytes) -> dict[int, Style]:
    """By their places in the sheet."""
    found: dict[int, Style] = {}
    if len(sheet) < 6:
        return found
    size, count, fixed = struct.unpack_from("<HHH", sheet)
    place = 2 + size
    for each in range(min(count, STYLES)):
        if place + 2 > len(sheet):
            break
        (length,) = struct.unpack_from("<H", sheet, place)
        if length > fixed:
            found[each] = _style(sheet[place + 2 : place + 2 + length], fixed)
        place += 2 + length
    return found


def _style(said: bytes, fixed: int) -> Style:
    own, kind, parts = struct.unpack_from("<HHH", said)
    (characters,) = struct.unpack_from("<H", said, fixed) if len(said) > fixed + 1 else (0,)
    name = said[fixed + 2 : fixed + 2 + 2 * characters].decode("utf-16-le", "replace")
    place = fixed + 4 + 2 * characters
    pieces: list[bytes] = []
    for _ in range(parts & 0xF):
        place += place % 2
        if place + 2 > len(said):
            break
        (size,) = struct.unpack_from("<H", said, place)
        pieces.append(said[place + 2 : place + 2 + size])
        place += 2 + size
    is_paragraph = kind & 0xF == PARAGRAPH
    letters = pieces[1] if is_paragraph and len(pieces) > 1 else b""
    letters = letters if is_paragraph or not pieces else pieces[0]
    paragraphs = pieces[0][2:] if is_paragraph and pieces else b""
    level = _level(own & 0xFFF, name, paragraphs) if is_paragraph else 0
    return Style(kind >> 4, level, letters, paragraphs)


def _level(own: int, name: str, said: bytes) -> int:
    if own in HEADINGS:
        return own
    if found := HEADING.match(name.split(",")[0]):
        return int(found[1])
    if own == TITLE or name.lower() == "title":
        return 1
    level = next((number(value) for code, value in properties(said) if code == OUTLINE), 9)
    return level + 1 if level < 9 else 0


def fonts(table: bytes) -> list[str]:
    """Their names, by their places."""
    found: list[str] = []
    place = 4
    count = struct.unpack_from("<H", table)[0] if len(table) > 3 else 0
    for _ in range(count):
        if place >= len(table):
            break
        said = table[place : place + 1 + table[place]]
        name = said[FONT_NAME:].decode("utf-16-le", "replace")
        found.append(name.split("\0", 1)[0])
        place += len(said)
    return found
