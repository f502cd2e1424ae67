"""What somebody follows of a shared collection ends within two seconds when that is taken back."""

import asyncio
import json
import time

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import AsyncClient, Client

from documents.desk import collections, sharing
from documents.models import Collection, Grant
from localchat.asgi import socket_application
from localchat.lib.hub import hub
from tests.factories import make_document

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 2.0


@pytest.fixture(autouse=True)
async def _finished():
    yield
    await hub().close()


@pytest.fixture
def reading(alice, bob, data_folder, no_engine):
    """A document that is being read, in a collection that bob reads as a member of a group."""
    document = make_document(alice, "plans.pdf", status="reading", attempt=1, collection="Plans")
    bob.groups.add(Group.objects.create(name="Pilots"))
    sharing.share(document.collection, group="Pilots", role="reader")
    return document


@pytest.fixture
def session(bob):
    client = Client()
    client.force_login(bob)
    return client.session.session_key


def take_back(reading, bob):
    sharing.revoke(reading.collection, Grant.objects.get().pk)


def leave_group(reading, bob):
    bob.groups.clear()


def delete_group(reading, bob):
    Group.objects.get().delete()


def move_out(reading, bob):
    mine = Collection.objects.create(owner=reading.owner, name="Mine")
    collections.move(mine, [reading.pk], reading.owner)


@pytest.mark.parametrize("end", [take_back, leave_group, delete_group, move_out])
async def test_a_socket_hears_no_more_of_it_and_stays(reading, bob, session, end):
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}".encode()
    socket = WebsocketCommunicator(socket_application, "/ws/", headers=[(b"cookie", cookie)])
    assert (await socket.connect())[0]
    await socket.send_json_to({"type": "follow", "topic": reading.topic})
    await asyncio.sleep(0.3)
    began = time.monotonic()
    await database_sync_to_async(end)(reading, bob)
    told = {"type": ""}
    while told["type"] != "failed":
        told = await socket.receive_json_from(5)
    assert time.monotonic() - began < SECONDS
    assert (told["type"], told["error"], told["topic"]) == ("failed", "gone", reading.topic)
    await socket.send_json_to({"type": "follow", "topic": reading.topic})
    assert (await socket.receive_json_from(5))["error"] == "not_found"
    await socket.disconnect()


async def collected(frames):
    return b"".join([each async for each in frames]).decode()


async def test_a_stream_over_http_ends(reading, bob, session):
    client = AsyncClient()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    answer = await client.get(f"/api/streams/{reading.topic}")
    assert answer.status_code == 200
    frames = aiter(answer.streaming_content)
    heard = asyncio.ensure_future(collected(frames))
    await asyncio.sleep(0.3)
    began = time.monotonic()
    await database_sync_to_async(take_back)(reading, bob)
    said = await asyncio.wait_for(heard, 5)
    assert time.monotonic() - began < SECONDS
    told = [json.loads(line[6:]) for line in said.splitlines() if line.startswith("data: ")]
    assert (told[-1]["type"], told[-1]["error"]) == ("failed", "gone")
