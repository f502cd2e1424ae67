"""An answer is written to its end, whoever leaves, stops or dies."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from chat import answering, asking
from chat.answers import not_found
from chat.models import Conversation, Message
from localchat.lib import following
from localchat.lib.errors import NotFound
from models_mgmt import choosing
from models_mgmt.models import ChatChoice
from tests.factories import make_answer, make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("closed_hub", "fresh_choice"),
]
PLAIN = asking.Wish(use_documents=False)


async def ask(user, question="What is it?", wish=PLAIN, **more):
    return await asking.ask(user, question, wish=wish, **more)


async def finished(answer):
    await asyncio.wait_for(answering.finished(), 20)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk)


async def heard(user, answer):
    return [event async for event in following.follow(user, answer.topic) if event]


def text_of(events):
    text = ""
    for event in events:
        text = "" if event["type"] == "restart" else text + event.get("text", "")
    return text


async def test_the_tokens_together_are_the_stored_answer(alice, engine_server):
    engine_server.script(answer="The quick brown fox jumps over the lazy dog.", rate=200)
    answer = await ask(alice)
    events = await heard(alice, answer)
    row = await finished(answer)
    assert row.status == "done"
    assert row.text == "The quick brown fox jumps over the lazy dog."
    assert "".join(e["text"] for e in events if e["type"] == "token") == row.text
    assert events[-1]["reason"] == "stop"


async def test_every_call_carries_the_window_and_forbids_cutting(alice, engine_server):
    await finished(await ask(alice))
    body = engine_server.asked("/api/chat")[-1]
    assert body["options"]["num_ctx"] > 0
    assert body["truncate"] is False
    assert body["shift"] is False


async def test_stop_closes_the_engines_connection_and_keeps_the_text(alice, engine_server):
    engine_server.script(answer="word " * 400, rate=20)
    answer = await ask(alice)
    await asyncio.sleep(1)
    began = asyncio.get_running_loop().time()
    await database_sync_to_async(following.stop)(alice, answer.topic)
    row = await finished(answer)
    assert asyncio.get_running_loop().time() - began < 1
    assert row.status == "stopped"
    assert row.text.startswith("word word")
    assert engine_server.wait_closed(seconds=1)


async def test_the_end_comes_exactly_once(alice, engine_server):
    engine_server.script(answer="word " * 100, rate=50)
    answer = await ask(alice)
    listening = asyncio.create_task(heard(alice, answer))
    await asyncio.sleep(0.3)
    for _ in range(3):
        await database_sync_to_async(following.stop)(alice, answer.topic)
    events = await asyncio.wait_for(listening, 5)
    assert [e["type"] for e in events if e["type"] in {"done", "failed"}] == ["done"]
    assert events[-1]["reason"] == "stopped"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"error_after": 5}, "engine_failed"),
        ({"cut_after": 5}, "engine_cut"),
        ({"reset_after": 5}, "engine_cut"),
    ],
)
async def test_a_broken_stream_is_a_failure_and_keeps_what_came(alice, engine_server, fault, code):
    engine_server.script(answer="word " * 50, rate=100, **fault)
    answer = await ask(alice)
    events = await heard(alice, answer)
    row = await finished(answer)
    assert (row.status, row.error) == ("failed", code)
    assert row.text.startswith("word")
    assert events[-1]["type"] == "failed"
    assert events[-1]["message"] == row.problem


async def test_who_is_refused_by_a_busy_engine_keeps_the_place(alice, engine_server):
    engine_server.slots, engine_server.queue_limit = 1, 0
    engine_server.script(answer="word " * 8, rate=5)
    answers = []
    for number in range(4):
        answers.append(await ask(alice, f"Question {number}?"))
        await asyncio.sleep(0.3)
    rows = [await finished(answer) for answer in answers]
    engine_server.slots, engine_server.queue_limit = 0, 512
    assert [row.status for row in rows] == ["done"] * 4
    ended = [row.finished for row in rows]
    assert ended == sorted(ended)


async def test_a_missing_model_is_named(alice, engine_server):
    row = await finished(await ask(alice, wish=PLAIN._replace(model="nowhere:1b")))
    assert row.status == "failed"
    assert row.error == "model_missing"
    assert "nowhere:1b" in row.problem
    assert row.text == ""


async def test_without_a_chat_model_it_says_so_and_is_done(alice, no_engine):
    row = await finished(await ask(alice))
    assert row.status == "done"
    assert row.text == not_found.no_model("What is it?")


@pytest.mark.usefixtures("fresh_choice")
async def test_an_engine_that_is_down_is_told_and_no_model_is_said_to_be_missing(
    alice, engine_server
):
    await database_sync_to_async(choosing.choose)(alice, "tiny-chat")
    engine_server.stop()
    choosing.forget()
    for wish in (PLAIN, PLAIN._replace(model="tiny-chat")):
        row = await finished(await ask(alice, wish=wish))
        assert (row.status, row.error, row.text) == ("failed", "engine_unreachable", "")
        assert f"at {engine_server.url} does not answer, since" in row.problem
    engine_server.start()
    choosing.forget()
    row = await finished(await ask(alice))
    assert row.status == "done"


async def test_passages_found_while_the_engine_is_down_speak_beside_an_answer_that_failed(
    alice, engine_down
):
    await database_sync_to_async(ChatChoice.objects.create)(
        owner=alice, engine="ollama", name="tiny-chat:latest"
    )
    await database_sync_to_async(make_index)(engine="ollama", name="away:latest", dimensions=2)
    await database_sync_to_async(make_document)(alice)
    answer = await ask(alice, "When was the harbour dredged?", wish=asking.Wish())
    events = await heard(alice, answer)
    row = await finished(answer)
    assert (row.status, row.error, row.text) == ("failed", "engine_unreachable", "")
    (quoted,) = [event["quotes"] for event in events if event["type"] == "quotes"]
    assert "dredged" in quoted[0]["text"]
    assert await database_sync_to_async(row.sources.count)()


async def test_who_never_had_a_model_gets_quotes_and_is_told_who_does_not_answer(
    alice, engine_down
):
    await database_sync_to_async(make_index)(engine="ollama", name="away:latest", dimensions=2)
    await database_sync_to_async(make_document)(alice)
    row = await finished(await ask(alice, "When was the harbour dredged?", wish=asking.Wish()))
    assert (row.status, row.error) == ("done", "")
    assert "> The harbour was dredged" in row.text
    assert "http://127.0.0.1:9 does not answer" in row.notes[-1]
    plain = await finished(await ask(alice))
    assert (plain.status, plain.text) == ("done", not_found.no_model("What is it?"))


async def test_the_same_ref_gets_the_same_answer(alice, engine_server):
    ref = uuid4()
    first, second = await asyncio.gather(ask(alice, ref=ref), ask(alice, ref=ref))
    assert first.pk == second.pk
    assert await database_sync_to_async(Conversation.objects.count)() == 1


async def test_the_same_ref_of_another_person_is_another_answer(alice, bob, engine_server):
    ref = uuid4()
    assert (await ask(alice, ref=ref)).pk != (await ask(bob, ref=ref)).pk


async def test_a_stranger_cannot_ask_in_a_conversation(alice, bob, engine_server):
    answer = await ask(alice)
    with pytest.raises(NotFound):
        await ask(bob, conversation=answer.conversation_id)


async def test_the_talk_so_far_goes_along(alice, engine_server):
    engine_server.script(answer="Blue.")
    first = await ask(alice, "What colour is it?")
    await finished(first)
    await finished(await ask(alice, "And yesterday?", conversation=first.conversation_id))
    said = [turn["content"] for turn in engine_server.asked("/api/chat")[-1]["messages"]]
    assert "What colour is it?" in said
    assert "Blue." in said
    assert said[-1].count("And yesterday?") == 1


def desert(answer):
    long_ago = timezone.now() - timedelta(minutes=1)
    Message.objects.filter(pk=answer.pk).update(heartbeat=long_ago)


async def test_a_deserted_answer_is_taken_over_and_begun_again(alice, engine_server):
    engine_server.script(answer="Whole at last.")
    make = database_sync_to_async(make_answer)
    answer = await make(alice, status="writing", text="Half", attempt=1, request=PLAIN.as_json())
    await database_sync_to_async(desert)(answer)
    listening = asyncio.create_task(heard(alice, answer))
    for taken in await database_sync_to_async(answering.deserted)():
        answering.start(taken)
    row = await finished(answer)
    assert (row.status, row.text, row.attempt) == ("done", "Whole at last.", 2)
    assert text_of(await asyncio.wait_for(listening, 5)) == "Whole at last."


async def test_an_answer_that_broke_off_three_times_ends_with_what_it_had(alice):
    make = database_sync_to_async(make_answer)
    answer = await make(alice, status="writing", text="Half", attempt=3)
    await database_sync_to_async(desert)(answer)
    assert await database_sync_to_async(answering.deserted)() == []
    events = await heard(alice, answer)
    assert text_of(events) == "Half"
    assert events[-1]["reason"] == "interrupted"


async def test_the_former_writer_stops_when_another_has_claimed(alice, engine_server):
    engine_server.script(answer="word " * 200, rate=40)
    answer = await ask(alice)
    await asyncio.sleep(0.5)
    await database_sync_to_async(Message.objects.filter(pk=answer.pk).update)(
        attempt=2, text="theirs"
    )
    row = await finished(answer)
    assert row.text == "theirs"
    assert row.status == "writing"


async def test_deleting_the_conversation_stops_its_answer(alice, engine_server):
    engine_server.script(answer="word " * 400, rate=20)
    answer = await ask(alice)
    await asyncio.sleep(0.5)
    conversation = await database_sync_to_async(Conversation.objects.get)(pk=answer.conversation_id)
    await database_sync_to_async(asking.delete)(conversation)
    await asyncio.wait_for(answering.finished(), 3)
    assert engine_server.wait_closed(seconds=1)
