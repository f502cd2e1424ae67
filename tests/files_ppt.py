"""Small PowerPoint 97 files, made while the tests run."""

import struct
from collections.abc import Mapping, Sequence

from tests import files_office as office

USER, EDIT, PLACES, KEY = 0x0FF6, 0x0FF5, 0x1772, 0x2F14
DOCUMENT, LIST, LISTED, SLIDE, NOTES, OF_SLIDE = 0x03E8, 0x0FF0, 0x03F3, 0x03EE, 0x03F0, 0x03F1
HEADER, WIDE, NARROW, OUTLINED, NUMBER_FIELD = 0x0F9F, 0x0FA0, 0x0FA8, 0x0F9E, 0x0FD8
DRAWING, SHAPES, GROUP, SHAPE = 0x040C, 0xF002, 0xF003, 0xF004
FACTS, LOOK, MORE_LOOK, CELL_PLACE = 0xF00A, 0xF00B, 0xF122, 0xF00F
ROLE, PLACEHOLDER, TEXT_BOX = 0xF011, 0x0BC3, 0xF00D
TITLE, BODY, NOTED, OTHER = 0, 1, 2, 4  # kinds of texts
DOCUMENT_NUMBER = 1
OPEN, IN_CIPHER = 0xE391C05F, 0xF3D1C4DF


def atom(kind: int, data: bytes, instance: int = 0) -> bytes:
    return struct.pack("<HHI", instance << 4, kind, len(data)) + data


def holder(kind: int, *parts: bytes, instance: int = 0) -> bytes:
    data = b"".join(parts)
    return struct.pack("<HHI", instance << 4 | 0xF, kind, len(data)) + data


def text(words: str, kind: int = OTHER, *, narrow: bool = False) -> bytes:
    said = atom(NARROW, words.encode("cp1252")) if narrow else atom(WIDE, words.encode("utf-16-le"))
    return atom(HEADER, struct.pack("<I", kind)) + said


def field(place: int) -> bytes:
    """In the text before it there is a star instead."""
    return atom(NUMBER_FIELD, struct.pack("<I", place))


def outlined(number: int) -> bytes:
    return atom(OUTLINED, struct.pack("<I", number))


def box(*texts: bytes, role: int = 0, cell: Sequence[int] = ()) -> bytes:
    """`cell` is left, top, right and bottom."""
    parts = [atom(CELL_PLACE, struct.pack("<4i", *cell))] if cell else []
    parts += [holder(ROLE, atom(PLACEHOLDER, struct.pack("<iBBH", 0, role, 0, 0)))] if role else []
    return holder(SHAPE, *parts, holder(TEXT_BOX, *texts))


def word_art(words: str) -> bytes:
    said = words.encode("utf-16-le")
    look = struct.pack("<HIHI", 0x00BF, 1, 0x80C0, len(said)) + said
    return holder(SHAPE, atom(FACTS, bytes(8), 136), atom(LOOK, look, 2))


def group(*shapes: bytes) -> bytes:
    return holder(GROUP, holder(SHAPE), *shapes)


def table(*cells: bytes) -> bytes:
    return holder(GROUP, holder(SHAPE, atom(MORE_LOOK, struct.pack("<HI", 0x039F, 1), 1)), *cells)


def slide(*shapes: bytes) -> bytes:
    return holder(SLIDE, holder(DRAWING, holder(SHAPES, group(*shapes))))


def notes(slide_number: int, *shapes: bytes) -> bytes:
    drawing = holder(DRAWING, holder(SHAPES, group(*shapes)))
    return holder(NOTES, atom(OF_SLIDE, struct.pack("<II", slide_number, 0)), drawing)


def document(
    show: Sequence[int], outlines: Mapping[int, bytes] = {}, noted: Sequence[int] = ()
) -> bytes:
    """`show` and `noted` are numbers of objects; that of a slide is what its notes know it by."""
    listed = (_listed(number) + outlines.get(number, b"") for number in show)
    return holder(
        DOCUMENT,
        holder(LIST, _listed(900), text("of the master"), instance=1),
        holder(LIST, *listed, instance=0),
        holder(LIST, *map(_listed, noted), instance=2),
    )


def _listed(number: int) -> bytes:
    return atom(LISTED, struct.pack("<5I", number, 0, 0, number, 0))


def show(*pages: tuple[str, str, str]) -> bytes:
    """Of title, words and notes."""
    objects: dict[int, bytes] = {}
    for number, (title, words, noted) in enumerate(pages, start=2):
        objects[number] = slide(box(text(title, TITLE)), box(text(words)))
        objects[100 + number] = notes(number, box(text(noted, NOTED)))
    numbers = list(objects)
    objects[DOCUMENT_NUMBER] = document(numbers[::2], noted=numbers[1::2])
    return saved(objects)


def saved(
    *saves: Mapping[int, bytes],
    token: int = OPEN,
    key: int = 0,
    before: int = 0,
    summary: bytes = b"",
) -> bytes:
    """A file of objects by their numbers; the document is number 1. Each save lies behind the
    one before. `before` is where the first one claims that an earlier one lies.
    """
    data, last = b"", before
    for objects in saves:
        places = {}
        for number, made in objects.items():
            places[number] = len(data)
            data += made
        listed = b"".join(struct.pack("<II", n | 1 << 20, place) for n, place in places.items())
        facts = struct.pack("<5I", 0, 0, last, len(data), DOCUMENT_NUMBER) + bytes(8)
        data += atom(PLACES, listed)
        last = len(data)
        data += atom(EDIT, facts + (struct.pack("<I", key) if key else b""))
    user = atom(USER, struct.pack("<III", 0x14, token, last) + bytes(8))
    streams = {"PowerPoint Document": data, "Current User": user}
    return office.ole(streams | ({"\x05SummaryInformation": summary} if summary else {}))
