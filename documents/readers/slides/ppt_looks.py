"""How the letters on a slide of PowerPoint 97 are set: raised, or in a font of symbols."""

import re
import struct
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from documents.readers.common.raised import raised
from documents.readers.common.symbol_fonts import decoded, is_symbol_font
from documents.readers.slides.ppt_records import Record, Records

ENVIRONMENT, FONTS, FONT = 0x03F2, 0x07D5, 0x0FB7  # kinds of records
NAME_BYTES = 64
# By the bits of a mask, how many bytes there are, in their order.
OF_PARAGRAPHS = (
    *((0xF, 2), (1 << 7, 2), (1 << 4, 2), (1 << 6, 2), (1 << 5, 4), (1 << 11, 2), (1 << 12, 2)),
    *((1 << 13, 2), (1 << 14, 2), (1 << 8, 2), (1 << 10, 2), (1 << 15, 2), (1 << 20, 0)),
    *((1 << 16, 2), (0b111 << 17, 2), (1 << 21, 2)),
)
TABS = 1 << 20  # which say themselves how many they are
STYLE, COMMON, EAST, LATIN, SIGNS, SIZE, COLOR, POSITION = (
    *(0x3EB7, 1 << 16, 1 << 21, 1 << 22, 1 << 23, 1 << 17, 1 << 18, 1 << 19),
)
OF_LETTERS = (
    *((STYLE, 2), (COMMON, 2), (EAST, 2), (LATIN, 2), (SIGNS, 2), (SIZE, 2), (COLOR, 4)),
    (POSITION, 2),
)
PRIVATE = re.compile("[\uf000-\uf0ff]")
ALIKE = re.compile("[\uf000-\uf0ff]+|[^\uf000-\uf0ff]+")

Fonts = Mapping[int, str]
NO_FONTS: Fonts = {}


class Run(NamedTuple):
    letters: int
    font: str
    signs: str  # the font of letters that are of no alphabet
    is_raised: bool


def fonts_of(records: Records, document: Record) -> Fonts:
    found = records.under(document, ENVIRONMENT, FONTS, FONT)
    return {
        each.instance: records.data[each.start : each.start + NAME_BYTES]
        .decode("utf-16-le", "replace")
        .partition("\0")[0]
        for each in found
    }


def words_as_seen(records: Records, looks: Record, words: str, fonts: Fonts) -> str:
    """The words as they are seen; where their looks are damaged, from there on as they stand."""
    text, place = "", 0
    try:
        for run in _runs(records, looks, len(words) + 1, fonts):
            piece = words[place : place + run.letters]
            place += run.letters
            piece = "".join(_as_drawn(run, each) for each in ALIKE.findall(piece))
            text += raised(text[-40:], piece) if run.is_raised else piece
    except struct.error:
        pass
    return text + words[place:]


def _as_drawn(run: Run, alike: str) -> str:
    return decoded(run.signs if PRIVATE.match(alike) else run.font, alike)


def _runs(records: Records, looks: Record, letters: int, fonts: Fonts) -> Iterator[Run]:
    data = records.data[: looks.end]
    place, left = looks.start, letters
    while left > 0:
        count, mask = struct.unpack_from("<I2xI", data, place)
        records.spend(1)
        left -= max(count, 1)
        place = _after_paragraph(data, place + 10, mask)
    left = letters
    while left > 0 and place < looks.end:
        count, mask = struct.unpack_from("<II", data, place)
        records.spend(1)
        left -= max(count, 1)
        told, place = _letters(data, place + 8, mask)
        names = [fonts.get(told.get(each, -1), "") for each in (SIGNS, COMMON, LATIN)]
        signs, font = (next(filter(is_symbol_font, each), "") for each in (names, names[1:]))
        yield Run(count, font, signs, 0 < told.get(POSITION, 0) < 0x8000)


def _after_paragraph(data: bytes, place: int, mask: int) -> int:
    for bits, size in OF_PARAGRAPHS:
        if mask & bits == 0:
            continue
        if bits == TABS:
            size = 2 + 4 * struct.unpack_from("<H", data, place)[0]
        place += size
    return place


def _letters(data: bytes, place: int, mask: int) -> tuple[dict[int, int], int]:
    told = {}
    for bits, size in OF_LETTERS:
        if mask & bits:
            told[bits] = struct.unpack_from("<H", data, place)[0]
            place += size
    return told, place
