"""Columns are read one after the other, in whatever order a page is drawn."""

import pytest

from tests.documents.readers.reading import read_bytes
from tests.files_pdf import Sheet, Text, across, book, paragraph

SHIP = """The harbour was dredged in 1987, and since then ships of twelve metres draught have
called at its northern quay, where the cranes are. The pilots, who had asked for it in vain for
twenty years, celebrated with a regatta that is sailed to this day on the first Sunday in May."""
BIRD = """Of the two hundred pairs of terns that nest on the island most arrive in April, when the
sand eels come close to the shore. Wardens count the clutches twice a season and keep visitors
on the boardwalk, since a single frightened colony may give up all its eggs within an hour."""
MILL = """Long before the railway came, the mill at the weir ground the rye of five villages,
and its miller kept a diary of the weather that meteorologists still quote. What he measured
with a jar and a stick agrees with the figures of the observatory within a tenth of an inch."""


@pytest.fixture
def text_of(tmp_path):
    def text_of(*sheets: Sheet) -> str:
        pages = read_bytes(tmp_path, book(*sheets), "columns.pdf").pages
        return " ".join("\n".join(page.text for page in pages).split())

    return text_of


def plain(*texts: str) -> str:
    return " ".join(" ".join(texts).split())


def test_two_columns_drawn_line_by_line_across_are_read_one_after_the_other(text_of):
    texts = across(paragraph(50, 100, SHIP, 45), paragraph(310, 100, BIRD, 45))
    assert text_of(Sheet(texts)) == plain(SHIP, BIRD)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_also_on_a_turned_page(text_of, rotate):
    texts = across(paragraph(50, 100, SHIP, 45), paragraph(310, 100, BIRD, 45))
    assert text_of(Sheet(texts, rotate)) == plain(SHIP, BIRD)


def test_lines_that_do_not_stand_on_one_height_are_no_trouble(text_of):
    texts = across(paragraph(50, 100, SHIP, 45), paragraph(310, 105, BIRD, 45))
    assert text_of(Sheet(texts)) == plain(SHIP, BIRD)


def test_a_right_column_that_is_drawn_first_is_read_last(text_of):
    texts = [*paragraph(310, 100, BIRD, 45), *paragraph(50, 100, SHIP, 45)]
    assert text_of(Sheet(texts)) == plain(SHIP, BIRD)


def test_three_columns(text_of):
    columns = [paragraph(50, 100, SHIP, 30), paragraph(220, 100, BIRD, 30)]
    texts = across(*columns, paragraph(390, 100, MILL, 30))
    assert text_of(Sheet(texts)) == plain(SHIP, BIRD, MILL)


def test_what_runs_across_the_page_stands_before_what_is_below_it(text_of):
    title = "All that is known about harbours and birds, told once more and at length"
    middle = "And now for the second part of this leaflet, which is about the miller's diary"
    texts = across(
        [Text(50, 80, title, 14)],
        paragraph(50, 100, SHIP, 45),
        paragraph(310, 100, BIRD, 45),
        [Text(50, 220, middle, 14)],
        paragraph(50, 240, MILL, 45),
        paragraph(310, 240, SHIP, 45),
    )
    assert text_of(Sheet(texts)) == plain(title, SHIP, BIRD, middle, MILL, SHIP)


def test_words_cut_at_a_columns_line_end_are_joined(text_of):
    left, right = paragraph(50, 100, SHIP, 45), paragraph(310, 100, BIRD, 45)
    cut = left[1]._replace(text="ships of twelve metres draught have been har-")
    then = left[2]._replace(text="boured at its northern quay, where cranes are.")
    texts = across([left[0], cut, then, *left[3:]], right)
    assert "have been harboured at its northern quay" in text_of(Sheet(texts))


def test_a_table_of_words_is_read_row_by_row(text_of):
    rows = [
        ["The shareholders have no right to call a meeting unless the by-laws grant it to them.",
         "A meeting has to be called when holders of a tenth of the voting rights demand it."],
        ["A quorum of one third of the issued and outstanding shares is the least permitted.",
         "The articles may set any quorum, and where they are silent two members are enough."],
        ["An amendment needs the votes of the board and then of a majority of all the shares.",
         "An amendment needs a special resolution, which two thirds of those voting pass."],
    ]  # fmt: skip
    texts = []
    for number, (left, right) in enumerate(rows):
        texts += paragraph(50, 100 + 60 * number, left, 45)
        texts += paragraph(310, 100 + 60 * number, right, 45)
    assert text_of(Sheet(texts)) == plain(*(cell for row in rows for cell in row))


def test_labels_and_figures_side_by_side_are_no_columns(text_of):
    texts = []
    for number, name in enumerate(["Net sales", "Cost of sales", "Gross profit", "Net income"] * 2):
        texts += [Text(50, 100 + 14 * number, f"{name} of the year"), Text(310, 100 + 14 * number,
                  f"{1000 + 7 * number:,}")]  # fmt: skip
    found = text_of(Sheet(texts))
    assert found.startswith("Net sales of the year")
    assert found.index("1,007") < found.index("Gross profit")
