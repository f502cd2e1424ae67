"""What a PowerPoint 97 file is made of: records, many of which are made of others."""

import struct
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from documents.readers.common.refusal import TooLong

HEAD = struct.Struct("<HHI")  # version and instance, kind, length
RECORDS = 1_000_000  # looked at in all, be it the same one again and again
CHARACTERS = 64 << 20


class Record(NamedTuple):
    kind: int
    instance: int
    start: int  # of what is in it
    end: int


class Records:
    """Those of a whole stream. Raises struct.error where one ends too early."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.left, self.letters_left = RECORDS, CHARACTERS
        self.fonts: Mapping[int, str] = {}  # by their numbers

    def at(self, place: int, most: int | None = None) -> Record:
        """That which begins there, and ends before `most`, or with the stream."""
        self.spend(1)
        marks, kind, length = HEAD.unpack_from(self.data, place)
        start = place + HEAD.size
        end = min(start + length, len(self.data) if most is None else most)
        return Record(kind, marks >> 4, start, end)

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise TooLong

    def spend_letters(self, count: int) -> None:
        self.letters_left -= count
        if self.letters_left < 0:
            raise TooLong

    def inside(self, outer: Record, *kinds: int) -> Iterator[Record]:
        """In order; those of the kinds, if any are named."""
        place = outer.start
        while place + HEAD.size <= outer.end:
            record = self.at(place, outer.end)
            if not kinds or record.kind in kinds:
                yield record
            place = record.end

    def under(self, outer: Record, *way: int) -> Iterator[Record]:
        """Those at the end of the way: of its last kind, in those of the kind before, and so on."""
        for record in self.inside(outer, way[0]):
            if len(way) == 1:
                yield record
            else:
                yield from self.under(record, *way[1:])

    def numbers(self, record: Record, form: str) -> tuple[Any, ...]:
        end = min(record.end, record.start + struct.calcsize(form))
        return struct.unpack(form, self.data[record.start : end])

    def text(self, record: Record, encoding: str) -> str:
        self.spend_letters(record.end - record.start)
        return self.data[record.start : record.end].decode(encoding, "replace")
