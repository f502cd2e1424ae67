"""Every passage of a page is marked whole and alone, however the page is set, drawn and turned."""

import pypdfium2 as pdfium
import pytest

from documents.readers.printed.boxes import boxes_of
from tests.documents.readers import marking
from tests.documents.readers.printed.test_columns import BIRD, MILL, SHIP
from tests.documents.readers.printed.test_tables import row, statement
from tests.files_pdf import Sheet, Text, across, book, paragraph


def columns() -> list[Text]:
    title = [Text(50, 80, "All that is known about harbours, birds and mills", 14)]
    return across(title, *(paragraph(x, 110, t, 30) for x, t in COLUMNS))


COLUMNS = ((50, SHIP), (220, BIRD), (390, MILL))


def beside() -> list[Text]:
    """A note in the margin, drawn with the lines beside it."""
    note = [Text(470, 112 + 13 * number, f"Note {number}", 8) for number in range(5)]
    return across(paragraph(50, 110, f"{SHIP} {BIRD}", 80), note)


def by_columns() -> list[Text]:
    return sorted(statement(45), key=lambda text: text.x)


def named_twice() -> list[Text]:
    """A table whose header has two lines, and prose around it."""
    texts = [*paragraph(50, 60, MILL, 90), *row(120, "", "Paid-in", "Retained")]
    texts += row(130, "Equity", "capital", "earnings")
    for number in range(30):
        texts += row(
            144 + 12 * number, f"Balance of quarter {number}", "$ 6,745", "50,482", "\u2014"
        )
    return [*texts, *paragraph(50, 540, SHIP, 90)]


@pytest.mark.parametrize(
    ("texts", "rotate"),
    [
        *((columns, rotate) for rotate in (0, 90, 270)),
        *((by_columns, rotate) for rotate in (0, 90, 180)),
        *((named_twice, rotate) for rotate in (0, 270)),
        (beside, 0),
    ],
)
def test_every_word_of_a_passage_has_a_box_and_no_other_word(tmp_path, texts, rotate):
    path = tmp_path / "book.pdf"
    path.write_bytes(book(Sheet(texts(), rotate)))
    assert len(marking.passages(path, 80)) > 1
    prose, tables = marking.sampled([path], 1_000, 1, 80).values()
    assert prose.wanted + tables.wanted > 100
    assert prose.wanted == prose.marked == prose.both
    assert tables.wanted == tables.marked == tables.both


def test_a_header_that_stands_again_is_marked_where_it_is_printed(tmp_path):
    path = tmp_path / "table.pdf"
    path.write_bytes(book(Sheet(by_columns())))
    later = marking.passages(path, 150)[-1]
    assert later.text.startswith("(Millions) | 2018 | 2017 | 2016\n")
    page = pdfium.PdfDocument(path)[0]
    header, *rows = boxes_of(page, later.text, 0.9)
    assert header.bottom < 0.15
    assert min(box.top for box in rows) > 0.5


def test_what_lies_between_two_parts_of_a_passage_is_not_marked(tmp_path):
    path = tmp_path / "columns.pdf"
    path.write_bytes(book(Sheet(columns())))
    page = pdfium.PdfDocument(path)[0]
    passage = f"{SHIP} {BIRD}"
    assert set(marking.score(page, passage, 0.1)) == {len(marking.plain(passage))}
