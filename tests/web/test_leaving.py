"""Out means out: what is open ends soon after a log-out, a new password or a locked account."""

import json
import time

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import AsyncClient, Client

from chat import answering
from localchat.asgi import socket_application
from localchat.lib.hub import hub

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 2.0
WORDS = "word " * 400


@pytest.fixture(autouse=True)
async def _finished():
    yield
    await answering.finished()
    await hub().close()


@pytest.fixture
async def client_of_alice(alice):
    client = Client()
    await database_sync_to_async(client.force_login)(alice)
    return client


async def opened(client):
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}".encode()
    socket = WebsocketCommunicator(socket_application, "/ws/", headers=[(b"cookie", cookie)])
    assert (await socket.connect())[0]
    return socket


async def closed(socket):
    """The code with which it closes, within the time."""
    end = time.monotonic() + SECONDS
    while (left := end - time.monotonic()) > 0:
        told = await socket.receive_output(left)
        if told["type"] == "websocket.close":
            return told["code"]
    raise AssertionError("it is still open")


def log_out(alice, client):
    client.logout()


def change_password(alice, client):
    alice.set_password("another one")
    alice.save()


def lock(alice, client):
    alice.is_active = False
    alice.save()


def delete(alice, client):
    alice.delete()


@pytest.mark.parametrize("leave", [log_out, change_password, lock, delete])
async def test_an_idle_socket_is_closed(alice, client_of_alice, leave):
    socket = await opened(client_of_alice)
    await database_sync_to_async(leave)(alice, client_of_alice)
    assert await closed(socket) == 4401


@pytest.mark.parametrize("leave", [log_out, lock])
async def test_a_socket_that_follows_an_answer_is_closed(
    alice, client_of_alice, engine_server, leave
):
    engine_server.script(answer=WORDS, rate=20)
    socket = await opened(client_of_alice)
    await socket.send_to(text_data=json.dumps({"type": "ask", "question": "Go on.", "use_documents": False}))  # fmt: skip
    assert json.loads(await socket.receive_from(5))["type"] == "asked"
    await database_sync_to_async(leave)(alice, client_of_alice)
    assert await closed(socket) == 4401
    await database_sync_to_async(alice.conversations.all().delete)()


async def test_another_login_of_the_same_person_stays(alice, client_of_alice):
    other = Client()
    await database_sync_to_async(other.force_login)(alice)
    here, there = await opened(client_of_alice), await opened(other)
    await database_sync_to_async(other.logout)()
    assert await closed(there) == 4401
    assert await here.receive_nothing(timeout=0.5)
    await here.disconnect()


@pytest.mark.parametrize("leave", [log_out, change_password, lock])
async def test_a_stream_over_http_ends(alice, engine_server, leave):
    engine_server.script(answer=WORDS, rate=20)
    client = AsyncClient()
    await client.aforce_login(alice)
    body = json.dumps({"message": "Go on.", "use_rag": False})
    answer = await client.post("/api/chat", body, content_type="application/json")
    session = Client()
    session.cookies = client.cookies
    began, left, pieces = time.monotonic(), None, 0
    async for _ in answer.streaming_content:
        pieces += 1
        if pieces == 5:
            await database_sync_to_async(leave)(alice, session)
            left = time.monotonic()
        assert left is None or time.monotonic() - left < SECONDS + 0.5
    assert left is not None
    assert time.monotonic() - began < 10
    await database_sync_to_async(alice.conversations.all().delete)()
