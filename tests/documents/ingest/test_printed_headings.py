"""Files without an outline get one: what is set larger, bold or apart, and short, is a heading."""

import pytest

from documents.ingest import chunk_context, chunking
from documents.ingest.printed_headings import with_headings
from documents.readers.page import UNDER
from tests.documents.readers.reading import read_bytes
from tests.files_pdf import Sheet, Text, book, paragraph

SHIP = """The harbour was dredged in 1987, and since then ships of twelve metres draught have
called at its northern quay, where the cranes are. The pilots, who had asked for it in vain for
twenty years, celebrated with a regatta that is sailed to this day on the first Sunday in May."""


@pytest.fixture
def read(tmp_path):
    def read(*sheets: Sheet):
        return with_headings(read_bytes(tmp_path, book(*sheets), "printed.pdf").pages)

    return read


def page(*blocks) -> Sheet:
    """Downwards: a string is a paragraph, (text, size, bold) a line with space above."""
    texts, y = [], 60.0
    for block in blocks:
        if isinstance(block, str):
            texts += paragraph(50, y, block, 90)
        else:
            text, size, bold = block
            y += 14
            texts.append(Text(50, y, text, size, bold))
        y = texts[-1].y + 14
    return Sheet(texts)


def titles(pages):
    return [[heading.text for heading in found.headings] for found in pages]


def test_larger_and_bold_lines_are_headings_and_nest(read):
    pages = read(
        page(("Harbours", 16, True), SHIP, ("Pilots", 12, True), SHIP, ("Their regatta", 10, True), SHIP),
        page(SHIP, ("Ships", 12, True), SHIP),
        page(("Mills", 16, True), SHIP),
    )  # fmt: skip
    pieces = chunking.split(pages, limit=70, count=lambda text: len(text.split()))
    told = dict.fromkeys(piece.heading for piece in pieces)
    assert list(told) == [
        "Harbours",
        f"Harbours{UNDER}Pilots",
        f"Harbours{UNDER}Pilots{UNDER}Their regatta",
        f"Harbours{UNDER}Ships",
        "Mills",
    ]


def test_each_stands_where_its_words_are(read):
    (found,) = read(page(SHIP, ("Pilots", 12, True), SHIP))
    assert [found.text[each.start :].split()[0] for each in found.headings] == ["Pilots"]


def test_numbers_nest_what_is_set_alike(read):
    (found,) = read(
        page(("4 Results", 10, True), SHIP, ("4.2 Ships", 10, True), SHIP, ("5 Thanks", 10, True))
    )
    assert [(each.level, each.text) for each in found.headings] == [
        (1, "4 Results"),
        (2, "4.2 Ships"),
        (1, "5 Thanks"),
    ]


def test_a_line_in_capitals_or_with_a_number_is_one_where_space_is_above(read):
    apart = page(SHIP, ("THE PILOTS", 10, False), SHIP, ("2.1 Their regatta", 10, False), SHIP)
    close = Sheet(paragraph(50, 60, f"{SHIP} THE PILOTS 2.1 their", 90))
    assert titles(read(apart, close)) == [["THE PILOTS", "2.1 Their regatta"], []]


def test_a_heading_of_two_lines_is_one(read):
    lines = [Text(50, 40, "Of the harbours and", 14), Text(50, 56, "their pilots", 14)]
    (found,) = read(Sheet([*lines, *paragraph(50, 90, SHIP, 90)]))
    assert titles([found]) == [["Of the harbours and their pilots"]]


def test_a_title_over_another_of_its_kind_belongs_to_it(read):
    (found,) = read(page(("Harbour Company", 10, True), ("Balance Sheet", 10, True), SHIP))
    assert titles([found]) == [["Harbour Company · Balance Sheet"]]


def test_a_file_that_is_bold_throughout_has_none(read):
    bold = [text._replace(bold=True) for text in paragraph(50, 60, SHIP * 3, 90)]
    assert titles(read(Sheet([*bold, Text(50, 300, "Short line", bold=True)]))) == [[]]


def test_sentences_and_rows_of_figures_are_none_however_bold(read):
    assert titles(
        read(
            page(
                SHIP,
                ("The pilots celebrate this to this day.", 10, True),
                ("Expenses 1,234 (5,678)", 10, True),
                ("and so on", 10, True),
                SHIP,
            )
        )
    ) == [[]]


def test_what_stands_on_page_after_page_is_none(read):
    pages = read(*(page(("Harbour report", 14, True), f"{n} {SHIP}") for n in range(1, 9)))
    assert titles(pages) == [[]] * 8


def test_a_page_of_bold_lines_is_a_list_not_an_outline(read):
    names = [(f"Name {chr(65 + n)}", 10, True) for n in range(20)]
    assert titles(read(page(SHIP * 3), page(*names))) == [[], []]


def test_the_title_page_holds_for_itself_alone(read):
    pages = read(
        page(("Annual report", 24, True)),
        page(("Ships", 12, True), SHIP),
        page(("Mills", 12, True), SHIP),
    )
    pieces = chunking.split(pages, limit=100, count=lambda text: len(text.split()))
    assert pieces[-1].heading == "Mills"


def test_the_line_before_a_chunk_keeps_the_nearest_heading():
    path = UNDER.join(f"{name} of the harbour, its ships and its pilots" for name in "ABCDEFGH")
    line = chunk_context.line("Report.pdf", path, lambda text: len(text.split()))
    assert line.startswith("Report · ")
    assert line.endswith("H of the harbour, its ships and its pilots")
    assert len(line) <= chunk_context.CHARACTERS


def test_one_that_is_too_long_by_itself_is_cut_at_its_end():
    line = chunk_context.line(
        "Report.pdf", f"A{UNDER}" + "ships " * 99, lambda text: len(text.split())
    )
    assert line.startswith("Report · ships ships")
    assert len(line.split()) <= chunk_context.TOKENS
