"""Pictures in a Word 97 document: what is said of them for those who cannot see them."""

import struct
from collections.abc import Iterator

from documents.readers.common.stand_ins import description

PROPERTIES, DESCRIPTION = 0xF00B, 0x0381
COMPLEX, NUMBER = 0x8000, 0x3FFF  # of a property's code
HEAD, PROPERTY = 8, 6  # bytes
CONTAINERS = {0xF004}


def described(data: bytes, place: int) -> str:
    """`place` is where the picture begins in the document's other data."""
    try:
        size, head = struct.unpack_from("<iH", data, place)
        words = _description(data[place + head : place + size])
    except struct.error:
        return ""
    said = description(words)
    return f"Picture: {said}" if said else ""


def _description(data: bytes) -> str:
    for kind, count, body in _records(data):
        if kind in CONTAINERS:
            return _description(body)
        if kind == PROPERTIES:
            place = PROPERTY * count
            for each in range(count):
                code, value = struct.unpack_from("<HI", body, PROPERTY * each)
                if code & NUMBER == DESCRIPTION and code & COMPLEX:
                    return body[place : place + value].decode("utf-16-le", "replace").split("\0")[0]
                place += value if code & COMPLEX else 0
    return ""


def _records(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    place = 0
    while place + HEAD <= len(data):
        version, kind, size = struct.unpack_from("<HHI", data, place)
        yield kind, version >> 4, data[place + HEAD : place + HEAD + size]
        place += HEAD + size
