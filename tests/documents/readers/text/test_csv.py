"""Tables as text: no row is ever swallowed, and nothing is cut that people would not cut."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from documents.readers.sheets.csv import sheets_of, source_of


def rows_of(text):
    (sheet,) = sheets_of(text)
    return [list(row) for row in sheet.rows if any(row)]


def lines_of(text):
    return next(iter(source_of(text).pages)).text.strip().split("\n")


def test_a_quote_that_is_never_closed_is_a_letter():
    assert rows_of('a,b,c\n1,"x,4\n2,y,5\n3,z,6\n') == [
        ["a", "b", "c"],
        ["1", '"x', "4"],
        ["2", "y", "5"],
        ["3", "z", "6"],
    ]


def test_signs_of_inches_do_not_swallow_the_rows_between_them():
    text = 'Item\tSize\tStock\nScreen\t"20\t5\nMonitor\t"24\t8\nTablet\t10"\t3\n'
    assert [row[2] for row in rows_of(text)] == ["Stock", "5", "8", "3"]


@pytest.mark.parametrize(
    ("cell", "count"), [("a, b\nc", 2), ("Hello\nBest, Bob", 2), ("one\n\ntwo, three", 2)]
)
def test_a_quoted_cell_may_go_over_several_lines(cell, count):
    assert rows_of(f'id,text\n1,"{cell}"\n2,"ok"\n')[1:] == [["1", cell], ["2", "ok"]][:count]


@pytest.mark.parametrize(
    "column",
    [
        ["Preis", "1,50", "2,30", "13,00"],
        ["1,50", "2,30", "13,00"],
        ["Comment", "Good fast", "Nothing to add, really", "Fine, thanks", "Ok, ok"],
        ["Name", "Miller, Ann", "Smith, Bob"],
    ],
)
def test_commas_of_figures_and_sentences_cut_nothing(column):
    assert rows_of("\n".join(column)) == [[cell] for cell in column]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "^", "~", "¦", ":"])
def test_each_usual_separator_is_found(separator):
    table = [["Code", "Name", "Stock"], ["K1", "Bolt", "15"], ["K2", "Nut", "25"]]
    assert rows_of("\n".join(separator.join(row) for row in table)) == table


@pytest.mark.parametrize(
    "column", [["Span", "1:30", "2:45"], ["Page", "http://a.example", "http://b.example"]]
)
def test_colons_of_times_and_addresses_cut_nothing(column):
    assert rows_of("\n".join(column)) == [[cell] for cell in column]


def test_what_says_how_it_is_cut_is_no_row():
    assert lines_of("sep=;\nCity;Rain\nLeeds;12,5\n") == ["City | Rain", "Leeds | 12,5"]
    assert rows_of("sep=~\na~b\n1~2") == [["a", "b"], ["1", "2"]]


def test_comments_are_told_whole_and_are_no_rows():
    text = "# made by a program, on a day\na,b\n1,2\n# half of it\n3,4\n"
    assert lines_of(text)[0] == "# made by a program, on a day"
    assert rows_of(text) == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert rows_of("#id,name\n#1,Ann\n#2,Bob\n")[0] == ["#id", "name"]


def test_decimal_commas_between_commas_are_known_by_the_names():
    text = "City,Rain,Sun\nLeeds,12,5,3,4\nYork,7,25,1,2\n"
    assert rows_of(text)[1:] == [["Leeds", "12,5", "3,4"], ["York", "7,25", "1,2"]]


@settings(max_examples=25, deadline=None)
@given(
    some.lists(
        some.tuples(
            some.text("abc ,;\n\"'", max_size=12).map(lambda text: f"x{text}y"),
            some.integers(-9999, 9999),
        ),
        min_size=3,
        max_size=8,
    )
)
def test_what_the_usual_program_writes_is_read_back(rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([("Note", "Count"), *rows])
    assert rows_of(out.getvalue())[1:] == [[note, f"{count}"] for note, count in rows]
