"""The page beside the answer, as the server renders it."""

import html
import re

import pytest
from django.urls import reverse

from chat import question_parsing, views
from documents.files import originals
from documents.models import Chunk
from documents.templatetags.humane import gist
from localchat.lib.sentences import Sentence
from tests.factories import make_answer, make_document, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_folder", "no_engine")]

PAGES = [f"Page {number} tells of harbour {number}." for number in range(1, 6)]


@pytest.fixture
def shown(alice, alice_client):
    """The fragment for the first source of an answer about a document."""

    def show(document, query: str = "") -> str:
        answer = make_answer(alice, document=document)
        address = reverse("source", args=[answer.pk, 1]) + query
        return html.unescape(
            alice_client.get(address, headers={"X-Fragment": "1"}).content.decode()
        )

    return show


def picture_of(fragment: str) -> dict[str, str]:
    (tag,) = re.findall(r"<img[^>]*>", fragment)
    return dict(re.findall(r'([\w-]+)="([^"]*)"', tag))


def test_a_source_of_a_pdf_shows_its_page(alice, alice_client, shown):
    document = make_document(alice, pages=PAGES)
    fragment = shown(document)
    picture = picture_of(fragment)
    assert "page 1 of 5" in fragment
    assert alice_client.get(picture["src"]).status_code == 200
    assert f"chunk={Chunk.objects.get(page=1).pk}" in picture["src"]
    assert picture["alt"].endswith("this passage marked: Page 1 tells of harbour 1.")
    assert int(picture["height"]) > int(picture["width"]) > 1000
    left, top, right, bottom = map(float, picture["data-mark"].split())
    assert 0 < left < right < 1
    assert 0 < top < bottom < 1
    assert "Open the original at page 1" in fragment


def test_a_file_that_was_renamed_since_has_its_new_name_too(alice, alice_client):
    document = make_document(alice, "harbour.pdf", pages=PAGES)
    address = reverse("source", args=[make_answer(alice, document=document).pk, 1])
    assert "now called" not in alice_client.get(address).content.decode()
    document.name = "port.pdf"
    document.save()
    fragment = alice_client.get(address).content.decode()
    assert ">harbour.pdf</h2>" in fragment
    assert "This file is now called port.pdf." in fragment


def test_pages_are_turned(alice, shown):
    fragment = shown(make_document(alice, pages=PAGES), "?page=3")
    picture = picture_of(fragment)
    assert "page 3 of 5" in fragment
    assert "chunk=" not in picture["src"]
    assert picture["alt"] == "Page 3"
    assert re.findall(r'rel="(\w+)" data-turn href="[^"]*\?page=(\d)"', fragment) == [
        ("prev", "2"),
        ("next", "4"),
    ]
    assert "To page 1" in fragment
    assert "Open the original at page 3" in fragment


@pytest.mark.parametrize(
    ("asked", "page"), [("0", 1), ("99", 5), ("-1", 1), ("x", 1), ("9" * 30, 1), ("\u00b2", 1)]
)
def test_whatever_page_is_asked_for_one_is_shown(alice, shown, asked, page):
    assert f"page {page} of 5" in shown(make_document(alice, pages=PAGES), f"?page={asked}")


def test_the_page_can_be_read_as_text(alice, shown):
    fragment = shown(make_document(alice, pages=PAGES), "?page=1&text")
    assert "<img" not in fragment
    assert re.search(r'<mark[^>]*id="passage">Page 1 tells of harbour 1.</mark>', fragment)
    assert re.search(r'href="[^"]*\?page=2&text"', fragment)
    other = shown(make_document(alice, "two.pdf", pages=PAGES), "?page=2&text")
    assert "Page 2 tells of harbour 2." in other
    assert "<mark" not in other


def test_a_page_that_cannot_be_drawn_is_text_and_says_why(alice, shown):
    document = make_document(alice, pages=PAGES)
    originals.path(document.current.content.stored).write_bytes(b"%PDF-1.4 broken")
    fragment = shown(document)
    assert "This page cannot be shown as a picture. This file is damaged" in fragment
    assert "<mark" in fragment


def test_a_source_of_a_text_has_no_picture(alice, shown):
    fragment = shown(make_document(alice, "notes.md", pages=PAGES))
    assert "<img" not in fragment
    assert "<mark" in fragment
    assert "Show the page" not in fragment


def test_the_mark_stays_when_another_model_has_cut_the_text_anew(alice, alice_client):
    document = make_document(alice, pages=PAGES)
    answer = make_answer(alice, document=document)
    chunk = Chunk.objects.get(page=1)
    chunk.delete()
    chunk.pk = None
    chunk.start, chunk.end, chunk.text = 0, 6, "Page 1"
    chunk.save()
    fragment = alice_client.get(reverse("source", args=[answer.pk, 1])).content.decode()
    assert f"chunk={chunk.pk}" in html.unescape(picture_of(fragment)["src"])


def test_the_gist_of_a_passage_leaves_running_headers_out():
    assert gist("Table of Contents\nSales rose by six percent.\nMore.") == (
        "Sales rose by six percent. More."
    )
    assert gist("Short") == "Short"


@pytest.mark.parametrize(
    ("text", "first"), [("In 1987 [4].", [4]), ("In 1987 [2] and [4].", [2, 4]), ("So.", [])]
)
def test_what_is_cited_is_listed_and_the_rest_is_folded(alice, alice_client, text, first):
    document = make_document(alice, pages=PAGES)
    answer = make_answer(alice, text, document=document)
    for number in range(2, 6):
        make_source(answer, document, number)
    page = alice_client.get(reverse("message", args=[answer.pk])).content.decode()
    listed, _, folded = page.partition('class="folded"')
    assert sorted(numbers_of(listed)) == first
    assert numbers_of(folded) == [n for n in range(1, 6) if n not in first]
    assert "not cited" in folded


def numbers_of(markup: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="sources__number">(\d+)<', markup)]


def test_a_form_carries_what_is_waited_for_and_what_is_for_once(rf):
    form = {"question": "And?", "documents": "7 ", "wait_for": "7 9", "once": "on"}
    wish = question_parsing.parse(views._fields(rf.post("/", form), None)).wish
    assert (wish.documents, wish.wait_for, wish.once) == ([7], [7, 9], True)
    assert not wish.use_documents


def test_the_switch_is_as_it_was_but_for_one_question(alice, alice_client):
    first = make_answer(alice, request={"use_documents": True})
    once = {"use_documents": False, "once": True}
    make_answer(alice, conversation=first.conversation, request=once)
    page = alice_client.get(f"/c/{first.conversation_id}/").content.decode()
    assert re.search(r'name="use_documents" checked', page)
    make_answer(alice, conversation=first.conversation, request={"use_documents": False})
    page = alice_client.get(f"/c/{first.conversation_id}/").content.decode()
    assert not re.search(r'name="use_documents" checked', page)


def test_a_greeting_is_no_refusal(alice, alice_client):
    said = make_answer(alice, "Hello! I don't have feelings.", read=[])
    page = alice_client.get(reverse("message", args=[said.pk])).content.decode()
    assert "without documents" not in page
    assert "answer__read" not in page


def test_a_german_page_says_in_german_what_no_passage_has_and_how_keys_are_called(
    alice, alice_client
):
    note = Sentence("None of your passages mentions %(words)s.", words="“Miete”")
    answer = make_answer(alice, notes=[note])
    german = {"Accept-Language": "de"}
    shown = alice_client.get(reverse("message", args=[answer.pk]), headers=german).content.decode()
    assert "In keiner deiner Textstellen steht “Miete”." in shown
    assert "None of your passages" not in shown
    keys = alice_client.get(reverse("keys"), headers=german).content.decode()
    assert "<kbd>Strg</kbd>" in keys
    assert "<kbd>Entf</kbd>" in keys
