import datetime
import io
import re
import zipfile

import pytest

from documents import readers
from documents.ingest import chunking
from documents.readers.process.errors import Unsupported
from tests import files
from tests import files_office as office
from tests.documents.readers.reading import lines, read_bytes, refused


@pytest.fixture
def read(tmp_path):
    return lambda data, name: read_bytes(tmp_path, data, name)


def test_a_slide_is_a_page_with_its_title_table_and_notes(read):
    data = office.slides(
        ("Plan", "First point", "Say hello"),
        ("Costs", "Too high", ""),
        table=[["Year", "Sum"], ["2024", "12"]],
    )
    reading = read(data, "talk.pptx")
    assert [page.number for page in reading.pages] == [1, 2]
    first, second = reading.pages
    assert lines(first.text) == [
        "Plan",
        "First point",
        "Year | Sum",
        "2024 | 12",
        "Notes: Say hello",
    ]
    assert lines(second.text) == ["Costs", "Too high"]
    assert [(h.start, h.level, h.text) for h in second.headings] == [(0, 1, "Costs")]
    assert reading.total == 2


def test_a_slide_without_words_keeps_its_number(read):
    reading = read(office.slides(("", "", ""), ("Here", "words", "")), "t.pptx")
    assert [bool(page.text.strip()) for page in reading.pages] == [False, True]


def test_a_whole_number_is_shown_as_a_share_too(read):
    data = office.sheets({"Shares": [["Name", "Share"], ["Ann", 1], ["Bob", 2]]}, B2="0%")
    assert lines(read(data, "a.xlsx").pages[0].text)[-2:] == ["Ann | 100 %", "Bob | 2"]


def test_a_sheet_is_a_page_and_its_values_are_as_they_are_seen(read):
    day = datetime.datetime(2024, 5, 1)
    rows = [["Name", "Share", "Since", "Sum"], ["Ann", 0.125, day, 0.1 + 0.2]]
    data = office.sheets({"People": rows, "Empty": [], "Last": [["only this"]]}, B2="0.0%")
    reading = read(data, "staff.xlsx")
    assert [page.number for page in reading.pages] == [1, 2, 3]
    assert lines(reading.pages[0].text) == [
        "People",
        "Name | Share | Since | Sum",
        "Ann | 12.5 % | 2024-05-01 | 0.3",
    ]
    assert reading.pages[1].text == ""
    assert [h.text for h in reading.pages[2].headings] == ["Last"]


def test_the_header_of_a_long_sheet_stands_over_each_part(read):
    rows = [["In millions", "", "2024"], ["", "Sales", "Profit"]]
    rows += [[f"Zone {number}", number * 1000, -number] for number in range(200)]
    text = read(office.sheets({"Zones": rows}), "zones.xlsx").pages[0].text
    parts = text.split("\n\n")[1:]
    assert len(parts) > 4
    assert all(part.startswith("In millions |  | 2024\n | Sales | Profit\n") for part in parts)
    assert text.count("Zone 77 | 77000 | -77\n") == 1


def test_every_piece_of_a_sheet_begins_with_the_header(read):
    header = ["Customer", "City", "Revenue 2023", "Revenue 2024"]
    rows = [[f"Customer {n} GmbH", "Köln", n * 1234, n * 1300] for n in range(300)]
    pages = read(office.sheets({"Customers": [header, *rows]}), "c.xlsx").pages
    pieces = chunking.split(pages, limit=210, count=chunking.approximate)
    assert len(pieces) > 20
    named = " | ".join(header)
    assert all(named in piece.text.strip().removeprefix("Customers\n\n")[:60] for piece in pieces)
    assert all(piece.heading == f"Customers \u203a {named}" for piece in pieces[1:])


def test_a_table_without_names_repeats_nothing(read):
    text = (
        read(office.sheets({"Figures": [[n, n * n] for n in range(500)]}), "f.xlsx").pages[0].text
    )
    assert len(lines(text)) == 501


def test_a_workbook_without_a_value_is_empty(read):
    assert refused(read, office.sheets({"A": []}), "e.xlsx").code == "empty"


def test_an_opendocument_text_has_headings_lists_and_tables(read):
    row = "<table:table-row>{}</table:table-row>"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    table = "".join(
        row.format("".join(cell.format(text) for text in texts))
        for texts in (["a", "b"], ["1", "2"])
    )
    content = (
        '<text:h text:outline-level="2">Costs</text:h><text:p>So<text:s/>be<text:tab/>it</text:p>'
        "<text:list><text:list-item><text:p>point</text:p></text:list-item></text:list>"
        f"<table:table>{table}</table:table>"
    )
    (page,) = read(office.odf("text", content), "t.odt").pages
    assert lines(page.text) == ["Costs", "So be\tit", "point", "a | b", "1 | 2"]
    assert [(h.level, h.text) for h in page.headings] == [(2, "Costs")]
    assert page.number is None


def test_notes_of_an_opendocument_text_stand_after_their_paragraph(read):
    content = (
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
        "<text:p>Rain<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>In May.</text:p></text:note-body></text:note> fell<office:annotation>"
        "<text:p>Much?</text:p></office:annotation> here.<draw:frame><draw:text-box>"
        "<text:p>In a box</text:p></draw:text-box></draw:frame></text:p>"
    )
    (page,) = read(office.odf("text", content), "t.odt").pages
    assert lines(page.text) == ["Rain fell here.", "In a box", "Note: In May.", "Comment: Much?"]


def test_an_opendocument_sheet_ends_where_its_values_end(read):
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rest = '<table:table-cell table:number-columns-repeated="16000"/>'
    twice = (
        '<table:table-cell table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell>'
    )
    sheet = (
        f'<table:table table:name="Ducks"><table:table-row>{cell.format("year")}{twice}{rest}'
        f"</table:table-row></table:table>"
    )
    reading = read(office.odf("spreadsheet", sheet + sheet), "d.ods")
    assert [page.number for page in reading.pages] == [1, 2]
    assert lines(reading.pages[0].text) == ["Ducks", "year | x | x"]


def test_an_opendocument_slide_is_a_page(read):
    slide = (
        "<draw:page><draw:frame><draw:text-box><text:p>words</text:p></draw:text-box></draw:frame>"
        '<draw:frame presentation:class="title"><draw:text-box><text:p>Plan</text:p></draw:text-box>'
        "</draw:frame><presentation:notes><draw:frame><draw:text-box><text:p>aside</text:p>"
        "</draw:text-box></draw:frame></presentation:notes></draw:page>"
    )
    reading = read(office.odf("presentation", slide * 2), "s.odp")
    assert lines(reading.pages[1].text) == ["Plan", "words", "Notes: aside"]
    assert reading.title == ""


def test_a_chapter_of_a_book_is_a_page(read):
    page = "<html><body><h1>{0}</h1><p>About {0}.</p></body></html>"
    reading = read(office.epub(page.format("Rain"), page.format("Wind")), "b.epub")
    assert reading.title == "A book"
    assert [(page.number, page.text) for page in reading.pages] == [
        (1, "Rain\nAbout Rain.\n"),
        (2, "Wind\nAbout Wind.\n"),
    ]
    assert [h.text for h in reading.pages[1].headings] == ["Wind"]


def test_rtf_gives_letters_of_its_code_page_and_rows(read):
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}Gr\'fc\'dfe \u8364?5\par "
        rb"{\pict\pngblip " + b"89504e470d0a1a0a" * 2_000 + rb"}"
        rb"\trowd a\cell b\cell\row end\par}"
    )
    assert lines(read(data, "l.rtf").pages[0].text) == ["Grüße €5", "a | b", "end"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_table_of_any_dialect_gives_the_same_lines(read, encoding, separator):
    rows = [["Stadt", "Größe", "Wort"], ["Köln", "1", f'"ein{separator} zwei\nWörter"']]
    data = "\r\n".join(separator.join(row) for row in rows).encode(encoding)
    assert lines(read(data, "t.csv").pages[0].text) == [
        "Stadt | Größe | Wort",
        f"Köln | 1 | ein{separator.strip()} zwei Wörter",
    ]


def test_text_that_is_no_table_is_kept_whatever_its_ending(read):
    assert read(b"just words\nand more\n", "t.csv").pages[0].text == "just words\nand more\n"


def test_json_says_its_letters_and_keeps_its_values(read):
    text = read(rb'{"name": "Gr\u00fcn", "sizes": [1, 2.50]}', "j.json").pages[0].text
    assert '"name": "Grün"' in text
    assert read(b'{"a": 1}\n{"a": 2}\n', "rows.json").pages[0].text == '{"a": 1}\n{"a": 2}\n'


def test_a_notebook_is_its_cells_in_order(read):
    data = office.notebook(
        ("markdown", "# Study\nWhy?", ""), ("code", "# not a heading\n1 + 1", "2"), ("code", "", "")
    )
    reading = read(data, "study.ipynb")
    assert reading.title == "Study"
    assert reading.pages[0].text == (
        "# Study\nWhy?\n\n```python\n# not a heading\n1 + 1\n```\n\n```\n2\n```\n"
    )
    assert [h.text for h in reading.pages[0].headings] == ["Study"]


def test_an_old_word_file_gives_its_text_without_its_marks(read):
    text = "Dear Ann\rsee \x13 HYPERLINK x \x14the page\x15\ra\x07b\x07\x07Größe \u20ac5\r"
    page = read(office.old_word(text), "letter.doc").pages[0]
    assert lines(page.text) == ["Dear Ann", "see the page", "a | b", "Größe €5"]


@pytest.mark.parametrize(
    ("stream", "sentence"),
    [
        ("VisioDocument", "This is an old Office file of a kind that cannot be read."),
        ("EncryptedPackage", "This file is protected by a password."),
    ],
)
def test_other_old_files_are_refused_in_words(read, stream, sentence):
    assert refused(read, office.ole({stream: b"x" * 600}), "f.bin").message.startswith(sentence)


def test_what_another_program_must_export_says_so(read):
    assert ".xlsb" in refused(read, office.zipped({"xl/workbook.bin": b"x"}), "a.xlsb").message
    pages = office.zipped({"Index/Document.iwa": b"x"})
    assert "Apple's Pages" in refused(read, pages, "a.zip").message


def test_a_word_file_without_styles_is_read(read):
    with zipfile.ZipFile(io.BytesIO(files.word("hello"))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    links = members["word/_rels/document.xml.rels"]
    members["word/_rels/document.xml.rels"] = re.sub(
        rb"<Relationship [^>]*styles.xml[^>]*>", b"", links
    )
    del members["word/styles.xml"]
    assert "hello" in read(office.zipped(members), "plain.docx").pages[0].text


def test_source_code_and_markup_are_text(read):
    for name, data in [
        ("a.py", b"# -*- coding: latin-1 -*-\ns = '\xfc'\n"),
        ("a.xml", b"<?xml version='1.0' encoding='iso-8859-1'?>\n<a>\xfc</a>\n"),
    ]:
        assert "ü" in read(data, name).pages[0].text


def test_a_picture_that_cannot_be_opened_is_called_a_picture():
    with pytest.raises(Unsupported, match="This is a picture"):
        readers.kind_of(b"\0\0\0\x18ftypheic" + bytes(50), "a.txt")
