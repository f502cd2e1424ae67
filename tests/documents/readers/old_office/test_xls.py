"""Excel files of before 2007 say what the same sheets say as .xlsx."""

import random
import struct

import pytest

from documents import readers
from documents.readers.common.refusal import Refusal
from documents.readers.old_office import ole
from documents.readers.process.errors import Unreadable
from tests.documents.readers.reading import lines, read_bytes
from tests.files_xls import CENTRED, book, summary, titled, workbook

ROWS = [["Region", "Heads", "Share"], ["Süd", 4.0, (0.075, "0.0%")], ["中文", -3.5, True]]


@pytest.fixture
def read(tmp_path):
    return lambda data, name="b.xls": read_bytes(tmp_path, data, name)


def told(data, read, name="b.xls"):
    return lines(read(data, name).pages[0].text)[1:]


def test_each_sheet_is_a_page_under_its_name(read):
    found = read(book(("First", ROWS), ("Nothing", []), ("Zweites", [["a", "b"], ["c", 1.0]])))
    assert [(page.number, page.text.split("\n")[0]) for page in found.pages] == [
        (1, "First"),
        (2, ""),
        (3, "Zweites"),
    ]


def test_numbers_stand_as_they_are_shown(read):
    assert told(book(("A", ROWS)), read) == [
        "Region | Heads | Share",
        "Süd | 4 | 7.5 %",
        "中文 | -3.5 | TRUE",
    ]
    assert told(book(("A", [["Code", "City"], [(1067.0, "00000"), "Dresden"]])), read) == [
        "Code | City",
        "01067 | Dresden",
    ]


@pytest.mark.parametrize(
    ("number", "form", "since_1904", "shown"),
    [
        (45351.0, "dd/mm/yyyy", False, "2024-02-29"),
        (45351.5, "dd/mm/yyyy hh:mm", False, "2024-02-29 12:00:00"),
        (43889.0, "dd/mm/yyyy", True, "2024-02-29"),
        (0.75, "hh:mm", False, "18:00:00"),
        (1.25, "[h]:mm", False, "30:00:00"),
        (-5.0, "dd/mm/yyyy", False, "-5"),
    ],
)
def test_days_and_times_are_told_from_numbers(read, number, form, since_1904, shown):
    data = book(("A", [["When", "What"], [(number, form), "x"]]), since_1904=since_1904)
    assert told(data, read)[1] == f"{shown} | x"


def test_a_merged_header_names_all_its_columns(read):
    rows = [
        ["", "Revenue", None, "Staff"],
        ["Region", "Q1", "Q2", "Heads"],
        ["North", 1.0, 2.0, 4.0],
    ]
    assert told(book(("A", rows), merged=[(0, 0, 1, 2)]), read)[0] == " | Revenue | Revenue | Staff"


def test_a_header_that_is_centred_across_its_columns_names_each_of_them(read):
    rows = [["", ("Revenue", CENTRED), ("", CENTRED), "Staff"], ["Region", 1.0, 2.0, 4.0]]
    assert told(book(("A", rows)), read)[0] == " | Revenue | Revenue | Staff"


def test_the_container_says_what_it_is_whatever_the_name_says(read):
    assert told(book(("A", ROWS)), read, "b.doc")[0] == "Region | Heads | Share"
    assert told(book(("A", ROWS), stream="Book"), read)[0] == "Region | Heads | Share"


def test_its_tables_can_be_computed_over(tmp_path):
    path = tmp_path / "b.xls"
    path.write_bytes(book(("A", ROWS)))
    kind = readers.kind_of(path.read_bytes(), path.name)
    (sheet,) = readers.read_tables(path, kind, cancelled=bool)
    assert (sheet.name, [list(row) for row in sheet.rows][1]) == ("A", ["Süd", "4", "7.5 %"])


@pytest.mark.parametrize(
    ("codepage", "encoding"), [(65001, "utf-8"), (1251, "cp1251"), (1200, "utf-16-le")]
)
def test_its_title_is_read_in_the_letters_that_it_names(read, codepage, encoding):
    data = book(("A", ROWS), summary=titled("Итоги года", codepage, encoding))
    assert read(data).title == "Итоги года"


@pytest.mark.parametrize(
    "told",
    [
        titled("Years", 7777, "ascii"),
        summary((2, struct.pack("<II", 0x1000 | 30, 0xFFFFFFFF))),
        summary((2, b""))[:60],
        b"\xff" * 100,
    ],
)
def test_a_file_that_says_nonsense_of_itself_is_read_all_the_same(read, told):
    assert read(book(("A", ROWS), summary=told)).title in {"", "Years"}


SHEET_OF_4 = b"".join(
    struct.pack("<HH", kind, len(data)) + data
    for kind, data in (
        (0x0409, struct.pack("<HHH", 0, 0x10, 0)),
        (0x0204, struct.pack("<4H", 0, 0, 0, 5) + b"Heron"),
        (0x0203, struct.pack("<3Hd", 0, 1, 0, 45.0)),
        (0x000A, b""),
    )
)


@pytest.mark.parametrize(
    ("data", "shown"),
    [(SHEET_OF_4, "Heron | 45"), (workbook([("A", [["Heron", 45.0]])]), "Heron | 45")],
)
def test_a_workbook_without_a_container_is_one(read, data, shown):
    assert told(data, read) == [shown]
    assert told(data, read, "unnamed") == [shown]


def test_a_comment_of_nobody_costs_nothing(read):
    book = workbook([("A", [["Heron", 45.0]])])
    note = struct.pack("<HH4H5x", 0x001C, 13, 0, 0, 0, 1)
    assert told(book[:-4] + note + book[-4:], read) == ["Heron | 45"]


def test_one_with_a_password_says_so(read):
    with pytest.raises(Unreadable, match="password"):
        read(book(("A", ROWS), protected=True))


def test_one_without_words_says_so(read):
    with pytest.raises(Unreadable, match="no text"):
        read(book(("A", [])))


def test_damage_ends_as_a_sentence(tmp_path):
    whole = book(("A", ROWS), ("B", ROWS), merged=[(0, 1, 0, 1)])
    chance = random.Random(7)
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 4, 30])):
            data[chance.randrange(512, len(data))] = chance.randrange(256)
        path = tmp_path / "b.xls"
        path.write_bytes(data)
        try:
            with path.open("rb") as file:
                list(ole.parse(file).pages)
        except Refusal:
            continue
