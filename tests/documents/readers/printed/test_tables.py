"""Tables of printed pages: known by their figures, a row a line, under their header."""

import io

import pypdfium2 as pdfium
import pytest

from documents.ingest import chunking
from documents.readers.printed.boxes import boxes_of
from tests.documents.readers.printed.test_boxes import under
from tests.documents.readers.reading import lines, read_bytes
from tests.files_pdf import Sheet, Text, book, paragraph

EDGES = [340, 420, 500]  # right edges of the columns of figures


@pytest.fixture
def page_of(tmp_path):
    return lambda sheet: read_bytes(tmp_path, book(sheet), "table.pdf").pages[0]


def row(y: float, *cells: str) -> list[Text]:
    """A label, and figures that end at their edges."""
    texts = [Text(50, y, cells[0])] if cells[0] else []
    for edge, cell in zip(EDGES, cells[1:], strict=False):
        if cell:
            texts.append(Text(edge - 5.2 * len(cell), y, cell))
    return texts


def statement(rows: int) -> list[Text]:
    texts = [Text(50, 60, "Statement of Income"), *row(90, "(Millions)", "2018", "2017", "2016")]
    for number in range(rows):
        figures = (f"{(number + 1) * factor:,}" for factor in (911, 733, 577))
        texts += row(110 + 12 * number, f"Expense of kind number {number}", *figures)
    return texts


def test_a_row_is_a_line_and_figures_stand_in_their_columns(page_of):
    texts = [
        *row(90, "(Millions)", "2018", "2017", "2016"),
        *row(104, "Net sales", "$ 32,765", "$ 31,657", "$ 30,109"),
        *row(116, "Operating expenses"),
        *row(128, "Cost of sales", "(16,682)", "", "(15,118)"),
        *row(140, "Research", "1,821", "1,870", "\u2014"),
    ]
    assert lines(page_of(Sheet(texts)).text) == [
        "(Millions) | 2018 | 2017 | 2016",
        "Net sales | $ 32,765 | $ 31,657 | $ 30,109",
        "Operating expenses",
        "Cost of sales | (16,682) | | (15,118)",
        "Research | 1,821 | 1,870 | \u2014",
    ]


def test_a_currency_sign_far_from_its_figure_belongs_to_it(page_of):
    texts = [*row(90, "", "2018", "2017"), Text(290, 104, "$"), *row(104, "Sales", "32", "31")]
    for y in (116, 128, 140):
        texts += row(y, f"Item at {y}", "15", "16")
    assert "Sales | $ 32 | 31" in lines(page_of(Sheet(texts)).text)


def test_names_of_several_lines_are_one_name(page_of):
    texts = [*row(80, "", "Paid-in", "Retained"), *row(90, "Equity", "capital", "earnings")]
    for number in range(4):
        texts += row(104 + 12 * number, f"Balance of quarter {number}", "6,745", "50,482")
    assert lines(page_of(Sheet(texts)).text)[0] == "Equity | Paid-in capital | Retained earnings"


def test_it_does_not_matter_in_which_order_the_cells_are_drawn(page_of):
    by_columns = sorted(statement(8), key=lambda text: text.x)
    assert page_of(Sheet(by_columns)).text == page_of(Sheet(statement(8))).text


@pytest.mark.parametrize("rotate", [0, 90])
def test_every_passage_of_a_long_table_has_the_header_and_whole_rows(page_of, rotate):
    page = page_of(Sheet(statement(40), rotate))
    pieces = chunking.split([page], limit=200, count=chunking.approximate)
    assert len(pieces) > 3
    rows = []
    for piece in pieces:
        assert "(Millions) | 2018 | 2017 | 2016" in lines(piece.text)
        rows += [line for line in lines(piece.text) if "Expense" in line]
    assert len(rows) == 40
    assert all(line.count(" | ") == 3 and line[-1].isdigit() for line in rows)


def test_where_a_passage_of_a_table_stands_is_found():
    page = pdfium.PdfDocument(io.BytesIO(book(Sheet(statement(40)))))[0]
    boxes = boxes_of(page, "Expense of kind number 20 | 19,131 | 15,393 | 12,117", 0.5)
    assert under(page, boxes) == ["Expense of kind number 20 19,131 15,393 12,117"]


def test_prose_around_a_table_stays_where_it_is(page_of):
    above = paragraph(50, 40, "Sales grew in every region, and most in the north. " * 4, 90)
    below = paragraph(50, 240, "What follows is an estimate for the coming year alone. " * 4, 90)
    table = [text._replace(y=text.y + 20) for text in statement(6)[1:]]
    found = lines(page_of(Sheet([*above, *table, *below])).text)
    assert found[0].startswith("Sales grew")
    assert found[len(above)] == "(Millions) | 2018 | 2017 | 2016"
    assert found[-1].endswith("alone.")


def test_numbers_in_prose_make_no_table(page_of):
    text = "In 2018 we had 91,500 people, of whom 35,000 were in 50 states, and 56,500 elsewhere. "
    assert "|" not in page_of(Sheet(paragraph(50, 60, text * 6, 90))).text


def test_a_page_number_far_right_makes_no_table(page_of):
    texts = paragraph(50, 60, "The lighthouse keeper was called Margarethe. " * 9, 90)
    assert (
        "|"
        not in page_of(Sheet([*texts, Text(50, 800, "Annual report"), Text(520, 800, "7")])).text
    )


TERMS = {
    "Term": "Meaning",
    "Affiliate": "any company that controls a party, is controlled by it or is under common "
    "control with it, whether directly or through other companies.",
    "Closing": "the completion of the sale.",
    "Confidential Information": "all that one party tells the other, in writing or by word of "
    "mouth, before or after the date on which this agreement was signed by all of them.",
    "Losses": "damages, costs and expenses.",
    "Notice": "a letter to the address that a party gave last, which counts as received on the "
    "third day after it was posted.",
}


def test_a_table_of_words_drawn_column_by_column_is_read_row_by_row(page_of):
    terms, meanings, y = [], [], 200
    for term, meaning in TERMS.items():
        terms += paragraph(50, y, term, 16)
        meanings += paragraph(160, y, meaning, 60)
        y = max(terms[-1].y, meanings[-1].y) + 18
    prose = "All that was agreed before is agreed once more, unless it is changed in here. " * 6
    above, below = paragraph(50, 60, prose, 95), paragraph(50, y + 20, prose, 95)
    alone = lines(page_of(Sheet([*terms, *meanings])).text)
    # Its header stands over both of its parts.
    assert list(dict.fromkeys(alone)) == [f"{term} | {meaning}" for term, meaning in TERMS.items()]
    found = lines(page_of(Sheet([*above, *terms, *meanings, *below])).text)
    assert found == [text.text for text in above] + alone + [text.text for text in below]


def test_a_list_that_flows_through_columns_is_read_as_it_is_drawn(page_of):
    names = [f"Person {chr(65 + n)}. Surname" for n in range(24)]
    texts = [Text(50 + 200 * (n // 12), 60 + 14 * (n % 12), name) for n, name in enumerate(names)]
    assert lines(page_of(Sheet(texts)).text) == names


def test_a_table_that_goes_on_over_the_page_keeps_its_header(tmp_path):
    above = [text._replace(y=text.y + 400) for text in statement(12)[1:]]
    below = [
        *row(60, "Expense of the last kind", "911", "733", "577"),
        *row(72, "Others", "4", "5", "6"),
    ]
    pages = read_bytes(tmp_path, book(Sheet(above), Sheet(below)), "table.pdf").pages
    assert lines(pages[1].text) == [
        "(Millions) | 2018 | 2017 | 2016",
        "Expense of the last kind | 911 | 733 | 577",
        "Others | 4 | 5 | 6",
    ]


def test_numbers_in_order_under_a_name_are_no_page_numbers(page_of):
    texts = [Text(50, 60, "Berth"), Text(200, 60, "Owner"), Text(400, 60, "Yearly fee")]
    for number in range(6):
        y = 74 + 12 * number
        texts += [
            Text(50, y, f"B-{number}"),
            Text(200, y, "Otter"),
            Text(430, y, f"{310 + number}"),
        ]
    assert lines(page_of(Sheet(texts)).text)[:2] == [
        "Berth | Owner | Yearly fee",
        "B-0 | Otter | 310",
    ]


def test_two_lists_under_titles_of_their_own_are_read_one_after_the_other(page_of):
    texts = [Text(60, 60, "Opening hours"), Text(330, 60, "Entrance fees")]
    hours = [("Monday", "closed"), ("Tuesday", "10 to 16"), ("Friday", "12 to 20")]
    fees = [("Adults", "9.50"), ("Children", "4.00"), ("Groups", "7.20")]
    for number, cells in enumerate(zip(hours, fees, strict=True)):
        for (name, value), x in zip(cells, (60, 330), strict=True):
            texts += [Text(x, 80 + 16 * number, name), Text(x + 110, 80 + 16 * number, value)]
    assert lines(page_of(Sheet(texts)).text) == [
        "Opening hours",
        *(" | ".join(row) for row in hours),
        "Entrance fees",
        *(" | ".join(row) for row in fees),
    ]


HOURS = (("Monday", "closed"), ("Tuesday", "9-17"), ("Friday", "9-20"))
FARES = (("Adults", "8.50"), ("Pupils", "4.20"), ("Dogs", "1.00"))


@pytest.mark.parametrize("across", [True, False])
def test_two_tables_side_by_side_are_two(page_of, across):
    left = [[Text(72, 100, "Hours")]]
    right = [[Text(330, 100, "Prices")]]
    for number, (hour, fare) in enumerate(zip(HOURS, FARES, strict=True), start=1):
        y = 100 + 16 * number
        left.append([Text(72, y, hour[0]), Text(162, y, hour[1])])
        right.append([Text(330, y, fare[0]), Text(420, y, fare[1])])
    rows = [part for pair in zip(left, right, strict=True) for part in pair]
    texts = [text for part in (rows if across else left + right) for text in part]
    found = lines(page_of(Sheet(texts)).text)
    told = [" | ".join(cells) for cells in [("Hours",), *HOURS, ("Prices",), *FARES]]
    assert [line.strip() for line in found] == told


def test_a_heading_whose_letters_are_set_apart_is_of_words(page_of):
    wide = {"I": 2.8, "L": 5.6, " ": 2.8}
    texts, x = [], 72.0
    for letter in "YEARLY TITLE":
        texts.append(Text(x, 60, letter))
        x += wide.get(letter, 6.7) + 4
    texts += [Text(72 + 30 * place, 90, letter) for place, letter in enumerate("MTWTFSS")]
    assert lines(page_of(Sheet(texts)).text) == ["YEARLY TITLE", "M T W T F S S"]


def test_figures_in_narrow_cells_are_cells(page_of):
    rows = ["Class A B C", "Maths 1 2 1", "Latin 3 1 2", "Music 1 1 4"]
    texts = [
        Text(x, 100 + 14 * number, cell)
        for number, line in enumerate(rows)
        for x, cell in zip((72, 130, 143, 156), line.split(), strict=True)
    ]
    found = lines(page_of(Sheet(texts)).text)
    assert found == [line.replace(" ", " | ") for line in rows]


def test_numbers_in_groups_of_three_are_one_cell(page_of):
    rows = [("Sand", "4 500"), ("Lime", "2 300"), ("Clay", "1 100")]
    texts = [
        Text(x, 100 + 14 * number, cell)
        for number, line in enumerate(rows)
        for x, cell in zip((72, 230), line, strict=True)
    ]
    assert lines(page_of(Sheet(texts)).text) == [" | ".join(line) for line in rows]


def test_three_tables_side_by_side_are_three(page_of):
    texts = [
        Text(72 + 150 * table + 70 * place, 100 + 14 * number, cell)
        for table in range(3)
        for number, line in enumerate(FARES)
        for place, cell in enumerate(line)
    ]
    told = [" | ".join(line) for line in FARES]
    assert [line.strip() for line in lines(page_of(Sheet(texts)).text)] == told * 3
