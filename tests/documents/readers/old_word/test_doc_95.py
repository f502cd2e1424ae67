"""What Word wrote before 1997: one stream, whose letters are of one width."""

import struct

import pytest

from tests import files_office as office
from tests.documents.readers.reading import lines, read_bytes, refused

HEAD, PAGE = 768, 512
RUSSIAN = (
    "\u041f\u0440\u0438\u0433\u043b\u0430\u0448\u0430\u0435\u043c \u043a "
    "\u0441\u043e\u0442\u0440\u0443\u0434\u043d\u0438\u0447\u0435\u0441\u0442\u0432\u0443"
)


def old(letters, *, flags=0, lengths=None, pieces=(), rows=()):
    """A document of Word 6.

    `pieces`: where each begins in the text, and in the letters; `rows`: where each paragraph ends,
    and what is said of it.
    """
    head = bytearray(HEAD)
    struct.pack_into("<HH", head, 0, 0xA5DC, 0x65)
    struct.pack_into("<H", head, 0x0A, flags | (4 if pieces else 0))
    struct.pack_into("<I", head, 0x18, HEAD)
    lengths = lengths or [len(letters) // (2 if flags & 0x1000 else 1)]
    struct.pack_into(f"<{len(lengths)}I", head, 0x34, *lengths)
    data = letters.ljust(2 * PAGE - HEAD, b"\0")
    if rows:
        data += _page(rows)
        _put(head, 0xC0, data, struct.pack("<IIH", HEAD, HEAD + rows[-1][0], 2))
        data += struct.pack("<IIH", HEAD, HEAD + rows[-1][0], 2)
    if pieces:
        plan = struct.pack(f"<{len(pieces) + 1}I", *(start for start, _ in pieces), sum(lengths))
        plan += b"".join(struct.pack("<HIH", 0, HEAD + at, 0) for _, at in pieces)
        plan = b"\2" + struct.pack("<I", len(plan)) + plan
        _put(head, 0x160, data, plan)
        data += plan
    return office.ole({"WordDocument": bytes(head) + data})


def _put(head, place, data, table):
    struct.pack_into("<II", head, place, HEAD + len(data), len(table))


def _page(rows):
    page = struct.pack(f"<{len(rows) + 1}I", HEAD, *(HEAD + end for end, _ in rows))
    page += b"".join(bytes([200 + 4 * number]) + bytes(6) for number in range(len(rows)))
    page = page.ljust(400, b"\0")
    page += b"".join((bytes([3, 0, 0]) + said).ljust(8, b"\0") for _, said in rows)
    return page.ljust(PAGE - 1, b"\0") + bytes([len(rows)])


@pytest.fixture
def read(tmp_path):
    return lambda *what, **more: lines(
        read_bytes(tmp_path, old(*what, **more), "a.doc").pages[0].text
    )


def test_its_letters_are_of_the_code_page_that_they_look_like(read):
    assert read(f"{RUSSIAN}\r45 EUR\r".encode("cp1251")) == [RUSSIAN, "45 EUR"]
    assert read("Kündigung \u2013 siehe § 3.\r".encode("cp1252")) == ["Kündigung \u2013 siehe § 3."]


def test_its_letters_may_be_of_two_bytes(read):
    assert read("\u017baba\r".encode("utf-16-le"), flags=0x1000) == ["\u017baba"]


def test_it_may_be_in_pieces(read):
    assert read(b"cost 45 EUR\rRooms ", pieces=[(0, 12), (6, 0)]) == ["Rooms cost 45 EUR"]


def test_a_cell_without_words_is_no_end_of_its_row(read):
    cell, row = b"\x18\1", b"\x18\1\x19\1"
    ends = [(2, cell), (3, cell), (5, cell), (6, row), (8, cell), (9, cell), (10, cell), (11, row)]
    text = b"A\x07\x07B\x07\x07C\x07\x07\x07\x07After\r"
    assert read(text, rows=[*ends, (17, b"")]) == ["A |  | B", "C", "After"]


def test_its_fields_show_their_results_and_its_notes_are_told(read):
    text = b"See \x13 PAGEREF a \x147\x15.\r"
    assert read(text + b"A note.\r", lengths=[len(text), 8]) == ["See 7.", "A note."]


def test_one_that_cannot_be_read_says_why(tmp_path):
    def read(data, name):
        return read_bytes(tmp_path, data, name)

    assert refused(read, old(b"Words\r", flags=0x100), "a.doc").code == "password_required"
    assert refused(read, old(b"\r"), "a.doc").code == "empty"
    cut = office.ole({"WordDocument": struct.pack("<HH", 0xA5DC, 0x65)})
    assert refused(read, cut, "a.doc").code == "damaged"
