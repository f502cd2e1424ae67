"""The head of a GGUF file: names with values, and where each tensor lies. Little-endian, v2 and v3.

The file may come from anywhere: whatever it counts is believed only within limits. Long lists, such
as the words of a vocabulary, are passed over; only how many there are is kept.
"""

import math
import struct
from pathlib import Path
from typing import NamedTuple

from localchat.lib.sentences import Sentence

Value = int | float | bool | str | list[int]

VERSIONS = (2, 3)
FIRST_BYTES = 4_000_000
HEAD_BYTES = 256_000_000
TEXT_BYTES = 4_000_000
PAIRS = 65_536
TENSORS = 262_144
ENTRIES = 16_000_000  # of one list
KEPT = 4096  # a list of whole numbers up to so many is kept, such as the heads of each layer
_NUMBERS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_TEXT, _LIST = 8, 9
_WHOLE = {0, 1, 2, 3, 4, 5, 10, 11}

# Weights in a block of each type, and its bytes, by ggml's numbers.
BLOCKS = {
    0: (1, 4),
    1: (1, 2),
    2: (32, 18),
    3: (32, 20),
    6: (32, 22),
    7: (32, 24),
    8: (32, 34),
    9: (32, 36),
    10: (256, 84),
    11: (256, 110),
    12: (256, 144),
    13: (256, 176),
    14: (256, 210),
    15: (256, 292),
    16: (256, 66),
    17: (256, 74),
    18: (256, 98),
    19: (256, 50),
    20: (32, 18),
    21: (256, 110),
    22: (256, 82),
    23: (256, 136),
    24: (1, 1),
    25: (1, 2),
    26: (1, 4),
    27: (1, 8),
    28: (1, 8),
    29: (256, 56),
    30: (1, 2),
    34: (256, 54),
    35: (256, 66),
    39: (32, 17),
}


class NotGguf(ValueError):
    """The file is no GGUF, or its head is damaged. `why` is the end of a sentence."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(why)
        self.why = why


class Incomplete(NotGguf):
    """What there is of the file ends within its head; it may be whole when more has come."""


class Header(NamedTuple):
    values: dict[str, Value]  # of a list that is not kept: how many entries, under its name + "#"
    weights: int  # in all tensors
    size: int  # bytes that the whole file must have

    def text(self, name: str) -> str:
        found = self.values.get(name)
        return found if isinstance(found, str) else ""

    def number(self, name: str) -> int:
        found = self.values.get(name)
        return int(found) if isinstance(found, int | float) else 0

    def numbers(self, name: str, count: int) -> list[int]:
        """One for each of `count` layers, whether they are told one by one or all at once."""
        found = self.values.get(name)
        return found if isinstance(found, list) else [self.number(name)] * count


def header_of(path: Path) -> Header:
    """Raises NotGguf, OSError."""
    size = path.stat().st_size
    read = FIRST_BYTES
    while True:
        with path.open("rb") as file:
            head = file.read(read)
        try:
            return _Head(head).parsed()
        except (struct.error, UnicodeDecodeError, OverflowError) as error:
            if read >= min(size, HEAD_BYTES):
                said = Sentence("ends in the middle of its description, or is damaged")
                raise Incomplete(said) from error
        read *= 4


class _Head:
    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def parsed(self) -> Header:
        if self.bytes(4) != b"GGUF":
            raise NotGguf(Sentence("is not in the GGUF format"))
        version = self.number("I")
        if version not in VERSIONS:
            raise NotGguf(
                Sentence("has version %(n)s of the GGUF format; 2 and 3 are known", n=version)
            )
        tensors, pairs = self.counted("Q", TENSORS), self.counted("Q", PAIRS)
        values: dict[str, Value] = {}
        for _ in range(pairs):
            self.pair(values)
        return self.measured(values, tensors)

    def pair(self, values: dict[str, Value]) -> None:
        name, kind = self.text(), self.number("I")
        if kind == _TEXT:
            values[name] = self.text()
        elif kind == _LIST:
            self.entries(name, values)
        elif kind in _NUMBERS:
            values[name] = self.number(_NUMBERS[kind])
        else:
            raise NotGguf(Sentence("has a value of an unknown kind, or is damaged"))

    def entries(self, name: str, values: dict[str, Value]) -> None:
        kind, count = self.number("I"), self.counted("Q", ENTRIES)
        if kind == _TEXT:
            self.skip_texts(count)
        elif kind in _WHOLE and count <= KEPT:
            values[name] = [self.number(_NUMBERS[kind]) for _ in range(count)]
        elif kind in _NUMBERS:
            self.bytes(count * struct.calcsize(f"<{_NUMBERS[kind]}"))
        else:
            raise NotGguf(Sentence("has a list of an unknown kind, or is damaged"))
        values[f"{name}#"] = count

    def measured(self, values: dict[str, Value], tensors: int) -> Header:
        weights, end = 0, 0
        for _ in range(tensors):
            self.text()
            shape = [self.number("Q") for _ in range(self.counted("I", 8))]
            kind, offset = self.number("I"), self.number("Q")
            count = math.prod(shape)
            block, size = BLOCKS.get(kind, (1, 0))
            weights += count
            end = max(end, offset + count // block * size)
        aligned = values.get("general.alignment", 32)
        step = aligned if isinstance(aligned, int) and 0 < aligned <= 1 << 20 else 32
        start = -(-self.place // step) * step
        return Header(values, weights, start + end)

    def text(self) -> str:
        size = self.counted("Q", TEXT_BYTES)
        return self.bytes(size).decode("utf-8")

    def counted(self, form: str, most: int) -> int:
        count = self.number(form)
        if count > most:
            raise NotGguf(Sentence("counts more in its description than can be, or is damaged"))
        return count

    def number(self, form: str) -> int:
        (found,) = struct.unpack_from(f"<{form}", self.data, self.place)
        self.place += struct.calcsize(f"<{form}")
        return found  # type: ignore[no-any-return]

    def bytes(self, size: int) -> bytes:
        found = self.data[self.place : self.place + size]
        if len(found) < size:
            raise struct.error
        self.place += size
        return found

    def skip_texts(self, count: int) -> None:
        """Half a million of them, in a large vocabulary."""
        length, place, data = struct.Struct("<Q").unpack_from, self.place, self.data
        for _ in range(count):
            place += 8 + length(data, place)[0]
        self.place = place
