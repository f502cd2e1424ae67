"""A question is asked of several models at once, and each answer is a version beside the others."""

import asyncio
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from django.urls import reverse
from django.utils import timezone

from chat import answering, asking, question_parsing
from chat.models import Message, Source
from chat.question_parsing import Place
from chat.record import together
from localchat.lib import following
from localchat.lib.errors import BadRequest
from tests.factories import make_answer, make_document

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("closed_hub", "fresh_choice", "data_folder"),
]
CHAT, THINK = "tiny-chat:latest", "tiny-think:latest"
PLAIN = asking.Wish(use_documents=False, model=CHAT)
others = database_sync_to_async(together.others)


async def ask(user, question="Is it?", wish=PLAIN, beside=(THINK,), **more):
    return await asking.ask(user, question, wish, beside=beside, **more)


async def ended():
    await asyncio.wait_for(answering.finished(), 20)


async def rows():
    return [row async for row in Message.objects.answers().order_by("pk")]


async def shown(client, answer):
    told = (await client.get(f"/api/conversations/{answer.conversation_id}")).json()
    return told["messages"]


async def test_each_writes_a_version_and_the_talk_goes_on_from_the_first(
    alice, alice_async, engine_server
):
    engine_server.script(answer="So it is.")
    first = await ask(alice)
    await ended()
    one, two = await rows()
    assert [row.model for row in (one, two)] == [CHAT, THINK]
    assert {(row.status, row.text, row.previous_id) for row in (one, two)} == {
        ("done", "So it is.", first.previous_id)
    }
    _, told = await shown(alice_async, first)
    assert (told["id"], told["versions"], told["beside"]) == (one.pk, [one.pk, two.pk], [two.pk])
    heard = [body["messages"] for body in engine_server.asked("/api/chat")]
    assert heard[0] == heard[1]
    await asking.ask(alice, "And?", asking.Wish(), conversation=first.conversation_id)
    await ended()
    assert engine_server.asked("/api/chat")[-1]["model"] == CHAT
    assert [each["id"] for each in await shown(alice_async, first)][1] == one.pk


async def test_the_talk_goes_on_from_the_one_that_is_chosen_and_with_its_model(
    alice, alice_async, engine_server
):
    first = await ask(alice)
    await ended()
    page = (await alice_async.get(f"/c/{first.conversation_id}/")).content.decode()
    assert page.count("<chat-answer class=") == 3, "two beside each other, and a template"
    (second,) = await others(first)
    await alice_async.post(reverse("message_show", args=[second.pk]), {"go_on": "on"})
    assert [each["id"] for each in await shown(alice_async, first)][1] == second.pk
    next_one = await asking.ask(alice, "And?", asking.Wish(), conversation=first.conversation_id)
    await ended()
    assert next_one.previous.previous_id == second.pk
    assert engine_server.asked("/api/chat")[-1]["model"] == THINK
    page = (await alice_async.get(f"/c/{first.conversation_id}/")).content.decode()
    assert 'class="beside"' not in page
    assert "2 of 2" in page


async def test_the_model_of_a_new_conversation_is_the_first_ones(alice, engine_server):
    engine_server.script(rate=20)
    engine_server.script_once(first_byte_delay=0.5)
    wish = asking.Wish(use_documents=False)
    answer = await ask(alice, wish=wish, beside=(CHAT, THINK))
    await ended()
    kept = await Message.objects.select_related("conversation").aget(pk=answer.pk)
    assert kept.conversation.model == kept.model


async def test_over_http_the_others_are_named_beside_the_stream(alice, alice_async, engine_server):
    engine_server.script(answer="So it is.")
    body = {"message": "Is it?", "use_rag": False, "model": CHAT, "beside": [THINK]}
    response = await alice_async.post("/api/chat", body, content_type="application/json")
    lines = b"".join([part async for part in response]).decode()
    (topic,) = response["X-Beside"].split()
    events = [event async for event in following.follow(alice, topic) if event]
    assert "".join(e["text"] for e in events if e["type"] == "token") == "So it is."
    end = json.loads(lines.strip().splitlines()[-1].removeprefix("data: "))
    assert end["topic"] == response["X-Topic"] != topic


async def test_the_same_ref_is_the_same_question(alice, engine_server):
    ref = uuid4()
    first, again = await ask(alice, ref=ref), await ask(alice, ref=ref)
    await ended()
    assert first.pk == again.pk
    assert len(await rows()) == 2


async def test_another_version_of_one_of_them_stands_alone(alice, engine_server):
    first = await ask(alice)
    await ended()
    again = await asking.ask(alice, "", asking.Wish(), place=Place(regenerates=first.pk))
    await ended()
    assert await others(again) == []
    assert again.request["again"] is True, "it would have the same words at temperature 0"
    assert len(await others(first)) == 1


async def test_those_whose_writer_died_are_all_taken_over(alice, engine_server):
    engine_server.script(answer="Whole at last.")
    request = {**PLAIN.as_json(), "together": str(uuid4())}
    make = database_sync_to_async(make_answer)
    one = await make(alice, "Half", status="writing", attempt=1, request=request)
    two = await Message.objects.acreate(
        owner=alice,
        conversation=one.conversation,
        role="assistant",
        status="writing",
        attempt=1,
        previous=one.previous,
        request={**request, "model": THINK},
    )
    long_ago = timezone.now() - timedelta(minutes=1)
    await Message.objects.answers().aupdate(heartbeat=long_ago)
    for taken in await database_sync_to_async(answering.deserted)():
        answering.start(taken)
    await ended()
    assert [(row.pk, row.status, row.text) for row in await rows()] == [
        (one.pk, "done", "Whole at last."),
        (two.pk, "done", "Whole at last."),
    ]


async def test_an_engine_with_room_for_one_is_waited_for_and_that_is_told(
    alice, engine_server, monkeypatch
):
    monkeypatch.setattr(engine_server, "slots", 1)
    engine_server.script(answer="word " * 20, rate=6)
    first = await ask(alice)
    stages = {}

    async def follow(answer, model):
        async for event in following.follow(alice, answer.topic):
            if event and event["type"] == "progress":
                stages.setdefault(model, []).append((event["stage"], event.get("place")))
                if event["stage"] == "waiting":
                    load(model)

    def load(model):
        """As the engine does when it has done with the other."""
        size = engine_server.asked("/api/chat")[0]["options"]["num_ctx"]
        engine_server.stock.load(engine_server.stock.find(model), size, 60, (False, 256))

    (second,) = await others(first)
    await asyncio.gather(follow(first, CHAT), follow(second, THINK))
    await ended()
    assert engine_server.peak == 1
    (waited,) = [told for told in stages.values() if ("waiting", 2) in told]
    assert waited == [("loading", None), ("prompt", None), ("waiting", 2), ("prompt", None)]
    assert [row.status for row in await rows()] == ["done", "done"]


async def test_a_stranger_with_the_same_ref_and_question_finds_nothing_of_hers(
    alice, bob, engine_server
):
    make = database_sync_to_async(make_document)
    await make(alice)
    await make(bob, "garden.txt", ["Roses want clay."])
    wish, ref = asking.Wish(model=CHAT), uuid4()
    for person in (alice, bob):
        await ask(person, "When was the harbour dredged?", wish, ref=ref)
        await ended()
    found = {
        (source.message.owner_id, source.filename)
        async for source in Source.objects.select_related("message")
    }
    assert (alice.pk, "harbour.pdf") in found
    assert (bob.pk, "harbour.pdf") not in found


@pytest.mark.parametrize(
    "said",
    [
        {"question": "Is it?", "beside": ["a", "b", "c", "d"]},
        {"question": "Is it?", "beside": [" "]},
        {"question": "Is it?", "beside": "a"},
        {"regenerates": 7, "beside": ["a"]},
    ],
)
def test_what_cannot_be_compared_is_refused(said):
    with pytest.raises(BadRequest):
        question_parsing.parse(said)


def test_each_model_is_asked_once():
    said = {"question": "Is it?", "model": "a", "beside": ["b", "a", "b"]}
    assert question_parsing.parse(said).beside == ("b",)
