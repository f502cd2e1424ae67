"""What runs along the edges of page after page is told once; all else stays."""

import uuid

import pytest

from documents import readers
from documents.pages.recognised import Recognised
from documents.readers.common.quality import State
from documents.readers.page import Page
from documents.readers.printed import running_titles
from tests import files, pictures
from tests.documents.readers.reading import read_bytes

WORDS = ["amber", "basalt", "cobalt", "dolomite", "emerald", "feldspar", "garnet", "halite"]
BODY = "\n".join(f"The {word} of sheet {{n}} was found by quartz{{n}}." for word in WORDS)


def book(top: str = "", bottom: str = "", pages: int = 20) -> list[str]:
    return [
        "\n".join(filter(None, [top, BODY, bottom])).format(n=n, label=n + 4, left="LR"[n % 2])
        for n in range(1, pages + 1)
    ]


def bodies(pages: int = 20) -> list[str]:
    return book(pages=pages)


def without(texts):
    pages = (Page(number, text, []) for number, text in enumerate(texts, start=1))
    return (page.text for page in running_titles.without(pages))


@pytest.mark.parametrize(
    ("top", "bottom"),
    [
        ("Annual Report 2018", ""),
        ("", "{n}"),
        ("", "{label}"),
        ("Harbours and Birds", "Page {n} of 20"),
        ("Acme Inc. | Chapter".replace("|", "-"), "F-{n}"),
        ("Table of Contents\nAcme Corporation", "Annual Report 2018 {n}"),
        ("{left} side", "{n}"),
    ],
)
def test_titles_and_page_numbers_are_left_out_but_told_once(top, bottom):
    texts = book(top, bottom)
    found = list(without(texts))
    assert found[2:] == bodies()[2:]
    assert found[0] == texts[0]


def test_roman_numbers_count_pages_too():
    roman = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
    texts = [f"{body}\n{number}" for body, number in zip(bodies(12), roman, strict=True)]
    assert list(without(texts))[1:] == bodies(12)[1:]


def test_a_title_that_changes_with_the_chapter_is_told_once_a_chapter():
    texts = [f"Chapter {'One' if n < 15 else 'Two'}\n{body}" for n, body in enumerate(bodies(30))]
    found = "\n".join(without(texts))
    assert (found.count("Chapter One"), found.count("Chapter Two")) == (1, 1)


def test_numbers_that_do_not_count_pages_stay():
    texts = [f"{body}\n{n * n + 3}" for n, body in enumerate(bodies())]
    assert list(without(texts)) == texts


def test_what_stands_on_few_pages_stays():
    texts = bodies()
    for place in (3, 9):
        texts[place] = f"Statement of Income\n{texts[place]}"
    assert list(without(texts)) == texts


def test_a_header_of_a_table_stays_on_every_page():
    texts = book("(Millions) | 2018 | 2017")
    assert list(without(texts)) == texts


def test_a_line_in_the_middle_of_all_pages_stays():
    texts = [
        body.replace("emerald", "same").replace("halite", f"{n}") for n, body in enumerate(bodies())
    ]
    assert list(without(texts)) == texts


def test_a_page_of_little_else_is_left_whole():
    texts = [f"Acme\n{body}" for body in bodies(13)]
    texts[6] = "Acme\n7"
    assert list(without(texts))[6] == "Acme\n7"


def test_short_pages_that_name_their_number_are_left_whole():
    texts = [f"This is sheet {n}\nand its marker is {n}" for n in range(1, 41)]
    assert list(without(texts)) == texts


@pytest.mark.parametrize("pages", [0, 1, 2, 7, 8, 9, 16, 17, 18, 40])
def test_as_many_pages_come_out_as_go_in_and_in_their_order(pages):
    found = list(without(book("Acme", "{n}", pages)))
    assert [f"quartz{n}." in text for n, text in enumerate(found, start=1)] == [True] * pages


def test_pages_are_given_while_others_are_still_read():
    read = 0

    def reading():
        nonlocal read
        for text in book("Acme", "{n}", 1000):
            read += 1
            yield text

    pages = without(reading())
    for _ in range(500):
        next(pages)
    assert read < 520


def test_so_is_a_scan_among_pages_of_text(tmp_path, data_folder):
    del data_folder
    path = tmp_path / "scan.pdf"
    path.write_bytes(files.joined(pictures.scanned(*[pictures.sheet("")] * 6), files.pdf("text")))
    kept = Recognised(uuid.uuid4())
    for number, text in enumerate(book("Acme Corporation", "Page {n}", 6), start=1):
        kept.put(Page(number, text, [], State.OCR, 95))
    quiet = {"progress": lambda *_: None, "cancelled": lambda: False}
    pages = readers.read_file(path, "pdf", dict.fromkeys(range(1, 7), "ocr"), kept, **quiet).pages
    assert [page.text for page in pages][1:] == [*bodies(6)[1:], "text"]
    assert pages[0].text.startswith("Acme Corporation")


def test_a_pdf_is_read_without_them(tmp_path):
    data = files.pdf(*book("Acme Corporation", "Page {n}", 12))
    pages = read_bytes(tmp_path, data, "running.pdf").pages
    assert [page.text for page in pages][1:] == bodies(12)[1:]
    assert pages[0].text.startswith("Acme Corporation")
