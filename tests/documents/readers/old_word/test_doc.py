import struct

import pytest

from documents.readers.old_word import (
    doc_entries,
    doc_looks,
    doc_pictures,
    doc_properties,
    doc_styles,
    equation_native,
)
from documents.readers.old_word.doc_lists import Item, Lists
from documents.readers.old_word.word_fields import BOX, LIST, TEXT, seen
from tests import files_office as office
from tests.documents.readers.reading import lines, read_bytes


@pytest.fixture
def read(tmp_path):
    def read(text, **more):
        return lines(read_bytes(tmp_path, office.old_word(text, **more), "a.doc").pages[0].text)

    return read


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (struct.pack("<HB", 0x083C, 1), "It costs 10 [hidden: 6] cells"),
        (struct.pack("<HB", 0x083C, 0x81), "It costs 10 [hidden: 6] cells"),
        (struct.pack("<HB", 0x2A48, 1), "It costs 10^6 cells"),
        (struct.pack("<HB", 0x2A48, 2), "It costs 106 cells"),
        (struct.pack("<Hh", 0x4845, 6), "It costs 10^6 cells"),
        (struct.pack("<HB", 0x0837, 1), "It costs 10 cells"),
        (struct.pack("<HB", 0x2A53, 1), "It costs 10 cells"),
    ],
)
def test_letters_of_an_old_word_file_are_told_as_they_are_set(read, said, shown):
    text = "It costs 106 cells\rThe rest of it.\r"
    assert read(text, deleted=[(11, 12)], said=said) == [shown, "The rest of it."]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next(read):
    text = "The notice is six \rmonths.\rAnd that was the whole of it.\r"
    assert read(text, deleted=[(18, 19)])[0] == "The notice is six months."


def test_fields_of_an_old_word_file_show_their_results(read):
    text = (
        'See \x13 HYPERLINK "https://x.example/B" \x14the form\x15, page \x13 PAGEREF a \x147\x15.\r'
        "They get \x13 EQ \\f(3,4) \x14\x15 of it. \x13 IF \x13 DATE \x141 May\x15 = 2 \x14yes\x15\r"
        "Ready: \x13 FORMCHECKBOX \x14\x15 no\r"
    )
    assert read(text) == [
        "See the form (https://x.example/B), page 7.",
        "They get 3/4 of it. yes",
        "Ready: \u2610 no",
    ]


def level(form, text, marks=(), start=1, flags=0):
    head = struct.pack("<IBB9s", start, form, flags, bytes(marks))
    return head + bytes(13) + struct.pack("<H", len(text)) + text.encode("utf-16-le")


def numberings(*levels, overrides=b""):
    """A list of that level, or of nine, and the numbering that follows it."""
    styles = struct.pack("<9H", 7, *[0xFFF] * 8)
    one = struct.pack("<II18sBB", 9, 0, styles, len(levels) == 1, 0)
    follows = struct.pack("<I8xB3x", 9, bool(overrides))
    return (
        struct.pack("<H", 1) + one + b"".join(levels),
        struct.pack("<I", 1) + follows + b"\xff" * 4 + overrides,
    )


@pytest.mark.parametrize(
    ("form", "text", "first", "second"),
    [
        (0, "\0.", "1. Rent", "2. Keys"),
        (2, "(\0)", "(i) Rent", "(ii) Keys"),
        (22, "\xa7 \0", "\xa7 01 Rent", "\xa7 02 Keys"),
        (23, "\uf0b7", "\u2022 Rent", "\u2022 Keys"),
        (255, "", "Rent", "Keys"),
    ],
)
def test_the_numbers_of_lists_are_counted(read, form, text, first, second):
    made = numberings(level(form, text, [text.find("\0") + 1]))
    assert read("Rent\r\rKeys\r", lists=made) == [first, second]


def test_a_list_may_begin_elsewhere_than_its_kind(read):
    anew = struct.pack("<iI", 7, 0x10)
    made = numberings(level(0, "\0.", [1]), overrides=anew)
    assert read("Rent\rKeys\r", lists=made) == ["7. Rent", "8. Keys"]


def test_levels_of_a_list_name_those_above_and_come_with_styles():
    inner = [level(4, "\0.\1", [1, 3]), *[level(0, "")] * 7]
    lists = Lists(*numberings(level(0, "\0", [1]), *inner), ())
    counters = lists.counters()
    told = [lists.label(counters, Item(1, deep), 7) for deep in (None, 1, 1, 0, 1)]
    assert told == ["1", "1.a", "1.b", "2", "2.a"]
    assert lists.label(counters, Item(0, 0), 7) == ""


def test_lists_that_are_cut_off_cost_nothing(read):
    lists, _ = numberings(level(0, "\0.", [1]))
    for cut in (1, 20, 40, len(lists) - 1):
        assert read("Rent\r", lists=(lists[:cut], b"")) == ["Rent"]


def words(text):
    return struct.pack("<H", len(text)) + text.encode("utf-16-le") + b"\0\0"


def entry(kind, result, *more):
    data = struct.pack("<IHHH", 0xFFFFFFFF, kind | result << 2, 0, 0) + words("name")
    data += b"".join(more)
    return doc_entries.entry(b"....." + struct.pack("<iH", len(data) + 8, 8) + b"\0\0" + data, 5)


def test_fields_of_forms_say_what_was_filled_in():
    box = entry(BOX, 25, struct.pack("<H", 1))
    assert (box.kind, box.result, box.default) == (BOX, 25, 1)
    choices = [struct.pack("<H", len(each)) + each.encode("utf-16-le") for each in ("Fish", "Egg")]
    table = struct.pack("<HHH", 0xFFFF, 2, 0) + b"".join(choices)
    chosen = entry(LIST, 1, b"\0\0", *[words("")] * 5, table)
    assert (chosen.kind, chosen.result, chosen.choices) == (LIST, 1, ("Fish", "Egg"))
    assert entry(TEXT, 0, words("Name")).text == "Name"
    assert doc_entries.entry(b"short", 2) is None


def test_what_has_no_room_on_its_page_is_found_elsewhere():
    said = struct.pack("<HI", 0x6646, 3)
    elsewhere = b"..." + struct.pack("<HHB", 3, 0x2416, 1)
    assert doc_looks.paragraph(doc_properties.with_huge(said, elsewhere)).is_in_table


def test_a_row_says_where_its_cells_end_and_which_are_merged():
    flags = (0x60, 0x01, 0x02)
    cells = b"".join(struct.pack("<H18x", flag) for flag in flags)
    value = struct.pack("<B4h", 3, 100, 500, 900, 1300) + cells
    said = struct.pack("<HH", 0xD608, len(value) + 1) + value
    row = doc_looks.paragraph(said)
    assert row.left == 100
    assert [box.edge for box in row.shape] == [500, 900, 1300]
    assert [(box.begins, box.beside) for box in row.shape] == [
        (True, False),
        (False, False),
        (False, True),
    ]


def test_styles_say_which_paragraphs_are_headings():
    def style(own, kind, base, name, *parts):
        head = struct.pack("<HHHHH", own, kind | base << 4, len(parts), 0, 0)
        said = head + words(name)
        for part in parts:
            said += b"\0" * (len(said) % 2) + struct.pack("<H", len(part)) + part
        return struct.pack("<H", len(said)) + said

    hidden = struct.pack("<HB", 0x083C, 1)
    sheet = struct.pack("<HHH", 4, 3, 10) + b"".join(
        [
            style(1, 1, 0xFFF, "heading 1", b"\0\0", b""),
            style(0xFFE, 1, 0, "Mine", b"\0\0", hidden),
            style(0xFFE, 2, 0xFFF, "Unseen", hidden),
        ]
    )
    looks = doc_looks.Looks(doc_styles.styles(sheet))
    assert (looks.level(0), looks.level(1), looks.level(2)) == (1, 1, 0)
    assert (looks.of(0, b"").is_hidden, looks.of(1, b"").is_hidden) == (False, True)
    assert looks.of(0, struct.pack("<HH", 0x4A30, 2)).is_hidden


HEAD = bytes(28) + bytes((3, 1, 1, 3, 0))


@pytest.mark.parametrize(
    ("records", "formula"),
    [
        ("0a010a01030e00000a0102813300000a01028134000000000000", "3/4"),
        ("0a010a01028131000281300003 0f00000b11010286122202813600000a000000", "10^-6"),
        ("0a01030d00000102813100028136000011000000", "\u221a16"),
        ("0a0103010000010283610000028628000286290000 00", "(a)"),
        (
            "0a01031f01000102836b00000b0102836b0002833d0002813100000102813500000d02860f22000a0000",
            "∏_(k=1)^5 k",
        ),
        (
            (
                "0a01032b0100110b0102836e000283922102831e2200110a0112826c001282690012826d00029804eb0000"
                "030e00000a0102813100000a0102836e000000000000"
            ),
            "lim_(n→∞) 1/n",
        ),
        ("0a010402010102836e00000102836b0000000000", "n; k"),
    ],
)
def test_a_formula_of_the_former_editor_is_read_as_a_line(records, formula):
    assert equation_native.linear(HEAD + bytes.fromhex(records)) == formula


def test_a_formula_that_is_cut_off_is_not_told():
    assert equation_native.linear(HEAD + bytes.fromhex("0a01030e00")) == ""
    assert equation_native.linear(b"short") == ""


def test_what_is_said_of_a_picture_is_told():
    said = "Map of the pond\0".encode("utf-16-le")
    listed = struct.pack("<HIHI", 0x0104, 1, 0x8381, len(said)) + said
    shape = struct.pack("<HHI", 2 << 4 | 3, 0xF00B, len(listed)) + listed
    data = struct.pack("<HHI", 0xF, 0xF004, len(shape)) + shape
    found = b".." + struct.pack("<iH", len(data) + 6, 6) + data
    assert doc_pictures.described(found, 2) == "Picture: Map of the pond"
    assert doc_pictures.described(found, 90) == ""


def test_a_quote_in_a_field_that_nobody_closes_goes_to_its_end():
    assert seen('HYPERLINK "https://a.example/b c', "here") == seen(
        'HYPERLINK "https://a.example/b c"', "here"
    )
