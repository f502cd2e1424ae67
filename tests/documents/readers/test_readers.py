import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import readers
from documents.readers.common.encoding import decode
from documents.readers.common.refusal import Refusal
from documents.readers.common.tidy import printed
from documents.readers.page import Heading
from documents.readers.process.errors import Unreadable, Unsupported
from documents.readers.text.markdown import headings_of
from tests import files


@pytest.fixture
def read(tmp_path):
    def read_bytes(data: bytes, name: str):
        path = tmp_path / name
        path.write_bytes(data)
        kind = readers.kind_of(data[:8192], name)
        return readers.read_file(path, kind, progress=lambda *_: None, cancelled=lambda: False)

    return read_bytes


def refused(read, data: bytes, name: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(data, name)
    return caught.value


def test_each_page_of_a_pdf_has_its_own_text_and_its_physical_number(read):
    reading = read(files.pdf("one apple", "two pears", "three plums"), "fruit.pdf")
    assert [(page.number, page.text) for page in reading.pages] == [
        (1, "one apple"),
        (2, "two pears"),
        (3, "three plums"),
    ]
    assert reading.total == 3


def test_a_row_of_a_table_stays_on_its_line(read):
    page = read(files.pdf("Net sales 32,765 31,657\nCost (16,682) (16,055)"), "t.pdf").pages[0]
    assert page.text.split("\n") == ["Net sales 32,765 31,657", "Cost (16,682) (16,055)"]


def test_empty_pages_keep_their_numbers(read):
    reading = read(files.pdf("", "only here", ""), "gaps.pdf")
    assert [page.text for page in reading.pages] == ["", "only here", ""]
    assert [page.number for page in reading.pages] == [1, 2, 3]


def test_a_rotated_page_is_read(read):
    assert read(files.pdf("turned around", rotate=90), "r.pdf").pages[0].text == "turned around"


def test_one_bad_page_does_not_cost_the_others(read):
    reading = read(files.broken_page_pdf("first", "second", "third", broken=2), "bad.pdf")
    assert [page.text for page in reading.pages] == ["first", "", "third"]


def test_the_outline_of_a_pdf_gives_headings_where_their_words_stand(read):
    data = files.pdf(
        "Preface\nsome words\nItem 1. Business\nmore", "next", outline=[("Item 1. Business", 1)]
    )
    reading = read(data, "o.pdf")
    text = reading.pages[0].text
    assert reading.pages[0].headings == [Heading(text.index("Item"), 1, "Item 1. Business")]


@pytest.mark.parametrize(
    ("claimed", "title"),
    [("Annual report", "Annual report"), ("0000764478-17-000008", ""), ("untitled", "")],
)
def test_a_title_that_says_nothing_is_left_out(read, claimed, title):
    assert read(files.pdf("text", title=claimed), "t.pdf").title == title


def test_a_pdf_with_a_password_is_refused_in_words(read):
    error = refused(read, files.pdf("secret", password="sesame"), "locked.pdf")
    assert error.code == "password_required"
    assert "password" in error.message


def test_a_pdf_of_empty_pages_is_not_called_a_scan(read):
    assert "its only page is empty" in refused(read, files.pdf(""), "e.pdf").message


def test_a_pdf_that_was_cut_off_is_refused_or_read_but_never_breaks(read):
    whole = files.pdf("some words", "and more")
    for share in (0.1, 0.5, 0.9):
        with contextlib.suppress(Unreadable):
            read(whole[: int(len(whole) * share)], "cut.pdf")


def test_word_gives_paragraphs_and_tables_in_their_order(read):
    data = files.word("before", [["Name", "Share"], ["Ann", "12 %"]], "after")
    lines = [line for line in read(data, "w.docx").pages[0].text.split("\n") if line]
    assert lines == ["before", "Name | Share", "Ann | 12 %", "after"]


def test_word_headings_are_known_by_their_style(read):
    reading = read(files.word((1, "Report"), "text", (2, "Costs"), "more"), "w.docx")
    (page,) = reading.pages
    assert page.number is None
    assert [(head.level, head.text) for head in page.headings] == [(1, "Report"), (2, "Costs")]
    assert all(page.text[head.start :].startswith(head.text) for head in page.headings)
    assert reading.title == "Report"


def test_a_word_file_is_known_by_its_content_whatever_its_name(read):
    assert "hello" in read(files.word("hello"), "letter.bin").pages[0].text


def test_a_damaged_word_file_is_refused(read):
    assert refused(read, files.word("hello")[:600], "half.docx").code == "damaged"


def test_markdown_is_kept_as_it_is_written(read):
    text = "# Title\n\nSome *words*.\n\n```\n# no heading\n```\n\nUnder\n-----\nend\n"
    reading = read(text.encode(), "notes.md")
    assert reading.pages[0].text == text
    assert [(h.level, h.text) for h in reading.pages[0].headings] == [(1, "Title"), (2, "Under")]
    assert reading.title == "Title"


@pytest.mark.parametrize(
    "text",
    ["#no blank", "    # code", "- item\n---", "~~~\n# in a fence", "text\n\n---", "|a|\n---"],
)
def test_what_only_looks_like_a_heading_is_none(text):
    assert list(headings_of(text)) == []


def test_html_is_read_as_it_is_seen(read):
    data = (
        b"<html><head><title>News</title><style>p {}</style></head><body><script>x()</script>"
        b"<h1>News</h1><p>Rain &amp; wind<br>later<!-- hidden --> sun</p>"
        b"<table><tr><td>a</td><td>b</td></tr></table></body></html>"
    )
    reading = read(data, "n.html")
    assert reading.pages[0].text == "News\nRain & wind\nlater sun\na | b\n"
    assert reading.pages[0].headings == [Heading(0, 1, "News")]


def test_an_empty_file_is_refused(read):
    assert refused(read, b"", "e.txt").code == "empty"
    assert refused(read, b" \n\t\n", "e.txt").code == "empty"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\0\0\0\x18ftypheic" + bytes(50), "a.txt"),
        (b"\x7fELF" + bytes(60), "a.txt"),
        (b"PK\x03\x04" + bytes(60), "a.zip"),
    ],
)
def test_what_cannot_be_read_is_refused_at_the_door(head, name):
    with pytest.raises(Unsupported):
        readers.kind_of(head, name)


def test_random_bytes_are_never_indexed(read):
    for _ in range(5):
        assert refused(read, os.urandom(5_000), "noise.txt").code in {"unsupported", "not_text"}


def test_control_characters_and_zeros_do_not_reach_the_text(read):
    text = read(b"a\x1bb\r\nc\rd" + b" word" * 200, "t.txt").pages[0].text
    assert text.startswith("ab\nc\nd")


def test_a_word_cut_at_the_end_of_a_line_is_joined_unless_it_is_a_compound():
    assert printed("an inter-\nnational\nday", set()) == "an international\nday"
    assert printed("long-term plans are long-\nterm", set()) == "long-term plans are long-term"
    assert printed("em\x02beddings", set()) == "embeddings"
    assert printed("Lucene\ufffeBM25", set()) == "Lucene-BM25"
    assert printed("2017-\n2018", set()) == "2017-\n2018"


def test_ligatures_are_spelt_out():
    assert printed("e\ufb03cient \ufb01nance", set()) == "efficient finance"
    assert printed("10 m\u00b2", set()) == "10 m\u00b2"


@given(st.binary(max_size=400))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_text_or_refused(data):
    try:
        text = decode(data)
    except Refusal:
        return
    assert isinstance(text, str)


@given(data=st.binary(min_size=1, max_size=300), name=st.sampled_from(["a.txt", "a.md", "a.html"]))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_under_a_text_name_are_read_or_refused_in_words(read, data, name):
    with contextlib.suppress(Unreadable):
        text = read(data, name).pages[0].text
        assert text.encode().strip()
        assert "\x00" not in text


def test_a_page_can_be_drawn(tmp_path: Path):
    path = tmp_path / "p.pdf"
    path.write_bytes(files.pdf("hello", "you"))
    drawn = readers.picture(path, 2, 600, passage="you")
    assert (drawn.webp[8:12], drawn.width) == (b"WEBP", 600)
    left, top, right, bottom = drawn.mark
    assert 0 < left < right < 0.2
    assert 0 < top < bottom < 0.1
    assert readers.picture(path, 2, passage="hello").mark is None
    with pytest.raises(Unreadable) as caught:
        readers.picture(path, 3)
    assert caught.value.code == "not_found"
