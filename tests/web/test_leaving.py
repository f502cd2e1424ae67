"""Out means out: whatever ends the right to be here ends what is open, within two seconds."""

import asyncio
import gc
import json
import time
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from chat import answering
from chat.models import Conversation
from localchat.accounts import api_keys
from localchat.accounts.models import ApiKey
from localchat.asgi import application, socket_application
from localchat.lib import events, leaving
from localchat.lib.hub import hub
from tests.asgi import Ends, scope

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 2.0
ENDS = Ends(("127.0.0.1", 9999), ("127.0.0.1", 8000))
TURNS = [{"role": "user", "content": "Go on."}]
CALL = {"name": "ask", "arguments": {"question": "Go on."}}
STREAMS = {
    "/api/chat": {"message": "Go on.", "use_rag": False},
    "/v1/chat/completions": {"messages": TURNS, "stream": True},
    "/ollama/api/chat": {"messages": TURNS},
    "/ollama/api/generate": {"prompt": "Go on."},
}
WAITING = {
    "/v1/chat/completions": {"messages": TURNS},
    "/ollama/api/chat": {"messages": TURNS, "stream": False},
}
MCP = {"/mcp": {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": CALL}}


@pytest.fixture(autouse=True)
async def _finished(alice, engine_server):
    engine_server.script(answer="word " * 400, rate=20)
    yield
    await database_sync_to_async(Conversation.objects.all().delete)()
    await answering.finished()
    await hub().close()


@pytest.fixture
async def client_of_alice(alice):
    client = Client()
    await database_sync_to_async(client.force_login)(alice)
    return client


def cookie_of(client):
    return f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"


async def opened(client):
    headers = [(b"cookie", cookie_of(client).encode())]
    socket = WebsocketCommunicator(socket_application, "/ws/", headers=headers)
    assert (await socket.connect())[0]
    return socket


async def followed(client):
    """A socket, while an answer comes by it."""
    socket = await opened(client)
    await socket.send_to(text_data=json.dumps({"type": "ask", "question": "Go on.", "use_documents": False}))  # fmt: skip
    assert json.loads(await socket.receive_from(5))["type"] == "asked"
    return socket


async def closed(socket):
    """The code with which it closes, within the time."""
    end = time.monotonic() + SECONDS
    while (left := end - time.monotonic()) > 0:
        told = await socket.receive_output(left)
        if told["type"] == "websocket.close":
            return told["code"]
    raise AssertionError("it is still open")


class Asked:
    """A request to the whole program, behind the gate."""

    def __init__(self, road, body, headers):
        self.road, self.status, self.body = road, 0, b""
        accept = {"accept": "application/json, text/event-stream"}
        kind = {"content-type": "application/json"}
        self.scope = {**scope("http", road, ENDS, {**headers, **accept, **kind}), "method": "POST"}
        self.asked = asyncio.Queue()
        self.asked.put_nowait({"type": "http.request", "body": json.dumps(body).encode()})
        self.task = asyncio.create_task(application.app.app(self.scope, self.asked.get, self.send))

    async def send(self, message):
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


async def all_asked(headers, roads=()):
    """Streams of which something has come, and what answers at its end only."""
    streams = [Asked(road, body, headers) for road, body in STREAMS.items()]
    waiting = [Asked(road, body, headers) for road, body in (*WAITING.items(), *roads)]
    async with asyncio.timeout(10):
        while not all(each.body.count(b"word") > 2 for each in streams):
            await asyncio.sleep(0.05)
    assert not any(each.status for each in waiting)
    return streams, waiting


async def check_ended(streams, waiting):
    await asyncio.wait([each.task for each in (*streams, *waiting)], timeout=SECONDS)
    assert [each.road for each in (*streams, *waiting) if not each.task.done()] == []
    assert [each.road for each in streams if b'"done": true' in each.body] == []
    assert [each.status for each in streams] == [200] * len(streams)
    assert [each.status for each in waiting] == [401] * len(waiting)


def log_out(alice, client):
    client.logout()


def log_out_on_the_page(alice, client):
    client.post("/logout/")


def change_password(alice, client):
    alice.set_password("another one")
    alice.save()


def lock(alice, client):
    alice.is_active = False
    alice.save()


def delete(alice, client):
    alice.delete()


def demote(alice, client):
    alice.is_staff = False
    alice.save()


@pytest.fixture
def staff(alice):
    alice.is_staff = True
    alice.save()


@pytest.mark.parametrize("leave", [log_out, log_out_on_the_page, delete])
async def test_an_idle_socket_is_closed(alice, client_of_alice, leave):
    socket = await opened(client_of_alice)
    await database_sync_to_async(leave)(alice, client_of_alice)
    assert await closed(socket) == 4401


@pytest.mark.parametrize("leave", [log_out, change_password, lock, demote])
async def test_what_a_login_has_opened_ends(staff, alice, client_of_alice, leave):
    sockets = [await opened(client_of_alice), await followed(client_of_alice)]
    asked = await all_asked({"cookie": cookie_of(client_of_alice)})
    await database_sync_to_async(leave)(alice, client_of_alice)
    await check_ended(*asked)
    assert [await closed(socket) for socket in sockets] == [4401, 4401]


def revoke(alice, key):
    api_keys.revoke(alice, key.pk)


def remove(alice, key):
    key.delete()


@pytest.mark.parametrize("leave", [revoke, remove, lock, demote, change_password])
async def test_what_a_key_has_opened_ends(staff, alice, leave):
    pytest.importorskip("mcp")
    make = database_sync_to_async(api_keys.make)
    key, token = await make(alice, "a tool", ["ask"], of_login=leave is change_password)
    asked = await all_asked({"authorization": f"Bearer {token}"}, MCP.items())
    await database_sync_to_async(leave)(alice, key)
    await check_ended(*asked)


def lose_right(alice):
    alice.user_permissions.clear()


def leave_group(alice):
    alice.groups.clear()


def take_right_of_group(alice):
    alice.groups.get().permissions.clear()


def delete_group(alice):
    alice.groups.get().delete()


@pytest.mark.parametrize("lose", [lose_right, leave_group, take_right_of_group, delete_group])
async def test_who_loses_a_right_of_the_admin_is_out(staff, alice, client_of_alice, lose):
    def give():
        right = Permission.objects.get(codename="change_document")
        if lose is lose_right:
            alice.user_permissions.add(right)
        else:
            group = Group.objects.create(name="keepers")
            group.permissions.add(right)
            alice.groups.add(group)

    await database_sync_to_async(give)()
    socket = await opened(client_of_alice)
    await database_sync_to_async(lose)(alice)
    assert await closed(socket) == 4401


async def test_who_gets_a_right_stays(alice, client_of_alice):
    socket = await opened(client_of_alice)
    alice.is_staff = True
    await database_sync_to_async(alice.save)()
    assert await socket.receive_nothing(timeout=0.6)
    await socket.disconnect()


async def test_another_login_of_the_same_person_stays(alice, client_of_alice):
    other = Client()
    await database_sync_to_async(other.force_login)(alice)
    here, there = await opened(client_of_alice), await opened(other)
    await database_sync_to_async(other.logout)()
    assert await closed(there) == 4401
    assert await here.receive_nothing(timeout=0.5)
    await here.disconnect()


async def test_a_new_password_ends_the_keys_of_logins_alone(alice):
    def change():
        for name in ("login", "a tool"):
            api_keys.make(alice, name, ["ask"], of_login=name == "login")
        change_password(alice, None)
        return [key.name for key in ApiKey.objects.filter(revoked=None)]

    assert await database_sync_to_async(change)() == ["a tool"]


async def test_a_key_ends_what_it_has_open_at_its_time(alice):
    soon = timezone.now() + timedelta(seconds=1.5)
    make = database_sync_to_async(api_keys.make)
    _, token = await make(alice, "a tool", ["ask"], expires=soon)
    asked = await all_asked({"authorization": f"Bearer {token}"})
    await check_ended(*asked)


async def test_a_right_that_ends_in_several_ways_at_once_ends_it_once(alice, caplog):
    async def slow_to_leave():
        async with leaving.held_to(leaving.Right(alice.pk, lambda: False)):
            for _ in range(3):
                await database_sync_to_async(events.look_again)(alice.pk)
            try:
                await asyncio.sleep(60)
            finally:
                await asyncio.sleep(0.2)

    with pytest.raises(leaving.SignedOut):
        await slow_to_leave()
    gc.collect()  # asyncio tells then of tasks that failed
    assert "never retrieved" not in caplog.text


async def test_what_was_not_heard_is_looked_up_when_redis_answers_again(
    alice, client_of_alice, monkeypatch
):
    """The hint is lost, and the reader's connection as well."""
    socket = await opened(client_of_alice)
    await asyncio.sleep(leaving.SOON + 0.2)
    monkeypatch.setattr(events, "hint", lambda **_: None)
    await database_sync_to_async(lock)(alice, client_of_alice)
    await hub().redis.connection_pool.disconnect()
    assert await closed(socket) == 4401
