import datetime
import io
import json

import openpyxl
import pytest
from openpyxl.chart import BarChart

from documents.readers.text import markdown
from tests import files_office as office
from tests.documents.readers.reading import lines, read_bytes


@pytest.fixture
def text(tmp_path):
    return lambda data, name: read_bytes(tmp_path, data, name).pages[0].text


def test_values_of_json_are_said_with_their_letters_and_line_breaks(text):
    value = {"a": 'Zoë: "one\ntwo"\\'}
    said = '{\n "a": "Zoë: "one\ntwo"\\"\n}\n'
    assert text(json.dumps(value).encode(), "a.json") == said


def test_json_of_a_value_a_line_says_its_letters_too(text):
    rows = b'{"a": "caf\\u00e9", "b": 1}\n\n{"a": "second"}\n'
    assert text(rows, "a.jsonl") == '{"a": "café", "b": 1}\n{"a": "second"}\n'
    assert text(b'{"a": 1}\nand words\n', "a.ndjson") == '{"a": 1}\nand words\n'


def test_a_notebook_says_whatever_its_cells_printed(text):
    shown = [
        {"output_type": "display_data", "data": {"text/html": "<table><tr><td>a<td>1</table>"}},
        {"output_type": "display_data", "data": {"text/markdown": "**b**"}},
        {"output_type": "error", "ename": "ValueError", "evalue": "no such day", "traceback": []},
    ]
    cells = [{"cell_type": "code", "source": "", "outputs": shown}]
    said = text(json.dumps({"metadata": {}, "cells": cells}).encode(), "n.ipynb")
    assert [line for line in lines(said) if line != "```"] == [
        "a | 1",
        "**b**",
        "ValueError: no such day",
    ]


def test_the_facts_before_a_markdown_text_are_no_heading_but_name_it(tmp_path):
    data = b"---\ntags: [a]\ntitle: 'The sea'\n---\n# Waves\n\nHigh.\n"
    reading = read_bytes(tmp_path, data, "m.md")
    (page,) = reading.pages
    assert reading.title == "The sea"
    assert [(h.start, h.text) for h in page.headings] == [(page.text.index("# W"), "Waves")]
    assert page.text == data.decode()


def test_notes_and_text_boxes_of_rtf_stand_behind_their_paragraphs(text):
    data = (
        rb"{\rtf1\ansi\ansicpg1252 Rain{\footnote\pard In {\i May} \{3\}.} fell.\par"
        rb"{\shp{\*\shpinst{\shptxt \'dcber\par}}}Wind.\par}"
    )
    assert lines(text(data, "n.rtf")) == ["Rain fell.", "Note: In May {3}.", "Wind.", "Über"]
    unclosed = text(rb"{\rtf1 Rain {\footnote never closed", "b.rtf")
    assert lines(unclosed) == ["Rain ", "Note: never closed"]


def test_numbers_of_a_sheet_are_as_they_are_seen(text):
    day = datetime.timedelta(days=1, hours=12)
    rows = [["Code", "Long", "Large", "Yes"], [7, day, 1.2e15, True]]
    data = office.sheets({"A": rows}, A2="00000", B2="[h]:mm:ss")
    assert lines(text(data, "a.xlsx"))[-1] == "00007 | 36:00:00 | 1200000000000000 | TRUE"


def test_a_chart_among_the_sheets_is_counted(tmp_path):
    book = openpyxl.Workbook()
    book.create_chartsheet("Chart", 0).add_chart(BarChart())
    book.worksheets[0]["A1"] = "words"
    out = io.BytesIO()
    book.save(out)
    reading = read_bytes(tmp_path, out.getvalue(), "c.xlsx")
    assert [(page.number, "words" in page.text) for page in reading.pages] == [
        (1, False),
        (2, True),
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Rent ~~300~~ 340 euros", "Rent  340 euros"),
        ("Rent <del>300</del> <s>320</s> 340 euros", "Rent   340 euros"),
        ("A <!-- not\nyet --> plan", "A  plan"),
        ("`~~code~~` stays", "`~~code~~` stays"),
        ("```\n~~x~~ <!-- y -->\n```\n~~z~~ w", "```\n~~x~~ <!-- y -->\n```\n w"),
        ("from 5 ~~ 6 to ~~ 7", "from 5 ~~ 6 to ~~ 7"),
    ],
)
def test_struck_words_and_comments_of_markdown_are_left_out(written, told):
    assert markdown.without_unseen(written) == told


@pytest.mark.parametrize("part", ["~~a", "`", "<!--", "<s>", "~", "`a ", "```\n"])
def test_struck_words_are_looked_for_in_one_go(part):
    assert markdown.without_unseen(f"{part * 20_000}\n\nend").endswith("end")


def test_a_chart_in_a_notebook_is_told_as_not_read(tmp_path):
    cell = {"cell_type": "code", "source": "plot()", "outputs": [{"data": {"image/png": "iVBO"}}]}
    book = json.dumps({"nbformat": 4, "metadata": {}, "cells": [cell]}).encode()
    assert read_bytes(tmp_path, book, "a.ipynb").pages[0].unread == ("picture",)


def test_figures_of_json_stand_as_written_and_names_that_come_twice_twice(text):
    written = '{"price": 19.90, "mass": 1E5, "no": 90071992547409931234, "a": "x", "a": "y"}'
    lines = [line.strip(" ,") for line in text(written.encode(), "a.json").split("\n")]
    assert lines[1:-2] == [part.strip(" {}") for part in written.split(", ")]
    assert text(f"{written}\n[5.20]\n".encode(), "a.jsonl") == f"{written}\n[5.20]\n"


def test_a_broken_line_of_json_changes_no_other(text):
    data = b'{"a": "Stra\\u00dfe"}\n{"a": "abgebro\\u00df\n{"b": [1.0]}\n'
    assert text(data, "a.jsonl") == '{"a": "Straße"}\n{"a": "abgebroß\n{"b": [1.0]}\n'
    assert text(b'{\n "a": "Stra\\u00dfe",\n', "a.json") == '{\n "a": "Straße",\n'


def test_what_takes_no_room_is_left_out_and_a_hyphen_is_one(text):
    written = "A\u2011380, zero\u200bwidth, word\u2060joined"
    assert text(written.encode(), "a.txt") == "A-380, zerowidth, wordjoined"


def test_the_seams_between_words_of_a_script_without_blanks_are_kept(text):
    assert text("\u0e01\u200b\u0e02".encode(), "a.txt") == "\u0e01\u200b\u0e02"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("N\bNA\bA of _\ba _\bb\n", "NA of a b\n"),
        ("abc\b\b\bxyz\n\bend\n", "xyz\nend\n"),
        ("\x1b[1mOK\x1b[0m\b\b\x1b[31mno\x1b(B\x0f\a\n", "no\n"),
        ("\x9b31mred\x9b0m", "red"),
    ],
)
def test_a_log_says_what_a_terminal_shows_of_it(text, written, shown):
    assert text(written.encode(), "a.log") == shown
