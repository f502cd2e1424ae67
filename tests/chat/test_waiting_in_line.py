"""People take turns at a model server that answers one of them at a time."""

import asyncio
import threading
import time

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth.models import User

from chat import answering, asking, stopping
from chat.models import Message
from localchat.lib import following
from models_mgmt import choosing
from models_mgmt.engines import turns
from tests.engine_server import EngineServer, Installed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("closed_hub", "fresh_choice"),
]
NAMES = ("anna", "ben", "cleo", "dora", "emil")
ONE, OTHER = "tiny-chat:latest", "tiny-think:latest"


@pytest.fixture
def people(db):
    return {name: User.objects.create(username=name) for name in NAMES}


@pytest.fixture(autouse=True)
def one_slot(settings, monkeypatch):
    settings.ENGINE_SLOTS = 1
    monkeypatch.setattr(turns, "LOOK_SECONDS", 0.03)


class Room:
    """People ask, and each writes down the places in line that they are told."""

    def __init__(self, people, *servers):
        self.people, self.servers = people, servers
        self.places, self.answers, self.following = {}, {}, []
        self.all_have_asked = threading.Event()
        for server in servers:
            server.script(answer=self.answer, rate=15)

    def answer(self, messages):
        assert self.all_have_asked.wait(20)
        return "word " * 3

    async def ask(self, name, question, model=ONE):
        wish = asking.Wish(use_documents=False, model=model)
        answer = await asking.ask(self.people[name], question, wish)
        self.answers[question] = answer
        self.places[question] = []
        self.following.append(asyncio.create_task(self.follow(name, question, answer)))
        while not self.places[question] and question not in order(*self.servers):
            await asyncio.sleep(0.01)

    async def follow(self, name, question, answer):
        async for event in following.follow(self.people[name], answer.topic):
            if event and event.get("stage") == "waiting":
                self.places[question].append(event["place"])

    async def ended(self):
        self.all_have_asked.set()
        await asyncio.wait_for(asyncio.gather(*self.following), 30)
        await asyncio.wait_for(answering.finished(), 5)

    async def statuses(self):
        return [row.status async for row in Message.objects.answers().order_by("pk")]


def order(*servers):
    """The questions as the engines got them."""
    asked = sorted(
        (each for server in servers for each in server.requests if each.path == "/api/chat"),
        key=lambda each: each.at,
    )
    return [each.body["messages"][-1]["content"] for each in asked]


async def test_five_people_get_one_turn_each_and_true_places(people, engine_server):
    room = Room(people, engine_server)
    for name in ("anna", "anna", *NAMES[1:]):
        await room.ask(name, f"{name} {len(room.answers)}?")
    await room.ended()
    assert order(engine_server) == ["anna 0?", "ben 2?", "cleo 3?", "dora 4?", "emil 5?", "anna 1?"]
    assert engine_server.peak == 1
    assert room.places == {
        "anna 0?": [],
        "anna 1?": [1, 2, 3, 4, 5, 4, 3, 2, 1],
        "ben 2?": [1],
        "cleo 3?": [2, 1],
        "dora 4?": [3, 2, 1],
        "emil 5?": [4, 3, 2, 1],
    }
    assert await room.statuses() == ["done"] * 6


async def test_who_stops_while_waiting_frees_the_place_at_once(people, engine_server):
    room = Room(people, engine_server)
    for name in NAMES[:4]:
        await room.ask(name, f"{name}?")
    began = time.monotonic()
    await database_sync_to_async(stopping.stop)(people["ben"], room.answers["ben?"].pk)
    while room.places["cleo?"] != [2, 1]:
        await asyncio.sleep(0.01)
    assert time.monotonic() - began < 0.3
    await room.ended()
    assert order(engine_server) == ["anna?", "cleo?", "dora?"]
    assert await room.statuses() == ["done", "stopped", "done", "done"]


async def test_ten_questions_load_each_of_two_models_once(people, engine_server):
    engine_server.stock.room = 1
    room = Room(people, engine_server)
    for number in range(10):
        await room.ask(NAMES[number % 5], f"Question {number}?", (ONE, OTHER)[number % 2])
    await room.ended()
    asked = [body["model"] for body in engine_server.asked("/api/chat")]
    assert asked == [ONE] * 5 + [OTHER] * 5
    assert engine_server.stock.loads == 2


async def test_two_servers_share_the_load(people, settings):
    with EngineServer([Installed(ONE)]) as first, EngineServer([Installed(ONE)]) as second:
        settings.OLLAMA_HOST = f"{first.url},{second.url}"
        await database_sync_to_async(choosing.forget)()
        room = Room(people, first, second)
        for number in range(6):
            await room.ask(NAMES[number % 5], f"Question {number}?")
        await room.ended()
        assert [len(server.asked("/api/chat")) for server in (first, second)] == [3, 3]
        assert [server.peak for server in (first, second)] == [1, 1]
        assert [server.stock.loads for server in (first, second)] == [1, 1]
        places = room.places["Question 5?"]
        assert places[0] == 4
        assert places == sorted(set(places), reverse=True)
