"""What is told of the time before the first word: a place in line, loading, reading."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking
from chat.models import Message
from localchat.lib import following
from models_mgmt import choosing
from models_mgmt.engines import ollama, openai
from tests.engine_server.stock import Installed
from tests.factories import make_call

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("closed_hub", "fresh_choice"),
]
PLAIN = asking.Wish(use_documents=False)


async def ask(user, question="Is it?", **wish):
    answer = await asking.ask(user, question, wish=PLAIN._replace(**wish))
    events = [event async for event in following.follow(user, answer.topic) if event]
    await asyncio.wait_for(answering.finished(), 20)
    row = await database_sync_to_async(Message.objects.get)(pk=answer.pk)
    return row, [event for event in events if event["type"] == "progress"]


async def test_loading_is_told_where_the_model_is_not_loaded(alice, engine_server):
    first, progress = await ask(alice)
    assert [event["stage"] for event in progress] == ["loading", "prompt"]
    assert "seconds" not in progress[0]
    assert first.usage["load_seconds"] == 1.5
    _, progress = await ask(alice)
    assert [event["stage"] for event in progress] == ["prompt"]
    engine_server.stock.unload("tiny-chat:latest")
    _, progress = await ask(alice)
    assert [(event["stage"], event.get("seconds")) for event in progress] == [
        ("loading", 1.5),
        ("prompt", progress[1]["seconds"]),
    ]


async def test_a_busy_engine_is_waited_for_with_a_place_in_line(alice, engine_server):
    engine_server.slots, engine_server.queue_limit = 1, 0
    engine_server.script(answer="word " * 8, rate=8)
    asked = []
    for number in range(3):
        asked.append(asyncio.create_task(ask(alice, f"Question {number}?")))
        await asyncio.sleep(0.3)
    heard = [await each for each in asked]
    engine_server.slots, engine_server.queue_limit = 0, 512
    places = [
        [event["place"] for event in progress if event["stage"] == "waiting"]
        for _, progress in heard
    ]
    assert places == [[], [1], [2, 1]]
    assert [row.status for row, _ in heard] == ["done"] * 3


async def test_another_window_is_not_loaded_yet(engine_server):
    call = make_call("tiny-chat", [], num_ctx=4096)
    engine_server.stock.load(engine_server.stock.find("tiny-chat"), 4096, 60)
    look = database_sync_to_async(ollama.is_loaded)
    assert await look(call) is True
    assert await look(call._replace(num_ctx=2048)) is False
    assert openai.is_loaded(call) is None


def test_an_engine_that_does_not_tell_leaves_it_open(settings):
    settings.OLLAMA_HOST = "http://127.0.0.1:9"
    assert ollama.is_loaded(make_call("tiny-chat", [])) is None


@pytest.mark.parametrize(("owner", "told"), [("llamacpp", [(40, 90), (90, 90)]), ("openai", [])])
async def test_how_much_of_the_prompt_is_read_is_told_where_the_engine_tells(
    alice, engine_server, settings, owner, told
):
    settings.OPENAI_BASE_URL, settings.OLLAMA_HOST = f"{engine_server.url}/v1", ""
    engine_server.stock.install(Installed("served:latest", owner=owner))
    await database_sync_to_async(choosing.forget)()
    engine_server.script(answer="It is so.", reads=(0, 40, 90))
    row, progress = await ask(alice, model="served:latest")
    assert row.text == "It is so."
    assert [(each["done"], each["total"]) for each in progress if each["done"]] == told


async def test_a_model_that_reads_for_long_has_not_stalled(alice, engine_server, settings):
    settings.OPENAI_BASE_URL, settings.OLLAMA_HOST = f"{engine_server.url}/v1", ""
    settings.IDLE_SECONDS = 0.3
    engine_server.stock.install(Installed("served:latest", owner="llamacpp"))
    await database_sync_to_async(choosing.forget)()
    engine_server.script(answer="It is so.", reads=(0, 40), first_byte_delay=1)
    row, progress = await ask(alice, model="served:latest")
    assert progress[-1]["done"] == 40
    assert (row.status, row.text) == ("done", "It is so.")
