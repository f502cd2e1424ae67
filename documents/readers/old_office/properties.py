"""What an old Office file says of itself, of which only the title is wanted."""

import codecs
import struct
from contextlib import suppress

import olefile

from documents.readers.common.tidy import one_line

STREAM = "\x05SummaryInformation"
MOST_BYTES = 1 << 20
MOST_FACTS = 100  # there are some twenty
SECTION_AT = 44  # where the place of the first section stands
CODEPAGE, TITLE = 1, 2
SMALL, BYTES, WIDE = 2, 30, 31  # types of facts
UNICODE = {1200: "utf-16-le", 65001: "utf-8"}  # by their numbers as code pages


def title(box: olefile.OleFileIO) -> str:
    """Empty where there is none, or what is told of it is damaged."""
    with suppress(OSError, struct.error, ValueError):
        return one_line(_title(box.openstream(STREAM).read(MOST_BYTES)))
    return ""


def _title(data: bytes) -> str:
    (section,) = struct.unpack_from("<I", data, SECTION_AT)
    (count,) = struct.unpack_from("<I", data, section + 4)
    facts = {}
    for number in range(min(count, MOST_FACTS)):
        key, place = struct.unpack_from("<II", data, section + 8 + 8 * number)
        facts[key] = section + place
    return _text(data, facts[TITLE], _encoding(data, facts)) if TITLE in facts else ""


def _encoding(data: bytes, facts: dict[int, int]) -> str:
    if CODEPAGE in facts:
        kind, number = struct.unpack_from("<HxxH", data, facts[CODEPAGE])
        name = UNICODE.get(number, f"cp{number}")
        with suppress(LookupError):
            return codecs.lookup(name).name if kind == SMALL else "cp1252"
    return "cp1252"


def _text(data: bytes, place: int, encoding: str) -> str:
    kind, size = struct.unpack_from("<II", data, place)
    if kind == WIDE:
        size, encoding = 2 * size, "utf-16-le"
    elif kind != BYTES:
        return ""
    return data[place + 8 : place + 8 + size].decode(encoding, "replace").partition("\0")[0]
