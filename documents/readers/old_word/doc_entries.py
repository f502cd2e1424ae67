"""Fields of forms in a Word 97 document: what its data say of each."""

import struct

from documents.readers.old_word.word_fields import BOX, LIST, TEXT, Entry

HEAD = 10  # bytes before the field's name
ENTRIES = 50  # Word has no more
EXTENDED = 0xFFFF


def entry(data: bytes, place: int) -> Entry | None:
    """None where there is none. `place` is where it begins in the document's other data."""
    try:
        size, head = struct.unpack_from("<iH", data, place)
        return _entry(data[place + head : place + size])
    except (struct.error, ValueError):
        return None


def _entry(data: bytes) -> Entry | None:
    version, bits = struct.unpack_from("<IH", data)
    if version != 0xFFFFFFFF:
        return None
    kind, result = bits & 3, bits >> 2 & 0x1F
    _, place = _text(data, HEAD)
    if kind == TEXT:
        default, place = _text(data, place)
        return Entry(TEXT, text=default)
    if kind not in {BOX, LIST}:
        return None
    (number,) = struct.unpack_from("<H", data, place)
    place += 2
    if kind == BOX:
        return Entry(BOX, result, number)
    for _ in range(5):  # its format, two sentences of help, two macros
        _, place = _text(data, place)
    return Entry(LIST, result, number, tuple(_choices(data, place)))


def _text(data: bytes, place: int) -> tuple[str, int]:
    (count,) = struct.unpack_from("<H", data, place)
    end = place + 2 + 2 * count
    if end > len(data):
        raise ValueError
    return data[place + 2 : end].decode("utf-16-le", "replace"), end + 2


def _choices(data: bytes, place: int) -> list[str]:
    marked, count, extra = struct.unpack_from("<HHH", data, place)
    place += 6
    if marked != EXTENDED or count > ENTRIES:
        return []
    found: list[str] = []
    for _ in range(count):
        text, end = _text(data, place)
        found.append(text)
        place = end - 2 + extra
    return found
