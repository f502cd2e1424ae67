"""What a Word 97 document says of its letters and paragraphs, stretch by stretch of its bytes."""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

PAGE, COUNT = 512, 511  # bytes of a page of stretches; the last one is their number
PAGES = 50_000
NUMBER = 0x3FFFFF  # the bits that say which page it is
SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # of what is said of a property, by its kind
TABLE_SHAPE, HUGE = 0xD608, {0x6645, 0x6646}
LETTERS, PARAGRAPHS = 1, 13  # bytes with which a page says where its words on a stretch are


class Stretch(NamedTuple):
    start: int  # in the file's bytes
    end: int
    style: int  # of a paragraph
    said: bytes


NOWHERE = Stretch(0, 0, 0, b"")


class Stretches:
    """In order. `table` lists the pages, which lie in `data`, on which they are."""

    def __init__(self, data: bytes, table: bytes, wide: int) -> None:
        count = max((len(table) - 4) // 8, 0)
        numbers = struct.unpack_from(f"<{count}I", table, 4 * (count + 1)) if count else ()
        pages = sorted({number & NUMBER for number in numbers[:PAGES]})
        self.all = sorted(each for page in pages for each in _on(data, page * PAGE, wide))
        self.starts = [each.start for each in self.all]

    def at(self, place: int) -> Stretch:
        """That one, or the gap up to the next."""
        after = bisect_right(self.starts, place)
        found = self.all[after - 1] if after else NOWHERE
        if found.start <= place < found.end:
            return found
        end = self.starts[after] if after < len(self.starts) else 1 << 40
        return Stretch(place, end, 0, b"")


def _on(data: bytes, base: int, wide: int) -> Iterator[Stretch]:
    page = data[base : base + PAGE]
    if len(page) < PAGE or (4 + wide) * page[COUNT] + 4 > COUNT:
        return
    count = page[COUNT]
    ends = struct.unpack_from(f"<{count + 1}I", page)
    for number in range(count):
        place = 2 * page[4 * (count + 1) + wide * number]
        style, said = _words_on(page, place, wide) if place else (0, b"")
        if ends[number] < ends[number + 1]:
            yield Stretch(ends[number], ends[number + 1], style, said)


def _words_on(page: bytes, place: int, wide: int) -> tuple[int, bytes]:
    size = page[place]
    if wide == LETTERS:
        return 0, page[place + 1 : place + 1 + size]
    if size:
        said = page[place + 1 : place + 2 * size]
    else:
        said = page[place + 2 : place + 2 + 2 * page[place + 1]] if place + 1 < PAGE else b""
    return (struct.unpack_from("<H", said)[0], said[2:]) if len(said) > 1 else (0, b"")


def properties(said: bytes) -> Iterator[tuple[int, bytes]]:
    """Each by its code, with what is said of it."""
    place = 0
    while place + 2 < len(said):
        (code,) = struct.unpack_from("<H", said, place)
        place += 2
        kind = code >> 13
        if kind in SIZES:
            size, skipped = SIZES[kind], 0
        elif code == TABLE_SHAPE:
            if place + 2 > len(said):
                return
            size, skipped = struct.unpack_from("<H", said, place)[0] - 1, 2
        else:
            size, skipped = said[place], 1
        yield code, said[place + skipped : place + skipped + max(size, 0)]
        place += skipped + max(size, 0)


def with_huge(said: bytes, elsewhere: bytes) -> bytes:
    """Together with what had no room on the page. `elsewhere` is the document's other data."""
    for code, value in properties(said):
        if code in HUGE and len(value) == 4:
            (place,) = struct.unpack("<I", value)
            if place + 2 <= len(elsewhere):
                (size,) = struct.unpack_from("<H", elsewhere, place)
                return said + elsewhere[place + 2 : place + 2 + size]
    return said


def number(value: bytes) -> int:
    return int.from_bytes(value[:4], "little")


def plan(table: bytes, size: int) -> tuple[list[int], Sequence[bytes]]:
    """Places in the text, and what is said of each but the last."""
    count = max((len(table) - 4) // (4 + size), 0)
    if not count:
        return [], []
    places = list(struct.unpack_from(f"<{count + 1}I", table))
    start = 4 * (count + 1)
    return places, [table[start + size * each : start + size * (each + 1)] for each in range(count)]
