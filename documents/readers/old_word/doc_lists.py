"""The lists of a Word 97 document: which paragraph is an item of which, and how it is numbered."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from documents.readers.common.symbol_fonts import decoded
from documents.readers.old_word.doc_properties import number, properties
from documents.readers.word.list_counters import Counters, Level, Scheme

NUMBERING, DEPTH, FONT = 0x460B, 0x260A, 0x4A4F
FORMS = {1: "I", 2: "i", 3: "A", 4: "a", 5: "1st", 22: "01", 23: "bullet", 255: ""}
LIST_BYTES, LEVEL_BYTES, NUMBERING_BYTES, OVERRIDE_BYTES = 28, 28, 16, 8
LEVELS, LISTS, LABEL_CHARACTERS = 9, 2_000, 60
IS_SIMPLE, IS_LEGAL, RESTARTS_LESS = 0x01, 0x04, 0x08
STARTS_ANEW, IS_LEVEL = 0x10, 0x20
NO_STYLE = 0xFFF


class Item(NamedTuple):
    numbering: int | None = None  # which one, from 1; 0 takes the style's away
    deep: int | None = None


def item(said: bytes) -> Item:
    found = Item()
    for code, value in properties(said):
        if code == NUMBERING:
            found = found._replace(numbering=number(value))
        elif code == DEPTH:
            found = found._replace(deep=number(value))
    return found


class Lists:
    """`lists` and `numberings`: the tables of both, with all that stands behind them."""

    def __init__(self, lists: bytes, numberings: bytes, fonts: Sequence[str]) -> None:
        self.schemes: dict[int, Scheme] = {}
        try:
            known = {scheme.key: scheme for scheme in _lists(lists, fonts)}
            for place, scheme in enumerate(_numberings(numberings, known, fonts), start=1):
                self.schemes[place] = scheme
        except struct.error:
            pass  # those that are whole are told

    def counters(self) -> Counters:
        return Counters({str(key): scheme for key, scheme in self.schemes.items()})

    def label(self, counters: Counters, found: Item, style: int) -> str:
        """Of the next paragraph, if it is an item."""
        scheme = self.schemes.get(found.numbering or 0)
        if scheme is None:
            return ""
        return counters.next(scheme, counters.level(scheme, found.deep, str(style)))


def _lists(table: bytes, fonts: Sequence[str]) -> Iterator[Scheme]:
    count = min(struct.unpack_from("<H", table)[0], LISTS) if table else 0
    place = 2 + LIST_BYTES * count  # where the levels of the first one begin
    for each in range(count):
        head = 2 + LIST_BYTES * each
        (key,) = struct.unpack_from("<I", table, head)
        styles = struct.unpack_from(f"<{LEVELS}H", table, head + 8)
        (flags,) = struct.unpack_from("<B", table, head + 26)
        levels: dict[int, Level] = {}
        for deep in range(1 if flags & IS_SIMPLE else LEVELS):
            style = "" if styles[deep] == NO_STYLE else str(styles[deep])
            levels[deep], place = _level(table, place, deep, style, fonts)
        yield Scheme(str(key), levels, {})


def _level(
    table: bytes, place: int, deep: int, style: str, fonts: Sequence[str]
) -> tuple[Level, int]:
    """And where it ends."""
    start, form, flags = struct.unpack_from("<IBB", table, place)
    marks = struct.unpack_from("<9B", table, place + 6)
    letters, paragraphs, last = struct.unpack_from("<BBB", table, place + 24)
    place += LEVEL_BYTES + paragraphs
    font = _font(table[place : place + letters], fonts)
    place += letters
    (length,) = struct.unpack_from("<H", table, place)
    text = table[place + 2 : place + 2 + 2 * length].decode("utf-16-le", "replace")
    shown = "".join(
        f"%{ord(sign) + 1}" if at in marks and ord(sign) < LEVELS else sign
        for at, sign in enumerate(text[:LABEL_CHARACTERS], start=1)
    )
    restart = last if flags & RESTARTS_LESS else deep
    level = Level(
        start,
        FORMS.get(form, "1"),
        decoded(font, shown) if form == 23 else shown,
        restart,
        bool(flags & IS_LEGAL),
        style,
    )
    return level, place + 2 + 2 * length


def _font(said: bytes, fonts: Sequence[str]) -> str:
    place = next((number(value) for code, value in properties(said) if code == FONT), -1)
    return fonts[place] if 0 <= place < len(fonts) else ""


def _numberings(
    table: bytes, known: Mapping[str, Scheme], fonts: Sequence[str]
) -> Iterator[Scheme]:
    count = min(struct.unpack_from("<I", table)[0], LISTS) if table else 0
    place = 4 + NUMBERING_BYTES * count
    for each in range(count):
        head = 4 + NUMBERING_BYTES * each
        key, overrides = struct.unpack_from("<I8xB", table, head)
        scheme = known.get(str(key), Scheme(str(key), {}, {}))
        levels, anew = dict(scheme.levels), {}
        place += 4
        for _ in range(overrides):
            start, flags = struct.unpack_from("<iI", table, place)
            place += OVERRIDE_BYTES
            deep = flags & 0xF
            if flags & IS_LEVEL:
                style = levels[deep].style if deep in levels else ""
                levels[deep], place = _level(table, place, deep, style, fonts)
                start = levels[deep].start
            if flags & STARTS_ANEW:
                anew[deep] = start
        yield Scheme(scheme.key, levels, anew)
