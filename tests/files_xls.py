"""Small .xls files: the records of BIFF8 that a cell needs, in a compound file."""

import struct
from collections.abc import Sequence

from tests.files_office import ole

BOOK, SHEET = 0x0005, 0x0010
BEGIN, END, SHEET_AT, PROTECTED = 0x0809, 0x000A, 0x0085, 0x002F
FORMAT, LOOK, FONT, MERGED = 0x041E, 0x00E0, 0x0031, 0x00E5
NUMBER, LABEL, TRUTH, EPOCH = 0x0203, 0x0204, 0x0205, 0x0022
FIRST_OWN_FORMAT = 164
CENTRED = "@"  # a format whose cells are centred across the empty ones beside them

Value = str | float | bool | tuple[float | str, str]  # or one of these with its format


def book(
    *sheets: tuple[str, Sequence[Sequence[Value | None]]],
    merged: Sequence[tuple[int, int, int, int]] = (),
    protected: bool = False,
    since_1904: bool = False,
    stream: str = "Workbook",
    summary: bytes = b"",
) -> bytes:
    """`merged`: first and last row, first and last column, from 0, of every sheet."""
    streams = {stream: workbook(sheets, merged, protected, since_1904)}
    return ole(streams | ({"\x05SummaryInformation": summary} if summary else {}))


def summary(*facts: tuple[int, bytes]) -> bytes:
    """What a file says of itself: numbered facts, each with its type before it."""
    places, data = b"", b""
    for number, fact in facts:
        places += struct.pack("<II", number, 8 + 8 * len(facts) + len(data))
        data += fact.ljust(-(-len(fact) // 4) * 4, b"\0")
    section = struct.pack("<II", 8 + len(places + data), len(facts)) + places + data
    return struct.pack("<HHI16xI16xI", 0xFFFE, 0, 0, 1, 48) + section


def titled(title: str, codepage: int, encoding: str) -> bytes:
    told = f"{title}\0".encode(encoding)
    return summary(
        (1, struct.pack("<IH", 2, codepage)), (2, struct.pack("<II", 30, len(told)) + told)
    )


def workbook(sheets, merged=(), protected=False, since_1904=False) -> bytes:
    formats = ["General"]
    for _, rows in sheets:
        formats += [cell[1] for row in rows for cell in row if isinstance(cell, tuple)]
    formats = list(dict.fromkeys(formats))
    head = _begin(BOOK) + (_record(PROTECTED, bytes(54)) if protected else b"")
    head += _record(EPOCH, struct.pack("<H", since_1904))
    head += _record(
        FONT, struct.pack("<HHHHHBBBxBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 5, 0) + b"Arial"
    )
    for number, text in enumerate(formats):
        head += _record(FORMAT, struct.pack("<H", FIRST_OWN_FORMAT + number) + _text(text))
    for number, text in enumerate(formats):
        look = struct.pack("<HHHB", 0, FIRST_OWN_FORMAT + number, 0, 6 if text == CENTRED else 0)
        head += _record(LOOK, look + bytes(13))
    parts = [_sheet(rows, formats, merged) for _, rows in sheets]
    names = [_text(name, short=True) for name, _ in sheets]
    place = len(head) + sum(10 + len(name) for name in names) + len(_record(END))
    for name, part in zip(names, parts, strict=True):
        head += _record(SHEET_AT, struct.pack("<IH", place, 0) + name)
        place += len(part)
    return head + _record(END) + b"".join(parts)


def _sheet(rows, formats, merged) -> bytes:
    out = _begin(SHEET)
    for row, cells in enumerate(rows):
        out += b"".join(_cell(row, column, cell, formats) for column, cell in enumerate(cells))
    if merged:
        spans = b"".join(struct.pack("<4H", *span) for span in merged)
        out += _record(MERGED, struct.pack("<H", len(merged)) + spans)
    return out + _record(END)


def _cell(row: int, column: int, value: Value | None, formats: list[str]) -> bytes:
    number, form = value if isinstance(value, tuple) else (value, "General")
    at = struct.pack("<3H", row, column, formats.index(form))
    if number is None:
        return b""
    if isinstance(number, bool):
        return _record(TRUTH, at + bytes([number, 0]))
    if isinstance(number, str):
        return _record(LABEL, at + _text(number))
    return _record(NUMBER, at + struct.pack("<d", number))


def _begin(what: int) -> bytes:
    return _record(BEGIN, struct.pack("<HHHHII", 0x0600, what, 0x0DBB, 1996, 0, 0x0600))


def _text(text: str, *, short: bool = False) -> bytes:
    return struct.pack("<BB" if short else "<HB", len(text), 1) + text.encode("utf-16-le")


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data
