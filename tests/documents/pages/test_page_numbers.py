"""A page's number is its place in the file, whatever is printed on it or labelled."""

from tests.documents.readers.reading import read_bytes
from tests.files_pdf import Sheet, Text, book

PAGES, FRONT = 40, 8
BLANK, SCANNED, TURNED = {3, 17, 40}, {5, 6, 23, 31}, {2: 90, 12: 180, 13: 270, 30: 90, 39: 270}
ROMAN = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii"]


def sheet(number: int) -> Sheet:
    if number in BLANK:
        return Sheet()
    if number in SCANNED:
        return Sheet(picture=True)
    printed = ROMAN[number] if number <= FRONT else str(number - FRONT)
    words = [
        Text(60, 100, f"The marker of this sheet is quartz{number * 7919}."),
        Text(290, 800, printed),
    ]
    return Sheet(words, TURNED.get(number, 0))


def test_forty_pages_blank_scanned_turned_and_roman_numbered_are_all_in_their_places(tmp_path):
    data = book(*(sheet(number) for number in range(1, PAGES + 1)), roman=FRONT)
    reading = read_bytes(tmp_path, data, "forty.pdf")
    assert [page.number for page in reading.pages] == list(range(1, PAGES + 1))
    for page in reading.pages:
        written = page.number not in BLANK | SCANNED
        assert (f"quartz{page.number * 7919}." in page.text) == written
        assert page.text.count("quartz") == written
