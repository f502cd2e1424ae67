"""Where a passage's boxes lie on a page, against the words that pdfium finds under them."""

import io

import pypdfium2 as pdfium
import pytest

from documents.readers.printed.boxes import boxes_of
from tests import files

TEXT = """The harbour was dredged
in 1987. Its depth is twelve metres.
The lighthouse keeper was called
Margarethe. The harbour was dredged
again, but nobody knows when."""


def page_of(text: str, **facts):
    book = pdfium.PdfDocument(io.BytesIO(files.pdf(text, **facts)))
    return book[0]


def under(page, boxes) -> list[str]:
    """The text below each box."""
    width, height = page.get_size()
    text_page = page.get_textpage()
    return [
        text_page.get_text_bounded(
            left=box.left * width - 1,
            right=box.right * width + 1,
            top=height - box.top * height - 2,
            bottom=height - box.bottom * height + 2,
        ).strip()
        for box in boxes
    ]


def test_each_line_of_a_passage_has_its_box():
    page = page_of(TEXT)
    boxes = boxes_of(page, "Its depth is twelve metres.\nThe lighthouse keeper", 0.3)
    assert under(page, boxes) == ["Its depth is twelve metres.", "The lighthouse keeper"]


def test_between_its_lines_the_marker_leaves_no_gap():
    one, other = boxes_of(page_of(TEXT), "Its depth is twelve metres.\nThe lighthouse", 0.3)
    assert one.bottom == pytest.approx(other.top)


@pytest.mark.parametrize(("place", "line"), [(0.0, 0), (0.7, 3)])
def test_of_two_alike_the_nearer_one_is_meant(place, line):
    page = page_of(TEXT)
    (box,) = boxes_of(page, "The harbour was dredged", place)
    (first,) = boxes_of(page, "The harbour was dredged\nin 1987", 0)[:1]
    assert (box.top - first.top) * page.get_height() == pytest.approx(14 * line, abs=2)


def test_words_that_were_joined_and_ligatures_are_found():
    page = page_of("The of\ufb01ce was re-\nbuilt in the 1990s".replace("\ufb01", "fi"))
    boxes = boxes_of(page, "The o\ufb03ce was rebuilt".replace("\ufb03", "f\ufb01"), 0)
    assert under(page, boxes) == ["The office was re\x02", "built"]


def test_a_passage_with_a_gap_is_still_marked():
    page = page_of(TEXT)
    boxes = boxes_of(page, "The lighthouse keeper (a woman) was called Margarethe.", 0.4)
    assert under(page, boxes) == ["The lighthouse keeper was called", "Margarethe."]


def test_what_does_not_stand_on_the_page_has_no_box():
    assert boxes_of(page_of(TEXT), "Zanzibar xylophone quartz", 0) == []
    assert boxes_of(page_of(TEXT), " \n", 0) == []
    assert boxes_of(page_of(""), "The harbour", 0) == []


def test_on_a_turned_page_the_boxes_turn_too():
    upright = boxes_of(page_of("The harbour was dredged"), "harbour", 0)[0]
    turned = boxes_of(page_of("The harbour was dredged", rotate=90), "harbour", 0)[0]
    assert turned.top == pytest.approx(upright.left, abs=0.001)
    assert turned.right == pytest.approx(1 - upright.top, abs=0.001)
