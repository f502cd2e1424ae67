"""An engine that is gone before it has written a word is asked once more."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking
from chat.models import Message

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("closed_hub", "fresh_choice"),
]


async def ask(user):
    return await asking.ask(user, "What is it?", wish=asking.Wish(use_documents=False))


async def finished(answer):
    await asyncio.wait_for(answering.finished(), 20)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk)


# As Ollama tells of the process in which the model ran.
DEATHS = (
    "an error was encountered while running the model: unexpected EOF",
    "llama-server process has terminated: signal: killed",
    "llama-server process no longer running: -1 ",
    "error reading llama-server chat response: read tcp 127.0.0.1: connection reset by peer",
    'Post "http://127.0.0.1:40123/completion": EOF',
)


@pytest.mark.parametrize(
    "fault",
    [
        {"cut_after": 0},
        {"reset_after": 0},
        {"status": 500},
        {"status": 503, "error": "busy"},
        *({"status": 500, "error": said} for said in DEATHS),
        {"error_after": 0, "error": DEATHS[0]},
    ],
)
async def test_an_engine_that_dies_or_is_busy_before_a_word_is_asked_again(
    alice, engine_server, fault
):
    engine_server.script_once(**fault)
    row = await finished(await ask(alice))
    assert (row.status, row.text) == ("done", "This is an answer. ")


async def test_why_a_model_cannot_be_started_is_told(alice, engine_server):
    engine_server.script(status=500, error="llama-server process has terminated: out of memory")
    row = await finished(await ask(alice))
    assert (row.status, row.error) == ("failed", "engine_failed")
    assert row.problem.endswith("has terminated: out of memory")
    assert len(engine_server.asked("/api/chat")) == 2


async def test_one_that_dies_twice_is_told_and_nothing_is_said_to_be_kept(alice, engine_server):
    engine_server.script(cut_after=0)
    row = await finished(await ask(alice))
    assert (row.status, row.error, row.text) == ("failed", "engine_cut", "")
    assert "before it had written a word" in row.problem
    assert len(engine_server.asked("/api/chat")) == 2
