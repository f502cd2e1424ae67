"""A question waits for the documents that came with it, and says what it had to do without."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking, stopping
from chat.models import Message
from documents.models import Document
from localchat.lib import following
from tests.factories import make_document

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("closed_hub")]

FACT = "The harbour was dredged in 1987."
READING = {"status": "embedding", "done": 120, "total": 305, "attempt": 1}


@pytest.fixture
def arriving(alice, engine_server):
    engine_server.script(answer="It was so [1].")
    make_document(alice, "pensions.pdf", ["The harbour pension notes are dull."])
    return make_document(alice, "netflix.pdf", [FACT], **READING)


async def ask(user, **wish):
    return await asking.ask(user, "When was the harbour dredged?", asking.Wish(**wish))


async def ended(answer):
    await asyncio.wait_for(answering.finished(), 20)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk)


async def first_waiting(user, answer):
    async for event in following.follow(user, answer.topic):
        if event and event.get("stage") == "documents":
            return event
    return None


async def test_the_answer_waits_for_what_came_with_the_question(alice, arriving, engine_server):
    answer = await ask(alice, documents=[arriving.pk], wait_for=[arriving.pk])
    event = await first_waiting(alice, answer)
    assert event["text"] == "netflix.pdf: 120 of 305 passages"
    assert (event["done"], event["total"], event["filename"]) == (120, 305, "netflix.pdf")
    assert engine_server.asked("/api/chat") == []
    ready = Document.objects.filter(pk=arriving.pk)
    await database_sync_to_async(_make_ready)(ready)
    answer = await ended(answer)
    assert FACT in engine_server.asked("/api/chat")[-1]["messages"][-1]["content"]
    assert answer.read == [{"document": arriving.pk, "passages": 1}]
    assert answer.unfinished == []


def _make_ready(rows):
    """Its passages under the very row that is waited for."""
    document = rows.get()
    twin = make_document(document.owner, "twin.pdf", [FACT])
    version = twin.current
    version.document = document
    version.number = 2
    version.save()
    rows.update(status="ready", current=version, incoming=None)
    twin.delete()


async def test_it_goes_on_without_when_told_to(alice, arriving, engine_server):
    answer = await ask(alice, documents=[arriving.pk], wait_for=[arriving.pk])
    assert await first_waiting(alice, answer)
    await database_sync_to_async(stopping.go_on)(alice, answer.pk)
    answer = await ended(answer)
    assert answer.status == "done"
    assert answer.request == {"use_documents": True}
    assert answer.unfinished == [arriving.pk]
    assert "pension notes" in engine_server.asked("/api/chat")[-1]["messages"][-1]["content"]


async def test_it_can_be_stopped_while_it_waits(alice, arriving, engine_server):
    answer = await ask(alice, wait_for=[arriving.pk])
    assert await first_waiting(alice, answer)
    await database_sync_to_async(following.stop)(alice, answer.topic)
    answer = await ended(answer)
    assert answer.status == "stopped"
    assert engine_server.asked("/api/chat") == []


async def test_what_cannot_be_read_is_said_and_not_waited_for(alice, arriving):
    facts = {"status": "failed", "problem": "It is damaged."}
    await database_sync_to_async(Document.objects.filter(pk=arriving.pk).update)(**facts)
    answer = await ended(await ask(alice, wait_for=[arriving.pk]))
    assert "netflix.pdf could not be read: It is damaged." in answer.notes


async def test_what_was_still_being_read_is_kept_with_the_answer(alice, arriving):
    answer = await ended(await ask(alice))
    assert answer.unfinished == [arriving.pk]


async def test_nobody_waits_for_another_ones_documents(alice, bob, arriving, engine_server):
    answer = await ended(await ask(bob, wait_for=[arriving.pk]))
    assert answer.unfinished == []
    assert "netflix.pdf" not in str(answer.notes)


async def test_a_greeting_is_not_looked_for(alice, arriving, engine_server):
    answer = await asking.ask(alice, "Hello!", asking.Wish())
    answer = await ended(answer)
    assert answer.read == []
    assert await database_sync_to_async(answer.sources.count)() == 0
    assert "pension" not in str(engine_server.asked("/api/chat")[-1]["messages"])


async def test_of_two_that_fit_it_is_asked_which(alice, engine_server):
    engine_server.script(answer="A summary [1].")
    for month in ("05-20", "08-19"):
        name = f"FOOTLOCKER_2022_8K_dated-2022-{month}.pdf"
        await database_sync_to_async(make_document)(alice, name, [f"News of {month}."])
    answer = await asking.ask(alice, "Summarise the Foot Locker 8-K", asking.Wish())
    answer = await ended(answer)
    assert len(answer.choices) == 2
    assert answer.text.startswith("Several documents fit this equally well.")
    assert engine_server.asked("/api/chat") == []
    wish = asking.Wish(documents=answer.choices)
    both = await ended(await asking.ask(alice, "Summarise the Foot Locker 8-K", wish))
    assert both.choices == []
    assert [each["passages"] for each in both.read] == [1, 1]
