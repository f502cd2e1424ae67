"""What was sent for an answer that rests on a whole document: its parts, and the last call."""

import asyncio
import itertools
import json
import shlex

import pytest
from channels.db import database_sync_to_async
from django.urls import reverse

from chat import answering, asking
from chat.models import Message, Provenance
from documents.desk import deleting
from localchat.lib import following
from tests.chat.answers.test_from_whole import EVERY, PAGES, is_part, notes_the_facts
from tests.factories import make_document

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub"),
]


@pytest.fixture
async def chronicle(alice, engine_server):
    engine_server.script(answer=notes_the_facts)
    return await database_sync_to_async(make_document)(alice, "chronicle.pdf", PAGES)


async def summarised(user):
    answer = await asking.ask(user, "Summarise the chronicle", wish=asking.Wish())
    await asyncio.wait_for(answering.finished(), 60)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk)


async def sent(client, answer):
    return (await client.get(f"/api/messages/{answer.pk}/sent")).json()


async def test_the_parts_and_the_last_call_are_shown_as_they_were_sent(
    alice, alice_async, chronicle, engine_server
):
    answer = await summarised(alice)
    *bodies, last = engine_server.asked("/api/chat")
    told = await sent(alice_async, answer)
    parts = told["search"]["parts"]
    assert len(parts) == len(bodies)
    assert (parts[0]["first"], parts[-1]["last"]) == (1, len(PAGES))
    assert all(a["last"] + 1 == b["first"] for a, b in itertools.pairwise(parts))
    for part, body in zip(parts, bodies, strict=True):
        said = body["messages"][-1]["content"]
        inside = [n for n, text in enumerate(PAGES, start=1) if text in said]
        assert inside == list(range(part["first"], part["last"] + 1))
        assert part["pages"] == [inside[0], inside[-1]]
        assert part["tokens"] > 0 <= part["seconds"]
    assert {part["filename"] for part in parts} == {"chronicle.pdf"}
    call = told["call"]
    assert (call["exact"], call["lost"], call["model"]) == (True, False, "tiny-chat:latest")
    assert json.loads(shlex.split(call["curl"])[-1]) == last
    assert call["tokens"] == sum(part["tokens"] for part in call["parts"])
    page = (await alice_async.get(reverse("sent", args=[answer.pk]))).content.decode()
    assert f"chronicle.pdf, p. 1–{parts[0]['last']}" in page  # noqa: RUF001
    assert "the answer was written from the notes" in page


async def test_what_was_not_sent_again_is_said(alice, alice_async, chronicle):
    await summarised(alice)
    again = await summarised(alice)
    told = await sent(alice_async, again)
    assert {part["seconds"] for part in told["search"]["parts"]} == {None}
    assert told["search"]["kept"] is True
    page = (await alice_async.get(reverse("sent", args=[again.pk]))).content.decode()
    assert "This was not sent again." in page


async def test_nothing_of_a_deleted_document_is_left_in_it(alice, alice_async, chronicle):
    answer = await summarised(alice)
    rows = await database_sync_to_async(list)(Provenance.objects.values())
    assert "tower" not in str(rows)
    assert "chronicle.pdf" not in str(rows[0]["turns"]) + str(rows[0]["search"])
    await database_sync_to_async(deleting.delete)(chronicle)
    told = await sent(alice_async, answer)
    assert f"tower {EVERY}" not in str(told)
    assert "[deleted]" in told["call"]["turns"][-1]["text"]
    assert told["call"]["exact"] is False


async def test_a_stopped_reading_tells_what_it_had_sent(
    alice, alice_async, chronicle, engine_server
):
    engine_server.script(answer=notes_the_facts, first_byte_delay=0.3)
    answer = await asking.ask(alice, "Summarise the chronicle", wish=asking.Wish())
    async for event in following.follow(alice, answer.topic):
        if event and event.get("text", "").startswith("Read "):
            await database_sync_to_async(following.stop)(alice, answer.topic)
            break
    await asyncio.wait_for(answering.finished(), 10)
    told = await sent(alice_async, answer)
    asked = [b for b in engine_server.asked("/api/chat") if is_part(b["messages"])]
    assert 1 <= len(told["search"]["parts"]) <= len(asked)
    assert told["call"] is None
