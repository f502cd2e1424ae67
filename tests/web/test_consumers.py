"""The websocket: one socket, many topics, and nothing that breaks it."""

import asyncio
import json
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from chat import answering
from chat.html.render import render
from localchat.asgi import socket_application
from localchat.lib.hub import hub
from tests.factories import make_answer

pytestmark = pytest.mark.django_db(transaction=True)


class Socket(WebsocketCommunicator):
    async def say(self, **message):
        await self.send_to(text_data=json.dumps(message))

    async def hear(self, *types, timeout=10):
        """Messages up to the first of one of these types."""
        heard = []
        while not heard or heard[-1]["type"] not in types:
            heard.append(json.loads(await self.receive_from(timeout)))
        return heard


def _cookie(user):
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}".encode()


@pytest.fixture
async def connect():
    """Sockets of a person who has logged in; the gate in front has let them pass."""
    sockets = []

    async def open_one(user):
        cookie = await database_sync_to_async(_cookie)(user)
        socket = Socket(socket_application, "/ws/", headers=[(b"cookie", cookie)])
        accepted, _ = await socket.connect()
        assert accepted
        sockets.append(socket)
        return socket

    yield open_one
    for socket in sockets:
        await socket.disconnect()
    await answering.finished()
    await hub().close()


async def test_ask_is_answered_and_followed(alice, connect, engine_server):
    engine_server.script(answer="Twice a day.", rate=100)
    socket = await connect(alice)
    ref = str(uuid4())
    await socket.say(type="ask", ref=ref, question="How often?", use_documents=False)
    asked, *heard = await socket.hear("done", "failed")
    assert asked["type"] == "asked"
    assert asked["ref"] == ref
    assert "".join(e["text"] for e in heard if e["type"] == "token") == "Twice a day."
    assert all(e["topic"] == asked["topic"] and e["id"] for e in heard)


async def test_blocks_end_as_the_full_render(alice, connect, engine_server):
    text = "# A title\n\nSome *text* with `code`.\n\n- one\n- two\n\n```python\nx = 1\n```\n"
    engine_server.script(answer=text, rate=300)
    socket = await connect(alice)
    await socket.say(type="ask", question="Show me.", use_documents=False, **{"as": "blocks"})
    heard = await socket.hear("done")
    blocks = {}
    closed = set()
    for each in heard:
        if each["type"] == "block":
            assert each["n"] not in closed
            blocks[each["n"]] = each["html"]
            closed |= set() if each["open"] else {each["n"]}
    assert "".join(html for _, html in sorted(blocks.items())) == render(text)
    assert set(blocks) == closed


async def test_a_second_socket_hears_the_same_and_announcements(alice, connect, engine_server):
    engine_server.script(answer="One and two and three.", rate=40)
    first, second = await connect(alice), await connect(alice)
    await first.say(type="ask", question="Count.", use_documents=False)
    (announced,) = await second.hear("announce")
    await second.say(type="follow", topic=announced["topic"])
    texts = []
    for socket in (first, second):
        heard = await socket.hear("done")
        texts.append("".join(e["text"] for e in heard if e["type"] == "token"))
    assert texts == ["One and two and three."] * 2


async def test_stop_is_heard_while_following(alice, connect, engine_server):
    engine_server.script(answer="word " * 300, rate=20)
    socket = await connect(alice)
    await socket.say(type="ask", question="Go on.", use_documents=False)
    topic = (await socket.hear("token"))[0]["topic"]
    await socket.say(type="stop", topic=topic)
    heard = await socket.hear("done", timeout=2)
    assert heard[-1]["reason"] == "stopped"


async def test_a_stranger_is_refused_and_hears_nothing(alice, bob, connect):
    answer = await database_sync_to_async(make_answer)(alice, text="Secret.")
    socket = await connect(bob)
    for kind in ("follow", "stop"):
        await socket.say(type=kind, topic=answer.topic)
        (refused,) = await socket.hear("refused")
        assert refused["error"] == "not_found"
    assert await socket.receive_nothing()


async def test_text_that_no_database_keeps_does_not_break_the_socket(alice, connect, engine_server):
    socket = await connect(alice)
    broken = {"question": "Half \ud83d", "collection": "\0", "model": "a\0b\ud83d"}
    await socket.say(type="ask", **broken)
    assert (await socket.hear("done", "failed"))[0]["type"] == "asked"


@pytest.mark.parametrize(
    "text",
    [
        " ", "{", "[]", "null", "3", '"ask"', "{}", '{"type": 1}', '{"type": ["ask"]}',
        '{"type": "nothing"}', '{"type": "ask"}', '{"type": "ask", "question": 1}',
        '{"type": "ask", "question": "x", "ref": "no"}',
        '{"type": "ask", "question": "x", "conversation": "1"}',
        '{"type": "ask", "question": "x", "conversation": 99999999999999999999}',
        '{"type": "ask", "question": "x", "documents": {}}',
        '{"type": "ask", "question": "x", "history": [{"role": "system", "content": "x"}]}',
        json.dumps({"type": "ask", "question": "x", "collection": "x" * 121}),
        '{"type": "follow"}', '{"type": "follow", "topic": "answer:1", "after": "x"}',
        '{"type": "stop", "topic": null}', "[" * 100_000,
    ],
)  # fmt: skip
async def test_a_message_that_cannot_be_served_is_refused_and_the_socket_stays(
    alice, connect, engine_server, text
):
    socket = await connect(alice)
    await socket.send_to(text_data=text)
    (refused,) = await socket.hear("refused")
    assert refused["message"]
    await socket.say(type="ask", question="Still there?", use_documents=False)
    await asyncio.wait_for(socket.hear("done"), 10)
