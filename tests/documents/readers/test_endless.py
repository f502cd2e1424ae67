"""Texts that would keep a careless expression busy for hours: each of these ends."""

import io

import pytest

from chat.grounding import sentences
from documents.ingest import chunking, page_titles
from documents.readers.common import tidy
from documents.readers.old_word import rtf
from documents.readers.page import Heading, Page
from documents.readers.text import json
from documents.readers.text.markdown import headings_of
from documents.readers.web_page import html

LENGTH = 300_000
ANSWER = 40_000  # what a model may say that has lost its thread


def endless(part: str, length: int = LENGTH) -> str:
    return (part * (length // len(part) + 1))[:length]


TEXTS = {
    "letters": endless("n"),
    "stops": endless("."),
    "stops and quotes": endless('."'),
    "ellipses": endless("\u2026"),
    "hyphens": endless("a-"),
    "blanks": f"a{endless(' ')}b",
    "hashes": f"# {endless('# ')}x",
    "blanks in a heading": f"# a{endless(' ')}b",
    "blanks in a row": f"a{endless(' ')}b |",
    "brackets": endless("["),
    "pictures": endless("!["),
    "citations": endless("\u3010"),
    "short lines": endless("a\n\n"),
    "invisible": endless("\u200b\n"),
    "joiners": endless("\u200d\n"),
    "ideographs": endless("汉"),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_text_keeps_the_reading_of_it_from_its_end(text):
    assert tidy.printed(text, set()) is not None
    found = Page(None, tidy.clean(text), list(headings_of(text)))
    pieces = chunking.split(page_titles.with_titles([found]), limit=200, count=chunking.approximate)
    kept = found.text if found.text.strip() else ""
    assert "".join(piece.text for piece in pieces) == kept
    source = b"{\\rtf1 " + text.encode("ascii", "replace") + b"}"
    assert list(rtf.parse(io.BytesIO(source)).pages)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_answer_keeps_the_search_for_its_sentences_from_its_end(text):
    assert isinstance(sentences.sentences(text[:ANSWER]), list)


def test_an_endless_page_is_cut_up_in_stretches_at_the_ends_of_lines():
    text = "".join(f"line {number} of very many\n" for number in range(100_000))
    pieces = chunking.split([Page(1, text, [])], limit=200, count=chunking.approximate)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text.endswith("\n") for piece in pieces)
    assert [piece.start for piece in pieces[1:]] == [piece.end for piece in pieces[:-1]]


def test_lines_too_many_to_weigh_are_filled_up_and_still_cut_at_headings():
    lines = ["head | er\n" if not n % 80 else f"{n}\n" for n in range(90_000)]
    text = "".join(lines)
    starts = [at for at in range(len(text)) if text.startswith("head", at)]
    found = Page(None, text, [Heading(start, 1, "head") for start in starts])
    pieces = chunking.split([found], limit=100, count=chunking.approximate)
    assert "".join(piece.text for piece in pieces) == text
    assert sum(piece.text.startswith("head") for piece in pieces) > 0.6 * len(starts)


def test_json_that_would_be_mostly_blanks_is_taken_as_it_is():
    text = "[" * 400 + ",".join("1" * 2_000) + "]" * 400
    assert next(iter(json.parse(io.BytesIO(text.encode())).pages)).text == text


def test_html_nested_deeper_than_is_parsed_loses_no_word():
    text = (
        "<body>" + "<div><b>" * 3_000 + "deep<script>x</script>" + "</b></div>" * 3_000 + "<p>end"
    )
    assert html.page_of(text)[1].text == "deep\nend\n"
