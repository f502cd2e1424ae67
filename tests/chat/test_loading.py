"""While a question is typed its model is loaded, and reads how the prompt will begin."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking, loading
from models_mgmt.engines import last_read
from tests.factories import make_conversation, make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
]
QUESTION = "When was the harbour dredged?"


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


async def typing(client, **body):
    response = await client.post("/api/chat/typing", body, content_type="application/json")
    await asyncio.wait_for(loading.finished(), 20)
    return response


async def ask(user, conversation=None):
    answer = await asking.ask(user, QUESTION, asking.Wish(), conversation=conversation)
    await asyncio.wait_for(answering.finished(), 20)
    return answer


async def test_the_question_goes_on_where_the_loading_ended(harbour, alice_async, engine_server):
    assert (await typing(alice_async)).json() == {"success": True}
    (loaded,) = engine_server.asked("/api/chat")
    assert loaded["options"]["num_predict"] == 1
    await ask(harbour)
    asked = engine_server.asked("/api/chat")[-1]
    assert asked["messages"][: len(loaded["messages"])] == loaded["messages"]
    assert {**asked["options"], "num_predict": 1} == loaded["options"]


async def test_a_talk_is_loaded_as_it_was_sent(harbour, alice_async, engine_server):
    conversation = (await ask(harbour)).conversation_id
    first = engine_server.asked("/api/chat")[-1]["messages"]
    assert (await typing(alice_async, conversation_id=conversation)).json() == {"success": True}
    assert len(engine_server.asked("/api/chat")) == 1  # it was just read
    last_read.forget()
    await typing(alice_async, conversation_id=conversation)
    loaded = engine_server.asked("/api/chat")[-1]["messages"]
    assert loaded[: len(first)] == first
    assert loaded[-1]["role"] == "assistant"


async def test_what_is_loaded_is_not_loaded_again(harbour, alice_async, engine_server):
    await typing(alice_async)
    await typing(alice_async)
    assert len(engine_server.asked("/api/chat")) == 1


async def test_nothing_is_loaded_while_an_answer_is_written(harbour, alice_async, engine_server):
    engine_server.script(first_byte_delay=1)
    await asking.ask(harbour, QUESTION, asking.Wish())
    await typing(alice_async)
    await asyncio.wait_for(answering.finished(), 20)
    assert len(engine_server.asked("/api/chat")) == 1


async def test_without_a_model_typing_is_no_failure(harbour, alice_async, no_engine):
    assert (await typing(alice_async)).json() == {"success": True}
    assert (await typing(alice_async, model="none")).json() == {"success": True}


async def test_nobody_loads_anothers_conversation(harbour, bob, alice_async, engine_server):
    conversation = (await database_sync_to_async(make_conversation)(bob)).pk
    assert (await typing(alice_async, conversation_id=conversation)).status_code == 404
    assert engine_server.asked("/api/chat") == []
