"""How the letters of a Word 97 document are set, and its paragraphs."""

import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from documents.readers.old_word import doc_lists
from documents.readers.old_word.doc_lists import Item
from documents.readers.old_word.doc_properties import number, properties
from documents.readers.old_word.doc_styles import Style
from documents.readers.old_word.word_tables import Boxed

CHARACTER_STYLE, RISE_KIND, RISE, SYMBOL, PLACE = 0x4A30, 0x2A48, 0x4845, 0x6A09, 0x6A03
SWITCHES = {
    0x0800: "is_deleted",
    0x083C: "is_hidden",
    0x0837: "is_struck",
    0x2A53: "is_struck_twice",
}
FONTS = {0x4A4F, 0x4A51}
IN_TABLE, ROW_END, SHAPE, OUTLINE, INNER_ROW = 0x2416, 0x2417, 0xD608, 0x2640, 0x244C
AS_STYLE, UNLIKE_STYLE = 0x80, 0x81
MERGED, VERTICAL, RESTARTS = 0x03, 0x20, 0x40
CELL_BYTES, CELLS = 20, 63
DEEP = 20


class Look(NamedTuple):
    font: int = -1
    is_raised: bool = False
    is_hidden: bool = False
    is_struck: bool = False
    is_struck_twice: bool = False
    is_deleted: bool = False
    symbol: tuple[int, int] | None = None  # font and code of what is drawn instead of the letter
    place: int = -1  # of data about it

    @property
    def is_gone(self) -> bool:
        return self.is_struck or self.is_struck_twice or self.is_deleted


PLAIN = Look()


class Looks:
    def __init__(self, styles: Mapping[int, Style]) -> None:
        self.styles = styles
        self.known: dict[tuple[int, bytes], Look] = {}
        self.by_style: dict[int, Look] = {}

    def of(self, paragraph_style: int, said: bytes) -> Look:
        key = paragraph_style, said
        if key not in self.known:
            around = self._of_style(paragraph_style)
            told = list(properties(said))
            own = next((number(value) for code, value in told if code == CHARACTER_STYLE), None)
            if own is not None:
                around = self._through(own, around)
            self.known[key] = _applied(told, around)
        return self.known[key]

    def level(self, style: int) -> int:
        for _ in range(DEEP):
            found = self.styles.get(style)
            if found is None:
                return 0
            if found.level:
                return found.level
            style = found.base
        return 0

    def item(self, style: int, own: Item) -> Item:
        """Together with what the style says, and those that it is based on."""
        for _ in range(DEEP):
            found = self.styles.get(style)
            if found is None or (own.numbering is not None and own.deep is not None):
                break
            said = doc_lists.item(found.paragraphs)
            own = Item(
                said.numbering if own.numbering is None else own.numbering,
                said.deep if own.deep is None else own.deep,
            )
            style = found.base
        return own

    def _of_style(self, style: int) -> Look:
        if style not in self.by_style:
            self.by_style[style] = self._through(style, PLAIN)
        return self.by_style[style]

    def _through(self, style: int, look: Look) -> Look:
        steps: list[bytes] = []
        while (found := self.styles.get(style)) and len(steps) < DEEP:
            steps.append(found.letters)
            style = found.base
        for said in reversed(steps):
            look = _applied(list(properties(said)), look)
        return look


def _applied(told: Sequence[tuple[int, bytes]], around: Look) -> Look:
    found: dict[str, object] = {}
    for code, value in told:
        if code in SWITCHES:
            before = getattr(around, SWITCHES[code])
            said = number(value[:1])
            is_on = (
                before if said == AS_STYLE else not before if said == UNLIKE_STYLE else said == 1
            )
            found[SWITCHES[code]] = is_on
        elif code == RISE_KIND:
            found["is_raised"] = number(value) == 1
        elif code == RISE and len(value) == 2:
            found["is_raised"] = struct.unpack("<h", value)[0] > 0
        elif code in FONTS:
            found["font"] = number(value)
        elif code == SYMBOL and len(value) == 4:
            found["symbol"] = struct.unpack("<HH", value)
        elif code == PLACE:
            found["place"] = number(value)
    return around._replace(**found) if found else around  # type: ignore[arg-type]


class Paragraph(NamedTuple):
    is_in_table: bool = False
    ends_row: bool = False
    shape: tuple[Boxed, ...] = ()
    left: int | None = None  # where its row begins
    level: int | None = None  # where it says one by itself
    style: int = 0
    item: Item = Item()


def paragraph(said: bytes) -> Paragraph:
    found: dict[str, object] = {}
    for code, value in properties(said):
        if code == IN_TABLE:
            found["is_in_table"] = number(value) == 1
        elif code == ROW_END:
            found["ends_row"] = number(value) == 1
        elif code == OUTLINE:
            found["level"] = number(value) + 1 if number(value) < 9 else 0
        elif code == SHAPE and value:
            found["left"], found["shape"] = _shape(value)
    return Paragraph(item=doc_lists.item(said), **found)  # type: ignore[arg-type]


def _shape(value: bytes) -> tuple[int | None, tuple[Boxed, ...]]:
    count = value[0]
    if not 0 < count <= CELLS or len(value) < 1 + 2 * (count + 1):
        return None, ()
    edges = struct.unpack_from(f"<{count + 1}h", value, 1)
    start = 1 + 2 * (count + 1)
    boxes: list[Boxed] = []
    before = 0
    for each in range(count):
        flags = number(value[start + CELL_BYTES * each : start + CELL_BYTES * each + 2])
        beside = bool(flags & MERGED) and bool(before & MERGED)
        begins, goes_on = bool(flags & RESTARTS), bool(flags & VERTICAL) and not flags & RESTARTS
        boxes.append(Boxed("", edges[each + 1], beside, begins, goes_on))
        before = flags
    return edges[0], tuple(boxes)
