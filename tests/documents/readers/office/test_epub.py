"""Books: notes that pop up, chapters that are pictures, style sheets beside them."""

import io
import zipfile

import pytest
from PIL import Image

from documents.readers.common.quality import State
from documents.readers.common.refusal import NoSuchPage
from documents.readers.office import epub
from documents.readers.page import Page
from tests import files_office as office

NOTES = """<html xmlns:epub="http://www.idpf.org/2007/ops"><body><p>In that year<a
 epub:type="noteref" href="#n1">2</a> there were 67<a epub:type="noteref" href="#n2"><sup>3</sup></a>
 ponds.</p><aside id="n1" epub:type="footnote"><p>2 As counted.</p></aside>
 <aside id="n2" epub:type="footnote" hidden="hidden"><p>Without those dry.</p></aside>
 <aside hidden="hidden"><p>Never seen.</p></aside></body></html>"""


def with_members(book: bytes, **members: bytes) -> bytes:
    out = io.BytesIO(book)
    with zipfile.ZipFile(out, "a") as archive:
        for name, data in members.items():
            archive.writestr(f"in/{name.replace('_', '.')}", data)
    return out.getvalue()


def pages(data: bytes) -> list[Page]:
    return list(epub.parse(io.BytesIO(data)).pages)


def png(width: int = 40, height: int = 60) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "PNG")
    return out.getvalue()


def test_notes_that_pop_up_are_read_with_the_mark_that_calls_them():
    (page,) = pages(office.epub(NOTES))
    assert page.text.splitlines() == [
        "In that year 2 there were 67 3 ponds.",
        "Note: 2 As counted.",
        "Note 3: Without those dry.",
    ]


def test_a_style_sheet_of_the_book_hides_and_raises():
    chapter = (
        "<html><head><link rel='stylesheet' href='a.css'/></head><body><p>67<span class='up'>3</span>"
        " ponds<span class='no'>, dry</span></p></body></html>"
    )
    style = b".up{vertical-align:super} .no{position:absolute;left:-9999px}"
    (page,) = pages(with_members(office.epub(chapter), a_css=style))
    assert page.text == "67 3 ponds\n"


@pytest.mark.parametrize(
    "shown",
    [
        "<img src='a.png' alt=''/>",
        "<img alt='A page' src='a.png'/>",
        "<svg><image xlink:href='a.png'/></svg>",
    ],
)
def test_a_chapter_that_is_a_picture_is_to_be_recognised(shown):
    chapter = f"<html><head><title>p1</title></head><body>{shown}</body></html>"
    data = with_members(office.epub(chapter, "<p>Enough words to be read.</p>"), a_png=png())
    first, second = pages(data)
    assert (first.state, second.state) == (State.UNREADABLE, State.TEXT)
    assert epub.picture(io.BytesIO(data), 1).read() == png()
    with pytest.raises(NoSuchPage):
        epub.picture(io.BytesIO(data), 2)
    with pytest.raises(NoSuchPage):
        epub.picture(io.BytesIO(data), 3)


def test_a_picture_among_words_is_left_alone():
    chapter = "<p>A chapter with enough words.</p><img src='a.png'/>"
    (page,) = pages(with_members(office.epub(chapter), a_png=png()))
    assert page.state == State.TEXT


def test_a_chapter_that_is_a_drawing_is_read():
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><text y='9'>Depth of 3.7 m</text></svg>"
    shown = "<html><body><img src='a.svg'/></body></html>"
    found = pages(with_members(office.epub(shown, drawing.decode()), a_svg=drawing))
    assert [page.text for page in found] == ["Depth of 3.7 m\n"] * 2
