"""Every message of the websocket, with somebody else's ids: refused, and nothing happens."""

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator

from chat import answering
from localchat.asgi import socket_application
from localchat.lib import following
from localchat.lib.hub import hub
from localchat.web.consumers import MESSAGES
from tests.belongings import PREFIXES, WORD, changed, rows

pytestmark = pytest.mark.django_db(transaction=True)

REF = "8a6e0804-2bd0-4672-b79d-d97027f9071a"
SENT = {
    "ask": [{"ref": REF, "question": "And?", "conversation": "{conversation}"}],
    "follow": [{"topic": "{topic}"}, {"topic": "{topic}", "after": "1-1", "as": "blocks"}],
    "unfollow": [{"topic": "{topic}"}],
    "stop": [{"topic": "{topic}"}],
    "go_on": [{"topic": "{topic}"}],
}
SCOPES = [{"documents": ["{document}"]}, {"collection": "{collection_name}"}, {}]


@pytest.fixture(autouse=True)
async def _finished():
    yield
    await answering.finished()
    await hub().close()


@pytest.fixture
async def bobs_socket(bobs):
    cookie = "; ".join(f"{name}={each.value}" for name, each in bobs.cookies.items())
    headers = [(b"cookie", cookie.encode())]
    socket = WebsocketCommunicator(socket_application, "/ws/", headers=headers)
    assert (await socket.connect())[0]
    yield socket
    await socket.disconnect()


def test_every_message_is_in_the_table():
    assert set(SENT) == set(MESSAGES)


def test_every_kind_of_topic_is_in_the_table():
    assert set(PREFIXES) == set(following._topics)


@pytest.mark.parametrize("kind", SENT)
async def test_with_alices_ids_bob_is_refused(kind, hers, bobs_socket):
    before = await database_sync_to_async(rows)()
    for topic in hers.topics:
        hers.topic = topic
        for message in SENT[kind]:
            await bobs_socket.send_json_to({"type": kind, **hers.filled(message)})
            await check_refused(bobs_socket, kind)
    assert changed(before, await database_sync_to_async(rows)()) == []


async def check_refused(socket, kind):
    if kind == "unfollow":
        assert await socket.receive_nothing(0.3)
        return
    told = await socket.receive_json_from(5)
    assert (told["type"], told["error"]) == ("refused", "not_found")
    assert WORD.lower() not in str(told).lower()
    assert await socket.receive_nothing(0.2)


@pytest.mark.parametrize("scope", SCOPES)
async def test_a_question_about_alices_documents_finds_none(scope, hers, bobs_socket):
    ask = {"type": "ask", "ref": REF, "question": WORD}
    await bobs_socket.send_json_to({**ask, **hers.filled(scope)})
    told = []
    while not told or told[-1]["type"] not in {"done", "failed"}:
        told.append(await bobs_socket.receive_json_from(20))
    assert [event["sources"] for event in told if event.get("sources")] == []
    assert f"about {WORD}" not in str(told)
