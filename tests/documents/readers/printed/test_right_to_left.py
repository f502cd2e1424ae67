"""Pages of scripts that run from right to left."""

import io

import pypdfium2 as pdfium
import pytest

from documents.readers.printed.boxes import boxes_of
from tests.documents.readers.reading import lines, read_bytes
from tests.files_pdf import Sheet, Text, book, hebrew

LETTER = 5.2  # points, about
WORDS = "abcd efghij klm nopqrs tuv wxyz bdfh aceg"
FEW = "abcd efghij klm nopqrs tuv"


@pytest.fixture
def text_of(tmp_path):
    return lambda *texts: read_bytes(tmp_path, book(Sheet(texts)), "a.pdf").pages[0].text


def line(right: float, y: float, words: str) -> list[Text]:
    """Word by word from the right, each as it stands on paper."""
    texts = []
    for word in words.split():
        right -= LETTER * len(word) + 4
        texts.append(Text(right, y, word[::-1], is_hebrew=True))
    return texts


def spelled(y: float, words: str) -> Text:
    return Text(100, y, words[::-1], is_hebrew=True, is_spelled=True)


def table() -> list[Text]:
    texts = []
    for row, word in enumerate(["abc def", "ghij", "klm nop", "qrs", "tuv"]):
        texts += line(545, 200 + 14 * row, word)
        texts += [Text(x, 200 + 14 * row, f"{1234 + 7 * row:,}") for x in (300, 100)]
    return texts


def test_prose_around_a_table_keeps_the_order_of_its_words(text_of):
    above, below = (
        [each for n in range(4) for each in line(545, y + 14 * n, WORDS)] for y in (140, 280)
    )
    found = lines(text_of(*above, *table(), *below))
    assert found[:4] == found[-4:] == [hebrew(WORDS)] * 4


def test_a_table_has_its_labels_first(text_of):
    found = lines(text_of(*table()))
    assert found[0] == f"{hebrew('abc def')} | 1,234 | 1,234"
    assert len(found) == 5


def test_its_figures_end_at_the_right_too_however_long_they_are(text_of):
    texts = []
    for row, figure in enumerate(["911", "422", "77", "12345"]):
        y = 200 + 14 * row
        texts += line(545, y, FEW[row:])
        texts += [Text(x - 5.56 * len(figure), y, figure) for x in (300, 100)]
    found = lines(text_of(*texts))
    assert [each.split(" | ")[1:] for each in found][2] == ["77", "77"]


def test_two_columns_are_read_from_the_right(text_of):
    words = FEW
    sides = [[line(x, 60 + 14 * n, words) for n in range(10)] for x in (545, 380)]
    texts = [text for pair in zip(*sides, strict=True) for side in pair for text in side]
    alike = lines(text_of(*texts))
    assert alike == [hebrew(words)] * 20


def test_words_that_are_spelled_from_left_to_right_are_turned(text_of):
    texts = [spelled(60 + 14 * n, FEW) for n in range(4)]
    assert lines(text_of(*texts)) == [hebrew(FEW)] * 4


def test_where_a_word_that_was_turned_stands_is_found():
    texts = [spelled(60, FEW), spelled(90, FEW[::-1])]
    page = pdfium.PdfDocument(io.BytesIO(book(Sheet(texts))))[0]
    (box,) = boxes_of(page, hebrew(FEW[::-1]), 0.5)
    assert 80 < 842 * (box.top + box.bottom) / 2 < 95


def drawn(y: float, shown: str) -> Text:
    return Text(100, y, shown, is_hebrew=True)


def test_what_follows_a_number_stands_after_it(text_of):
    found = text_of(drawn(60, "gfe ,02-6543 dcba"), drawn(90, "gfe 17:45-ba"))
    assert lines(found) == [
        f"{hebrew('abcd')} 02-6543, {hebrew('efg')}",
        f"{hebrew('ab')}-17:45 {hebrew('efg')}",
    ]


def test_brackets_open_where_they_are_read_first(text_of):
    found = text_of(drawn(60, ")gfe 15%( dcba"), drawn(90, ")18% cba( gfe"))
    assert lines(found) == [
        f"{hebrew('abcd')} (15% {hebrew('efg')})",
        f"{hebrew('efg')} ({hebrew('abc')} 18%)",
    ]


def test_a_number_with_letters_keeps_their_order(text_of):
    found = text_of(
        drawn(60, "gfe"), Text(119, 60, "KV-1204"), drawn(60, "")._replace(x=165, text="dcba")
    )
    assert lines(found) == [f"{hebrew('abcd')} KV-1204 {hebrew('efg')}"]
