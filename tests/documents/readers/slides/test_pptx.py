import io
import random
import struct

import pytest

from documents.readers.common.refusal import Damaged, Refusal, TooLong
from documents.readers.old_office import ole
from tests import files_office as office
from tests import files_ppt as ppt
from tests.documents.readers.reading import lines, read_bytes, refused
from tests.files_xls import titled

ONE = {
    1: ppt.document([5], noted=[6]),
    5: ppt.slide(ppt.box(ppt.text("Only", ppt.TITLE)), ppt.box(ppt.text("words"))),
    6: ppt.notes(5, ppt.box(ppt.text("said", ppt.NOTED))),
}


@pytest.fixture
def read(tmp_path):
    return lambda data: read_bytes(tmp_path, data, "show.ppt")


def one_slide(*shapes: bytes, outline: bytes = b"") -> bytes:
    """Of one slide."""
    return ppt.saved({1: ppt.document([5], {5: outline}), 5: ppt.slide(*shapes)})


def words(read, *shapes: bytes, outline: bytes = b"") -> list[str]:
    return lines(read(one_slide(*shapes, outline=outline)).pages[0].text)


def test_slides_stand_in_the_order_of_the_show_not_of_the_file(read):
    made = {n: ppt.slide(ppt.box(ppt.text(f"made as {n}"))) for n in (5, 6, 7)}
    reading = read(ppt.saved({1: ppt.document([7, 5, 6]), **made}))
    assert [page.number for page in reading.pages] == [1, 2, 3]
    assert [page.text for page in reading.pages] == ["made as 7\n", "made as 5\n", "made as 6\n"]


def test_a_slide_that_was_taken_out_of_the_show_is_not_read(read):
    made = {n: ppt.slide(ppt.box(ppt.text(f"made as {n}"))) for n in (5, 6)}
    reading = read(ppt.saved({1: ppt.document([6]), **made}))
    assert [page.text for page in reading.pages] == ["made as 6\n"]


def test_the_title_of_a_slide_is_its_heading_and_stands_first(read):
    title = ppt.box(ppt.text("All about\x0bharbours", ppt.TITLE))
    reading = read(one_slide(ppt.box(ppt.text("words")), title))
    (page,) = reading.pages
    assert page.text == "All about\nharbours\n\nwords\n"
    assert page.headings == [(0, 1, "All about harbours")]
    assert reading.title == "All about harbours"


@pytest.mark.parametrize(
    ("claimed", "title"),
    [
        ("Гавань", "Гавань"),
        ("", "Only"),
        ("PowerPoint Presentation", "Only"),
        ("Slide 1", "Only"),
        ("Slide 1 of many", "Slide 1 of many"),
    ],
)
def test_a_title_that_the_program_made_up_is_none(read, claimed, title):
    assert read(ppt.saved(ONE, summary=titled(claimed, 1251, "cp1251"))).title == title


def test_what_the_outline_says_stands_where_a_box_shows_it(read):
    outline = ppt.text("Title", ppt.TITLE) + ppt.text("points\rof it", ppt.BODY)
    shapes = [ppt.box(ppt.text("before")), ppt.box(ppt.outlined(1)), ppt.box(ppt.outlined(0))]
    assert words(read, *shapes, outline=outline) == ["Title", "before", "points", "of it"]
    assert words(read, outline=outline) == ["Title", "points", "of it"]


def test_boxes_groups_in_groups_and_word_art_are_read_in_their_order(read):
    inner = ppt.group(ppt.box(ppt.text("deeper")), ppt.word_art("drawn"))
    outer = ppt.group(ppt.box(ppt.text("deep")), inner)
    found = words(read, ppt.box(ppt.text("first")), outer, ppt.box(ppt.text("last")))
    assert found == ["first", "deep", "deeper", "drawn", "last"]


def test_a_table_is_read_row_by_row_and_a_cell_that_spans_others_names_each_of_them(read):
    cells = [
        ppt.box(ppt.text("4"), cell=(20, 20, 30, 30)),
        ppt.box(ppt.text("Region"), cell=(0, 0, 10, 10)),
        ppt.box(ppt.text("Sales\rof all"), cell=(10, 0, 30, 10)),
        ppt.box(ppt.text("North"), cell=(0, 10, 10, 30)),
        ppt.box(ppt.text("1"), cell=(10, 10, 20, 20)),
        ppt.box(ppt.text("2"), cell=(20, 10, 30, 20)),
        ppt.box(ppt.text("3"), cell=(10, 20, 20, 30)),
        ppt.box(cell=(0, 10, 30, 10)),
    ]
    wanted = ["Region | Sales of all | Sales of all", "North | 1 | 2", "North | 3 | 4"]
    assert words(read, ppt.table(*cells)) == wanted


def test_notes_stand_after_the_slide_that_they_belong_to(read):
    note = ppt.box(ppt.text("Say hello.\rWave.", ppt.NOTED))
    number = ppt.box(ppt.text("*") + ppt.field(0))
    made = {n: ppt.slide(ppt.box(ppt.text(f"made as {n}"))) for n in (5, 6)}
    made |= {8: ppt.notes(5), 9: ppt.notes(6, ppt.box(), note, number)}
    first, second = read(ppt.saved({1: ppt.document([5, 6], noted=[8, 9]), **made})).pages
    assert first.text == "made as 5\n"
    assert second.text == "made as 6\n\n\nNotes: Say hello.\nWave.\n"


def test_text_in_one_byte_a_letter_and_in_two_is_read(read):
    wide, narrow = ppt.text("港口 Köln"), ppt.text("Köln – “Hafen”", narrow=True)  # noqa: RUF001
    assert words(read, ppt.box(wide), ppt.box(narrow)) == ["港口 Köln", "Köln – “Hafen”"]  # noqa: RUF001


def test_numbers_dates_and_what_stands_below_are_left_out_but_no_star_of_the_author_s(read):
    numbered = ppt.box(ppt.text("Page *, twice *") + ppt.field(5))
    below = ppt.box(ppt.text("Confidential"), role=9)
    assert words(read, numbered, below) == ["Page , twice *"]


def test_what_a_later_save_replaced_is_read_as_it_was_saved_last(read):
    first = {1: ppt.document([5, 6]), 5: ppt.slide(ppt.box(ppt.text("old")))}
    first[6] = ppt.slide(ppt.box(ppt.text("kept")))
    second = {5: ppt.slide(ppt.box(ppt.text("newer")))}
    third = {1: ppt.document([6, 5]), 5: ppt.slide(ppt.box(ppt.text("newest")))}
    reading = read(ppt.saved(first, second, third))
    assert [page.text for page in reading.pages] == ["kept\n", "newest\n"]


def test_a_slide_that_is_nowhere_costs_no_other(read):
    made = ppt.saved({1: ppt.document([5, 6]), 6: ppt.slide(ppt.box(ppt.text("words")))})
    assert [page.text for page in read(made).pages] == ["", "words\n"]


def test_a_damaged_slide_is_read_up_to_the_damage(read):
    broken = ppt.holder(ppt.SHAPE, ppt.holder(ppt.TEXT_BOX, ppt.atom(ppt.HEADER, b"x")))
    shapes = [ppt.box(ppt.text("before")), broken, ppt.box(ppt.text("after"))]
    assert words(read, *shapes, outline=ppt.text("points")) == ["before", "points"]


@pytest.mark.parametrize("stream", ["PowerPoint Document", "Current User"])
def test_a_show_that_lacks_a_part_is_called_damaged(stream):
    streams = {"PowerPoint Document": b"x" * 600, "Current User": b"x" * 60}
    data = office.ole({"PowerPoint Document": b"", stream: streams[stream]})
    with pytest.raises(Damaged):
        ole.parse(io.BytesIO(data))


def test_a_show_without_words_is_called_that(read):
    assert refused(lambda data, _: read(data), one_slide(ppt.box()), "").code == "empty"


@pytest.mark.parametrize("sign", [{"token": ppt.IN_CIPHER}, {"key": 9}])
def test_a_show_in_cipher_is_refused_in_words(read, sign):
    made = ppt.saved({**ONE, 9: ppt.holder(ppt.KEY)}, **sign)
    error = refused(lambda data, _: read(data), made, "")
    assert error.code == "password_required"
    assert "password" in error.message


def test_a_show_of_powerpoint_95_is_refused_in_words(read):
    data = office.ole({"PowerPoint Document": b"x", "Text_Content": b"x", "Current User": b"x"})
    error = refused(lambda data, _: read(data), data, "")
    assert "PowerPoint 95" in error.message


def test_saves_that_name_each_other_end(read):
    for before in (300, 8):
        with pytest.raises(Damaged):
            list(ole.parse(io.BytesIO(ppt.saved(ONE, before=before))).pages)
    whole = ppt.saved(ONE)
    place = whole.index(struct.pack("<HHI", 0, ppt.EDIT, 28))
    stream = whole.index(ppt.document([5], noted=[6]))
    circle = bytearray(whole)
    struct.pack_into("<I", circle, place + 16, place - stream)
    assert lines(read(bytes(circle)).pages[0].text) == ["Only", "words", "Notes: said"]


def test_groups_without_end_and_slides_that_are_shown_for_ever_end():
    shape = ppt.box(ppt.text("deep"))
    for _ in range(5_000):
        shape = ppt.holder(ppt.GROUP, shape)
    with pytest.raises(Refusal):
        ole.parse(io.BytesIO(one_slide(shape)))
    many = ppt.slide(*[ppt.box(ppt.text("again"))] * 1_000)
    with pytest.raises(TooLong):
        ole.parse(io.BytesIO(ppt.saved({1: ppt.document([5] * 100_000), 5: many})))


def test_a_table_of_cells_that_lie_upon_each_other_ends():
    cells = [ppt.box(ppt.text("x"), cell=(n, n, 9_000, 9_000)) for n in range(3_000)]
    with pytest.raises(TooLong):
        ole.parse(io.BytesIO(one_slide(ppt.table(*cells))))


def test_a_text_that_is_shown_for_ever_ends():
    long = ppt.slide(ppt.box(ppt.text("again" * 200_000)))
    with pytest.raises(TooLong):
        ole.parse(io.BytesIO(ppt.saved({1: ppt.document([5] * 100), 5: long})))


@pytest.mark.parametrize("seed", range(300))
def test_damaged_bytes_end_in_words_or_in_a_refusal(seed):
    chance = random.Random(seed)
    table = ppt.table(ppt.box(ppt.text("a"), cell=(0, 0, 1, 1)), ppt.word_art("b"))
    more = {5: ppt.slide(ppt.box(ppt.outlined(0)), ppt.group(table), ppt.box(ppt.text("c")))}
    more[1] = ppt.document([5, 5], {5: ppt.text("Title", ppt.TITLE) + ppt.field(1)}, noted=[6])
    data = bytearray(ppt.saved(ONE, more))
    for _ in range(chance.choice([1, 4, 30])):
        data[chance.randrange(512, len(data))] = chance.choice([0, 1, 255, chance.randrange(256)])
    try:
        ole.parse(io.BytesIO(data))
    except Refusal as error:
        assert str(error)  # noqa: PT017
