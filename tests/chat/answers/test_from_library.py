"""Questions about the documents themselves are answered from their rows, exactly."""

import asyncio
from datetime import UTC, datetime

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking
from chat.answers import from_library
from chat.models import Message
from documents.finding.inventory import Entry
from documents.models import Document
from localchat.lib.language import speaking
from tests.factories import make_document

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("closed_hub")]


@pytest.fixture
def library(alice, no_engine):
    make_document(alice, "annual-report.pdf", ["One."] * 12, collection="Reports")
    make_document(alice, "harbour.pdf", ["A.", "B."], collection="Plans")
    make_document(alice, "notes.md", ["Some."], collection="Plans")
    make_document(alice, "broken.pdf", ["No."], status="failed", problem="This file is damaged.")
    for day, name in enumerate(["annual-report.pdf", "harbour.pdf", "notes.md", "broken.pdf"], 1):
        Document.objects.filter(name=name).update(created=datetime(2024, 3, day, 12, tzinfo=UTC))


async def ask(user, question, **wish):
    answer = await asking.ask(user, question, wish=asking.Wish(use_documents=True, **wish))
    await asyncio.wait_for(answering.finished(), 20)
    return (await database_sync_to_async(Message.objects.get)(pk=answer.pk)).text


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("How many documents do I have?", ["**4** documents: 3 ready, 1 failed."]),
        (
            "Which documents do I have?",
            ["**4** documents:", "annual-report.pdf (Reports, 12 pages"],
        ),
        ("How many PDFs are there?", ["**3** documents: 2 ready, 1 failed."]),
        (
            "Since when do I have documents?",
            ["Since 2024-03-01, when annual-report.pdf was added."],
        ),
        (
            "What is my newest document?",
            ["The newest is broken.pdf (Documents, added 2024-03-04)."],
        ),
        ("Which document did I upload first?", ["The oldest is annual-report.pdf"]),
        ("How many pages do my documents have?", ["**15** pages in **3** documents with pages."]),
        ("How many pages does the annual report have?", ["annual-report.pdf: **12** pages"]),
        ("When was harbour.pdf uploaded?", ["harbour.pdf (Plans, 2 pages, added 2024-03-02)"]),
        ("Which files failed?", ["**1** document failed:", "broken.pdf: This file is damaged."]),
        ("Which documents could not be read?", ["broken.pdf: This file is damaged."]),
        ("Which documents are still being read?", ["None is being read now."]),
        ("Which document has the most pages?", ["The longest is annual-report.pdf"]),
        ("Which collections do I have?", ["**3** collections:", "Plans: **2** documents"]),
        ("Which documents are in my collection?", ["**4** documents:"]),
        ("Wie viele Dokumente habe ich?", ["**4** Dokumente: 3 fertig, 1 fehlgeschlagen."]),
        ("Seit wann habe ich Dokumente?", ["Seit dem 01.03.2024"]),
        ("Welches ist das neueste Dokument?", ["Das neueste ist broken.pdf"]),
        ("Welche Dateien sind fehlgeschlagen?", ["broken.pdf: This file is damaged."]),
        (
            "How many documents do I have and which failed?",
            ["**4** documents: 3 ready, 1 failed.", "**1** document failed:", "broken.pdf"],
        ),
        (
            "How many PDFs do I have, and which of them is the newest?",
            ["**3** documents: 2 ready, 1 failed.", "The newest is broken.pdf"],
        ),
        (
            "Which documents do I have and how many pages do they have?",
            ["annual-report.pdf (Reports, 12 pages", "**15** pages in **3** documents"],
        ),
        (
            "Wie viele Dokumente habe ich und welche davon sind fehlgeschlagen?",
            ["**4** Dokumente: 3 fertig", "**1** Dokument fehlgeschlagen:", "broken.pdf"],
        ),
    ],
)
async def test_the_documents_are_counted_and_named(alice, library, question, parts):
    text = (await ask(alice, question)).replace("\\", "")
    assert [part for part in parts if part not in text] == []


def test_many_documents_are_counted_as_the_language_does():
    entry = Entry("a.pdf", "Plans", "ready", "", 1, datetime(2024, 3, 1, tzinfo=UTC), "pdf")
    [asked] = from_library.every_wanted("Wie viele Dokumente habe ich?")
    with speaking("german"):
        told = from_library.answer_text(asked, [entry] * 1_200)
    assert told == "**1.200** Dokumente: 1.200 fertig."


async def test_the_scope_and_the_owner_hold(alice, bob, library):
    assert await ask(alice, "How many documents are there?", collection="Plans") == (
        "**2** documents: 2 ready."
    )
    assert await ask(bob, "How many documents do I have?") == "There are no such documents."


async def test_a_second_question_leans_on_the_first(alice, library):
    wish = asking.Wish(use_documents=True)
    first = await asking.ask(alice, "How many PDFs do I have?", wish=wish)
    await asyncio.wait_for(answering.finished(), 20)
    then = await asking.ask(
        alice, "And which of them failed?", wish=wish, conversation=first.conversation_id
    )
    await asyncio.wait_for(answering.finished(), 20)
    row = await database_sync_to_async(Message.objects.get)(pk=then.pk)
    assert "broken.pdf: This file is damaged." in row.text.replace("\\", "")


@pytest.mark.parametrize(
    "question",
    [
        "How many documents do I have and what do they say about harbours?",
        "Which documents mention the harbour?",
        "How many pages did the author write?",
        "What was the latest figure?",
        "How many pages does it have?",
        "When was the harbour built?",
        "What does the first page say?",
        "How many documents were signed in Vienna?",
        "Which file format does the program write?",
        "How many people failed the exam?",
        "What is the name of the document's author?",
    ],
)
def test_questions_about_their_text_are_not_about_the_documents(question):
    asked = from_library.every_wanted(question)
    assert all(each.named for each in asked)
