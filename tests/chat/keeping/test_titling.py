"""A model's title, made when nobody waits and nothing that it has kept is lost."""

import asyncio
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking
from chat.keeping import changing, titling
from chat.models import Conversation
from chat.question_parsing import Wish
from models_mgmt.engines import last_read
from tests.factories import make_answer, make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
]
QUESTION = "When was the harbour dredged?"
ANSWER = "The harbour was dredged in 1987 [1]."


@pytest.fixture(autouse=True)
def nothing_read():
    last_read.forget()
    yield
    last_read.forget()


@pytest.fixture
async def harbour(alice, engine_server):
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    await database_sync_to_async(make_document)(alice)
    return alice


async def ask(user, engine_server, conversation=None, **wish):
    engine_server.script(answer=ANSWER)
    answer = await asking.ask(user, QUESTION, Wish(**wish), uuid4(), conversation)
    await asyncio.wait_for(answering.finished(), 20)
    return answer


async def titled(engine_server, reply: str) -> Conversation:
    engine_server.script(answer=reply)
    titling.begin()
    await asyncio.wait_for(titling.finished(), 20)
    return await Conversation.objects.aget()


async def test_a_conversation_gets_the_models_title(harbour, engine_server):
    await ask(harbour, engine_server)
    found = await titled(engine_server, '**Title: "Dredging of the harbour"**')
    assert (found.title, found.titled) == ("Dredging of the harbour", "model")


async def test_what_the_engine_kept_is_not_lost(harbour, engine_server):
    answer = await ask(harbour, engine_server)
    first = engine_server.asked("/api/chat")[-1]
    await titled(engine_server, "Dredging of the harbour")
    title = engine_server.asked("/api/chat")[-1]
    assert title["messages"][: len(first["messages"])] == first["messages"]
    assert len(title["messages"]) == len(first["messages"]) + 2  # the answer, and one line
    for name in ("num_ctx", "num_batch"):
        assert title["options"].get(name) == first["options"].get(name)
    await ask(harbour, engine_server, answer.conversation_id)
    following = engine_server.asked("/api/chat")[-1]["messages"]
    assert following[: len(first["messages"]) + 1] == title["messages"][:-1]


async def test_no_title_where_the_model_has_read_something_else(harbour, engine_server):
    await ask(harbour, engine_server)
    last_read.forget()
    calls = len(engine_server.asked("/api/chat"))
    assert (await titled(engine_server, "Dredging of the harbour")).title == QUESTION
    assert len(engine_server.asked("/api/chat")) == calls


async def test_a_question_goes_first(harbour, engine_server):
    await ask(harbour, engine_server)
    engine_server.script(answer="Dredging of the harbour", first_byte_delay=6)
    titling.begin()
    while len(engine_server.asked("/api/chat")) < 2:
        await asyncio.sleep(0.02)
    engine_server.script(answer=ANSWER)
    await asking.ask(harbour, "Who keeps the light?", Wish(), uuid4())
    await asyncio.wait_for(titling.finished(), 2)
    assert engine_server.wait_closed()
    await asyncio.wait_for(answering.finished(), 20)
    assert not await Conversation.objects.filter(titled="model").aexists()


async def test_none_while_an_answer_is_written(harbour, engine_server):
    await ask(harbour, engine_server)
    row = await Conversation.objects.aget()
    await database_sync_to_async(make_answer)(harbour, conversation=row, status="writing")
    calls = len(engine_server.asked("/api/chat"))
    await titled(engine_server, "Dredging of the harbour")
    assert len(engine_server.asked("/api/chat")) == calls


async def test_a_temporary_one_gets_none(harbour, engine_server):
    await ask(harbour, engine_server, temporary=True)
    assert (await titled(engine_server, "Dredging of the harbour")).title == QUESTION


async def test_a_persons_title_stays(harbour, engine_server):
    await ask(harbour, engine_server)
    row = await Conversation.objects.aget()
    await database_sync_to_async(changing.change)(row, {"title": "Mud"})
    assert (await titled(engine_server, "Dredging of the harbour")).title == "Mud"


@pytest.mark.parametrize(
    ("reply", "title"),
    [
        ("Harbour Dredging History\n\nHere is more.", "Harbour Dredging History"),
        ("The harbour was dredged in 1987 [1].", ""),
        ("I am sorry, but I cannot give this conversation a title of any kind.", ""),
        ("Recipes for pancakes", ""),
        ("| Year | Harbour |\n|---|---|\n| 1987 | dredged |", ""),
        ("", ""),
    ],
)
def test_what_is_no_title_is_not_taken(reply, title):
    assert titling.sound_title(reply, f"{QUESTION} {ANSWER}") == title


async def test_what_is_no_title_is_asked_for_once(harbour, engine_server):
    await ask(harbour, engine_server)
    assert (await titled(engine_server, "Recipes for pancakes")).title == QUESTION
    calls = len(engine_server.asked("/api/chat"))
    await titled(engine_server, "Dredging of the harbour")
    assert len(engine_server.asked("/api/chat")) == calls
