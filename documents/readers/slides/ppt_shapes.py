"""What is written on a slide of PowerPoint 97: boxes, groups of them, and tables, which are
groups too."""

import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from documents.readers.common import stand_ins
from documents.readers.common.spans import Cell, unfolded
from documents.readers.common.table_rows import lines_of
from documents.readers.slides import ppt_looks, slide_page
from documents.readers.slides.ppt_records import Record, Records
from documents.readers.slides.slide_page import Place

DRAWING, SHAPES, GROUP, SHAPE = 0x040C, 0xF002, 0xF003, 0xF004  # kinds of records
FACTS, LOOK, MORE_LOOK = 0xF00A, 0xF00B, 0xF122
CELL_PLACE, PLACE, TEXT_BOX, ROLE = 0xF00F, 0xF010, 0xF00D, 0xF011
PLACEHOLDER, OF_OUTLINE = 0x0BC3, 0x0F9E
HEADER, WIDE, NARROW, STYLES = 0x0F9F, 0x0FA0, 0x0FA8, 0x0FA1
FIELDS = {0x0FD8, 0x0FF7, 0x0FF8, 0x0FF9, 0x0FFA, 0x1015}  # numbers, dates, what stands below

FURNITURE = {7, 8, 9, 10}
WORD_ART = {*range(24, 32), *range(136, 176)}  # shapes that are made of their words
WORDS, TABLE, DESCRIPTION = 0x00C0, 0x039F, 0x0381  # of a shape's looks
LONG, NAME = 0x8000, 0x3FFF  # whether something follows all of the looks; which one it is
OTHER = 4  # a kind of text
DEEP = 40  # groups in groups
CELLS = 10_000
LOOK_ENTRY = struct.Struct("<HI")


class Text(NamedTuple):
    kind: int
    words: str


Outline = dict[int, Text]


class Box(NamedTuple):
    top: int
    left: int
    bottom: int
    right: int
    text: str


def drawn(records: Records, slide: Record, outline: Outline) -> Iterator[Text]:
    """In the order of the drawing. What a box shows of the outline is taken out of that."""
    for group in records.under(slide, DRAWING, SHAPES, GROUP):
        yield from _group(records, group, outline, DEEP)


def texts(records: Records, found: Iterable[Record]) -> list[Text]:
    """For a field, whose words are not in the file, stands a zero."""
    made: list[Text] = []
    looks: dict[int, Record] = {}
    for record in found:
        if record.kind == HEADER:
            made.append(Text(records.numbers(record, "<I")[0], ""))
        elif record.kind == STYLES:
            looks[len(made) - 1] = record
        elif made:
            made[-1] = made[-1]._replace(words=_words(records, record, made[-1].words))
    for place, record in looks.items():
        if 0 <= place < len(made):
            words = ppt_looks.words_as_seen(records, record, made[place].words, records.fonts)
            made[place] = made[place]._replace(words=words)
    return made


def _words(records: Records, record: Record, before: str) -> str:
    if record.kind == WIDE:
        return records.text(record, "utf-16-le")
    if record.kind == NARROW:
        return records.text(record, "cp1252")
    if record.kind in FIELDS:
        (place,) = records.numbers(record, "<I")
        records.spend_letters(len(before))
        if before[place : place + 1] == "*":
            return f"{before[:place]}\0{before[place + 1 :]}"
    return before


def _group(records: Records, group: Record, outline: Outline, deep: int) -> Iterator[Text]:
    shapes = list(records.inside(group, GROUP, SHAPE))
    if _is_table(records, shapes):
        boxes = [box for shape in shapes for box in _boxes(records, shape, outline)]
        yield Text(OTHER, "\n".join(lines_of(unfolded(_rows(records, boxes)))))
        return
    for shape in slide_page.in_order(shapes, lambda each: _place(records, each)):
        if shape.kind == SHAPE:
            yield from _shape(records, shape, outline)
        elif deep:
            yield from _group(records, shape, outline, deep - 1)


def _place(records: Records, shape: Record) -> Place:
    """A group stands where its first shape says."""
    parts = shape
    if shape.kind == GROUP:
        parts = next(records.inside(shape, SHAPE), shape)
    for anchor in records.inside(parts, PLACE, CELL_PLACE):
        wide = anchor.end - anchor.start >= 16
        edges = records.numbers(anchor, "<4i" if wide else "<4h")
        top, left = (edges[1], edges[0]) if anchor.kind == CELL_PLACE else edges[:2]
        return Place(top, left, edges[3] - top)
    return Place(0, 0, 0)


def _is_table(records: Records, shapes: list[Record]) -> bool:
    if not shapes or shapes[0].kind != SHAPE or len(shapes) > CELLS:
        return False
    looks = records.inside(shapes[0], LOOK, MORE_LOOK)
    return any(
        name == TABLE and value & 1 for each in looks for name, value, _ in _looks(records, each)
    )


def _looks(records: Records, look: Record) -> Iterator[tuple[int, int, Record]]:
    """Name, value, and what is too long to be a value."""
    records.spend(look.instance)
    after = look.start + LOOK_ENTRY.size * look.instance
    for place in range(look.start, min(after, look.end), LOOK_ENTRY.size):
        name, value = LOOK_ENTRY.unpack_from(records.data, place)
        end = min(after + value, look.end) if name & LONG else after
        yield name & NAME, value, Record(0, 0, after, end)
        after = end


def _shape(records: Records, shape: Record, outline: Outline) -> Iterator[Text]:
    parts = {part.kind: part for part in records.inside(shape)}
    if ROLE in parts and _is_furniture(records, parts[ROLE]):
        return
    if TEXT_BOX in parts:
        for record in records.inside(parts[TEXT_BOX], OF_OUTLINE):
            if (number := records.numbers(record, "<I")[0]) in outline:
                yield outline.pop(number)
        yield from texts(records, records.inside(parts[TEXT_BOX]))
    elif FACTS in parts and LOOK in parts:
        is_art = parts[FACTS].instance in WORD_ART
        for name, _, long in _looks(records, parts[LOOK]):
            if name in ({WORDS, DESCRIPTION} if is_art else {DESCRIPTION}):
                yield _alternative(records, name, long)


def _alternative(records: Records, name: int, long: Record) -> Text:
    words = records.text(long, "utf-16-le")
    if name == DESCRIPTION:
        words = stand_ins.description(words.strip("\0"))
        words = words and f"Picture: {words}"
    return Text(OTHER, words)


def _is_furniture(records: Records, role: Record) -> bool:
    found = records.inside(role, PLACEHOLDER)
    return any(records.numbers(each, "<4xB")[0] in FURNITURE for each in found)


def _boxes(records: Records, shape: Record, outline: Outline) -> Iterator[Box]:
    """A cell, unless the shape is one of the lines between them."""
    for anchor in records.inside(shape, CELL_PLACE):
        left, top, right, bottom = records.numbers(anchor, "<4i")
        if left < right and top < bottom:
            found = _shape(records, shape, outline)
            yield Box(top, left, bottom, right, " ".join(text.words for text in found))


def _rows(records: Records, boxes: list[Box]) -> Iterator[list[Cell]]:
    lefts, tops = sorted({box.left for box in boxes}), sorted({box.top for box in boxes})
    for _, row in groupby(sorted(boxes), key=lambda box: box.top):
        cells = [
            Cell(box.text, _count(lefts, box.left, box.right), _count(tops, box.top, box.bottom))
            for box in row
        ]
        records.spend(sum(cell.across * cell.down for cell in cells))
        yield cells


def _count(edges: list[int], start: int, end: int) -> int:
    return bisect_left(edges, end) - bisect_left(edges, start)
