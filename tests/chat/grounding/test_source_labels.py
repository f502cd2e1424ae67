"""A source is listed by the words that support the sentence that cites it, and its place."""

import asyncio

import pytest
from channels.db import database_sync_to_async
from django.template.loader import render_to_string
from django.urls import reverse

from chat import answering, asking
from chat.grounding.source_labels import support
from chat.models import Message, Source
from documents.pages import page_names
from tests.factories import make_answer, make_document, make_source

PASSAGE = """FINANCIAL CONDITION AND LIQUIDITY

The company was founded in Vienna. Net sales rose by six percent to 4.7 million. Nobody knows why.

| Year | Capital expenditure |
|------|---------------------|
| 2017 | 1,373 |
| 2018 | 1,577 |
"""


def test_the_sentence_that_supports_is_taken_and_no_heading():
    said = "Sales rose by six percent."
    assert support(said, PASSAGE) == "Net sales rose by six percent to 4.7 million."


def test_a_row_is_told_by_its_cells():
    assert support("In 2018 it was 1,577 million.", PASSAGE) == "2018 · 1,577"


def test_where_nothing_is_shared_nothing_is_told():
    assert support("Penguins fly.", PASSAGE) == ""


@pytest.mark.parametrize(
    ("name", "page", "label"),
    [
        ("a.pdf", 4, "p. 4"), ("Deck.PPTX", 3, "slide 3"), ("old.ppt", 1, "slide 1"),
        ("talk.odp", 2, "slide 2"), ("book.xlsx", 2, "sheet 2"), ("book.ods", 1, "sheet 1"),
        ("notes.md", None, ""), ("noname", 7, "p. 7"),
    ],
)  # fmt: skip
def test_a_place_is_called_by_what_the_file_has(name, page, label):
    assert page_names.label(name, page) == label


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("closed_hub")
async def test_an_answer_keeps_the_words_for_what_it_cites(alice, engine_server):
    pages = [
        "Intro.\nThe harbour was dredged in 1987. It was a fine year for all.",
        "Harbour bill.",
    ]
    await database_sync_to_async(make_document)(alice, "harbour.pdf", pages)
    engine_server.script(answer="It was dredged in 1987 [1].")
    answer = await asking.ask(alice, "When was the harbour dredged?", asking.Wish())
    await asyncio.wait_for(answering.finished(), 20)
    rows = await database_sync_to_async(lambda: list(Source.objects.filter(message=answer)))()
    assert rows[0].support == "The harbour was dredged in 1987."
    assert {row.support for row in rows[1:]} <= {""}


@pytest.mark.django_db
def test_the_panel_calls_a_slide_a_slide(alice, alice_client):
    deck = make_document(alice, "deck.pptx", ["The keeper was Margarethe.", "End."])
    answer = make_answer(alice, document=deck)
    page = alice_client.get(reverse("source", args=[answer.pk, 1])).content.decode()
    assert "slide 1 of 2" in page
    assert 'aria-label="Next slide"' in page
    assert "at page" not in page
    told = alice_client.get(f"/api/messages/{answer.pk}").json()["sources"][0]
    assert told["label"] == "slide 1"


def shown(message: Message) -> str:
    return render_to_string("chat/_sources.html", {"message": message})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["The documents do not mention a lease.", "Dazu steht in den Dokumenten nichts."]
)
def test_who_only_says_that_there_is_nothing_shows_no_sources(alice, text):
    answer = make_answer(alice, text, document=make_document(alice))
    assert "sources__link" not in shown(answer)


@pytest.mark.django_db
def test_the_cited_ones_come_first_by_document(alice):
    first, second = make_document(alice, "a.pdf"), make_document(alice, "b.pdf", ["Other words."])
    answer = make_answer(alice, "So [3]. And so [1].", document=first)
    make_source(answer, second, 2)
    make_source(answer, second, 3)
    page = shown(answer)
    listed, _, folded = page.partition("<details")
    assert listed.index("b.pdf") < listed.index("a.pdf")
    assert "1 passage was read, and not cited" in " ".join(folded.split())
