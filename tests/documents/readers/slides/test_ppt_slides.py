"""Slides of PowerPoint 97 as they are seen: in order, raised, in fonts of symbols, hidden."""

import io
import struct

from documents.readers.old_office import ole
from documents.readers.page import Page
from tests import files_ppt as ppt
from tests.documents.readers.reading import lines

PLACE, STYLES, SHOWN = 0xF010, 0x0FA1, 0x03F9
ENVIRONMENT, FONTS, FONT = 0x03F2, 0x07D5, 0x0FB7
PROGRAM = (0x1388, 0x138A, 0x138B, 0x2EE0)
RAISED, COMMON_FONT, SIGNS_FONT = 1 << 19, 1 << 16, 1 << 23


def read(*parts: bytes, extra: bytes = b"") -> Page:
    """Of one slide of shapes; `extra` is what else is in its document."""
    document = ppt.document([5]) if not extra else _with(ppt.document([5]), extra)
    shapes = [part for part in parts if part[2:4] == struct.pack("<H", ppt.SHAPE)]
    others = [part for part in parts if part not in shapes]
    slide = _with(ppt.slide(*shapes), b"".join(others))
    made = ppt.saved({1: document, 5: slide})
    return next(iter(ole.parse(io.BytesIO(made)).pages))


def _with(record: bytes, more: bytes) -> bytes:
    marks, kind, length = struct.unpack_from("<HHI", record)
    return struct.pack("<HHI", marks, kind, length + len(more)) + record[8:] + more


def placed(words: str, top: int, left: int) -> bytes:
    anchor = ppt.atom(PLACE, struct.pack("<4h", top, left, left + 50, top + 20))
    return ppt.holder(ppt.SHAPE, anchor, ppt.holder(ppt.TEXT_BOX, ppt.text(words)))


def styled(words: str, *runs: tuple[int, int, bytes]) -> bytes:
    """Runs of letters, each with a mask and what it announces."""
    looks = struct.pack("<IHI", len(words) + 1, 0, 1 << 11) + bytes(2)
    looks += b"".join(struct.pack("<II", count, mask) + data for count, mask, data in runs)
    return ppt.box(ppt.text(words), ppt.atom(STYLES, looks))


def test_boxes_are_read_row_by_row_wherever_they_were_drawn():
    page = read(placed("last", 90, 0), placed("right", 42, 80), placed("left", 40, 0))
    assert lines(page.text) == ["left", "right", "last"]


def test_raised_figures_do_not_fuse():
    raised = (1, RAISED, struct.pack("<h", 30))
    assert lines(read(styled("106 cells", (2, 0, b""), raised, (7, 0, b""))).text) == ["10^6 cells"]
    lowered = (1, RAISED, struct.pack("<h", -25))
    assert lines(read(styled("H2O", (1, 0, b""), lowered, (2, 0, b""))).text) == ["H2O"]


def test_letters_in_a_font_of_symbols_are_read_as_they_are_seen():
    name = "Wingdings".encode("utf-16-le").ljust(68, b"\0")
    fonts = ppt.holder(ENVIRONMENT, ppt.holder(FONTS, ppt.atom(FONT, name, 3)))
    box = styled("\uf0fe Bus", (1, COMMON_FONT, struct.pack("<H", 3)), (5, 0, b""))
    assert lines(read(box, extra=fonts).text) == ["\u2611 Bus"]
    both = styled("\uf0fe Bus", (6, SIGNS_FONT, struct.pack("<H", 3)))
    assert lines(read(both, extra=fonts).text) == ["\u2611 Bus"]  # letters have their own font


def test_looks_that_are_cut_off_cost_no_words():
    assert lines(read(styled("Words", (2, RAISED, b""))).text) == ["Words"]


def test_a_hidden_slide_says_so():
    shown = ppt.atom(SHOWN, bytes(10) + struct.pack("<H4x", 0x4))
    page = read(ppt.box(ppt.text("Plan", ppt.TITLE)), ppt.box(ppt.text("Takeover")), shown)
    assert lines(page.text) == ["Plan (hidden)", "Takeover"]
    assert [heading.text for heading in page.headings] == ["Plan (hidden)"]


def test_comments_are_read():
    said = [
        ppt.atom(0x0FBA, each.encode("utf-16-le"), n) for n, each in enumerate(["Ann", "Now 340"])
    ]
    comment = ppt.holder(PROGRAM[-1], *said)
    for kind in reversed(PROGRAM[:-1]):
        comment = ppt.holder(kind, comment)
    assert lines(read(ppt.box(ppt.text("Words")), comment).text) == ["Words", "Comment: Now 340"]
