"""Every topic over HTTP: from its start, from an id on, and to a failure."""

import json

import pytest
from channels.db import database_sync_to_async

from chat import answering
from localchat.lib import following
from localchat.lib.api import frames
from localchat.lib.hub import hub
from tests.factories import make_answer, make_document, make_pull

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def _finished():
    yield
    await answering.finished()
    await hub().close()


async def read(answer):
    """The frames as (id, object)."""
    told = "".join([piece.decode() async for piece in answer.streaming_content])
    found = []
    for frame in told.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in frame.splitlines() if line[0] != ":")
        if "data" in lines:
            found.append((lines.get("id", ""), json.loads(lines["data"])))
    return found


@pytest.fixture
async def get(alice, async_client):
    await async_client.aforce_login(alice)

    async def one(address, **more):
        return await async_client.get(f"/api/streams/{address}", **more)

    return one


async def test_topics_of_every_app_are_told(alice, get):
    answer = await database_sync_to_async(make_answer)(alice, text="Twice a day.")
    document = await database_sync_to_async(make_document)(alice)
    pull = await database_sync_to_async(make_pull)(alice, "tiny:1b", status="ready")
    for topic in (answer.topic, document.topic, pull.topic):
        told = await read(await get(topic))
        assert told[-1][1]["type"] == "done"
        assert {body["topic"] for _, body in told} == {topic}


async def test_an_answer_is_taken_up_after_an_id(alice, async_client, get, engine_server):
    engine_server.script(answer="One and two and three.", rate=20)
    body = json.dumps({"message": "Count.", "use_rag": False})
    asked = await async_client.post("/api/chat", body, content_type="application/json")
    frames = await read(asked)
    (place, first), *_ = frames
    assert first == {"content": "One "}
    assert frames[-1][1]["topic"] == asked["X-Topic"]
    for more in ({"query_params": {"after": place}}, {"headers": {"Last-Event-ID": place}}):
        told = await read(await get(asked["X-Topic"], **more))
        texts = [body["text"] for _, body in told if body["type"] == "token"]
        assert "".join(texts) == "and two and three."


async def test_a_cursor_that_is_none_is_refused(alice, get):
    answer = await database_sync_to_async(make_answer)(alice)
    assert (await get(f"{answer.topic}?after=x")).status_code == 400


async def test_what_goes_meanwhile_ends_the_frames_with_its_sentence(alice):
    told = [frame async for frame in frames(following.follow(alice, "answer:1"), dict)]
    message = "There is nothing here under that name or number."
    assert told == [("", {"type": "failed", "error": "not_found", "message": message})]
