"""Answers from passages: what is sent for them, and what becomes of a model that says too little."""

import asyncio

import pytest
from channels.db import database_sync_to_async
from django.urls import reverse

from chat import answering, asking
from chat.answers import reading_time
from chat.answers.from_passages import QUOTED
from chat.models import Message
from documents.desk import deleting
from localchat.lib import following
from tests.engine_server import Installed
from tests.factories import make_answer, make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
]
PAGES = [
    "The harbour was dredged in 1987. It is twelve metres deep.",
    "The ferry runs three times a day. On Sundays it runs twice.",
]
QUESTION = "How often does the ferry run?"


@pytest.fixture
async def harbour(alice):
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    await database_sync_to_async(make_document)(alice, pages=PAGES)
    return alice


async def ask(user, question=QUESTION, conversation=None, **wish):
    answer = await asking.ask(user, question, asking.Wish(**wish), conversation=conversation)
    events = [event async for event in following.follow(user, answer.topic) if event]
    await asyncio.wait_for(answering.finished(), 20)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk), events


def written(events) -> str:
    return "".join(event["text"] for event in events if event["type"] == "token")


@pytest.mark.parametrize("bare", ["[1]", "1", " [1] ", "[1].", "**1**"])
async def test_a_model_that_only_names_a_passage_has_it_quoted(harbour, engine_server, bare):
    engine_server.script(answer=bare)
    row, events = await ask(harbour)
    assert row.text == "> The ferry runs three times a day. [1]\n\n> On Sundays it runs twice. [1]"
    assert written(events) == row.text
    assert row.notes[-1:] == [QUOTED]
    assert row.doubts == []


@pytest.mark.parametrize(
    "copied",
    [
        "[1] harbour.pdf",
        "[1] [2] harbour.pdf, page 2",
        "[1] harbour.pdf, page 2",
        "[2] harbour.pdf, page 2",
        "harbour.pdf, page 2",
    ],
)
async def test_a_model_that_copies_the_title_of_a_passage_has_it_quoted(
    harbour, engine_server, copied
):
    engine_server.script(answer=f"{copied}\n")
    row, events = await ask(harbour)
    assert row.text == "> The ferry runs three times a day. [1]\n\n> On Sundays it runs twice. [1]"
    assert written(events) == row.text
    assert row.notes[-1:] == [QUOTED]


async def test_what_a_model_says_below_a_copied_title_is_its_answer(harbour, engine_server):
    engine_server.script(answer="[1] harbour.pdf, page 2\nThree times a day.")
    row, events = await ask(harbour)
    assert row.text == written(events) == "[1] Three times a day."


async def test_what_was_deleted_meanwhile_is_not_quoted(harbour, engine_server):
    engine_server.script(answer="[1]", first_byte_delay=1)
    answer = await asking.ask(harbour, QUESTION, asking.Wish())
    async for event in following.follow(harbour, answer.topic):
        if event and event["type"] == "quotes":
            document = await database_sync_to_async(harbour.documents.get)()
            await database_sync_to_async(deleting.delete)(document)
    await asyncio.wait_for(answering.finished(), 20)
    row = await database_sync_to_async(Message.objects.get)(pk=answer.pk)
    assert row.text == "[1]"


@pytest.mark.parametrize(
    "answer",
    [
        "1987",
        "[7]",
        "[1] [7]",
        "3 times a day. [1]",
        "1. Daily. [1]",
        "Harbour ferries: three. [1]",
    ],
)
async def test_what_may_be_an_answer_is_left_as_it_is(harbour, engine_server, answer):
    engine_server.script(answer=answer)
    row, events = await ask(harbour)
    assert row.text == written(events) == answer
    assert QUOTED not in row.notes


async def test_a_number_is_an_answer_where_there_are_no_passages(harbour, engine_server):
    engine_server.script(answer="1")
    row, _ = await ask(harbour, "How many are one?", use_documents=False)
    assert row.text == "1"


async def test_a_question_that_leans_stands_whole_in_the_prompt(harbour, engine_server):
    first, _ = await ask(harbour)
    second, _ = await ask(harbour, "And on Sundays?", conversation=first.conversation_id)
    asked = engine_server.asked("/api/chat")[-1]["messages"][-1]["content"]
    assert f"Question: {second.standalone}\n" in asked
    assert second.standalone.startswith("And on Sundays?")


async def test_figures_are_quoted_and_not_made_up(harbour, engine_server):
    await ask(harbour)
    await ask(harbour, use_documents=False)
    grounded, free = engine_server.asked("/api/chat")
    assert grounded["options"]["temperature"] == 0
    assert "temperature" not in free["options"]


async def test_quotes_are_there_before_the_model_has_said_a_word(harbour, engine_server):
    engine_server.script(answer="Three times a day. [1]")
    row, events = await ask(harbour)
    kinds = [event["type"] for event in events]
    assert kinds.index("sources") < kinds.index("quotes") < kinds.index("token")
    (quotes,) = [event["quotes"] for event in events if event["type"] == "quotes"]
    first = quotes[0]
    assert (first["number"], first["text"]) == (1, "The ferry runs three times a day.")
    assert PAGES[1][first["start"] : first["end"]] == first["text"]
    assert "The ferry runs" not in row.text


async def test_how_long_reading_will_take_is_told_once_it_is_known(harbour, engine_server):
    first, events = await ask(harbour)
    (progress,) = [event for event in events if event.get("stage") == "prompt"]
    assert (progress["stage"], "seconds" in progress) == ("prompt", False)
    usage = {"prompt_tokens": 1_000, "prompt_seconds": 50.0}
    await database_sync_to_async(Message.objects.filter(pk=first.pk).update)(usage=usage)
    _, events = await ask(harbour)
    (progress,) = [event for event in events if event.get("stage") == "prompt"]
    assert progress["seconds"] == pytest.approx(progress["total"] / 20, abs=0.06)


async def test_answers_that_were_stopped_tell_nothing_of_the_speed(harbour, engine_server):
    first, _ = await ask(harbour)
    usage = {"prompt_tokens": 1_000, "prompt_seconds": 50.0}
    await database_sync_to_async(Message.objects.filter(pk=first.pk).update)(usage=usage)
    for _ in range(reading_time.LOOK_ANSWERS):
        stopped = {"status": "stopped", "model": first.model, "usage": {"seconds": 1.0}}
        await database_sync_to_async(make_answer)(harbour, "", **stopped)
    _, events = await ask(harbour)
    (progress,) = [event for event in events if event["type"] == "progress"]
    assert progress["seconds"] > 0


async def test_who_stops_before_the_first_word_keeps_the_quotes(
    harbour, alice_async, engine_server
):
    engine_server.script(first_byte_delay=30)
    answer = await asking.ask(harbour, QUESTION, asking.Wish())
    async for event in following.follow(harbour, answer.topic):
        if event and event["type"] == "quotes":
            await database_sync_to_async(following.stop)(harbour, answer.topic)
        if event and event["type"] == "done":
            assert event["reason"] == "stopped"
    page = (await alice_async.get(reverse("message", args=[answer.pk]))).content.decode()
    assert "The ferry runs three times a day." in page
    assert "quotes__quote" in page


async def test_scripts_get_the_quotes_when_they_ask_for_events(harbour, alice_async, engine_server):
    for events in (True, False):
        body = {"message": QUESTION, "events": events}
        response = await alice_async.post("/api/chat", body, content_type="application/json")
        text = b"".join([part async for part in response.streaming_content]).decode()
        assert ('"quotes": [{"number": 1' in text) is events


SHORE = "Section {0} of the shore is {0} metres long and has {0} huts. " * 12


@pytest.fixture
async def shore(alice, engine_server):
    """Eight long passages, and a small model."""
    engine_server.stock.install(Installed("tiny-chat:latest", window=32_768, digest="a" * 64))
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    pages = [SHORE.format(number) for number in range(10, 18)]
    await database_sync_to_async(make_document)(alice, pages=pages)
    return alice


async def with_speed(answer, rate):
    """As if the model had read its prompt at so many tokens a second."""
    usage = {"prompt_tokens": 1_000, "prompt_seconds": 1_000 / rate}
    await database_sync_to_async(Message.objects.filter(pk=answer.pk).update)(usage=usage)


async def test_a_slow_model_reads_fewer_passages_and_says_so(shore, alice_async, engine_server):
    question = "How many huts are there on section 13 of the shore?"
    first, _ = await ask(shore, question)
    await with_speed(first, 400)
    quick, _ = await ask(shore, question)
    assert (quick.left_out, quick.hurried) == (0, False)
    await with_speed(first, 15)
    await with_speed(quick, 15)
    slow, events = await ask(shore, question)
    assert slow.hurried
    assert 1 <= slow.left_out < 8
    assert any("left out to begin sooner" in event.get("text", "") for event in events)
    page = (await alice_async.get(reverse("message", args=[slow.pk]))).content.decode()
    assert "left out, so that the first word came sooner" in page
    assert "Read more of it" in page
    patient, _ = await ask(shore, question, patient=True)
    assert (patient.left_out, patient.hurried) == (0, False)


async def test_a_small_model_of_unknown_speed_is_taken_for_slow(shore, engine_server):
    first, _ = await ask(shore, "How many huts are there on section 13 of the shore?")
    assert first.hurried
