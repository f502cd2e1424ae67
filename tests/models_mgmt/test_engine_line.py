"""Who goes next at an engine: people before batches, each in turn, over all processes."""

import asyncio
import subprocess
import sys
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest

from localchat.lib.errors import EngineBusy
from models_mgmt import engines
from models_mgmt.engines import turns
from tests.factories import make_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_slot(settings, monkeypatch):
    settings.OPENAI_BASE_URL, settings.ENGINE_SLOTS = "http://127.0.0.1:9", 1
    monkeypatch.setattr(turns, "LOOK_SECONDS", 0.02)


class Line:
    """Calls that wait in line in this order, and are in it for a moment when their turn comes."""

    def __init__(self):
        self.order, self.places, self.tasks = [], {}, {}
        self.go_on = asyncio.Event()

    async def add(self, name, person, model="a", **more):
        self.tasks[name] = asyncio.create_task(self.call(name, person, model, **more))
        await asyncio.sleep(0.03)

    async def call(self, name, person, model, **more):
        async def tell(place, seconds):
            self.places.setdefault(name, []).append(place)

        async with turned(person, name, tell, model, **more):
            self.order.append(name)
            await self.go_on.wait()
            await asyncio.sleep(0.05)

    async def end(self):
        self.go_on.set()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)
        return self.order


@asynccontextmanager
async def turned(person, name, tell=None, model="a", **more):
    call = make_call(model, [])._replace(model=make_call(model, []).model._replace(engine="openai"))
    engine = engines.chatting(call.model)
    async with (
        turns.asking(person, name, tell, **more),
        turns.taken(engine, call, is_last=True) as turn,
    ):
        await turn.hear()
        yield turn


async def test_everybody_has_one_turn_in_each_round(one_slot):
    line = Line()
    for name, person in [("a1", 1), ("a2", 1), ("a3", 1), ("b1", 2), ("b2", 2), ("c1", 3)]:
        await line.add(name, person)
    assert await line.end() == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert line.places["c1"] == [2, 1, 0]
    assert line.places["a3"] == [2, 3, 4, 5, 4, 3, 2, 1, 0]


async def test_who_leaves_the_line_gives_the_place_back_at_once(one_slot):
    line = Line()
    for person, name in enumerate(["first", "gone", "last"]):
        await line.add(name, person)
    assert line.places["last"] == [2]
    line.tasks["gone"].cancel()
    await asyncio.sleep(0.05)
    assert line.places["last"] == [2, 1]
    assert await line.end() == ["first", "last"]


async def test_the_model_that_is_loaded_goes_before_another_but_not_for_ever(one_slot):
    line = Line()
    await line.add("first", 1, "loaded")
    await line.add("other", 2, "other")
    for person in range(3, 15):
        await line.add(person, person, "loaded")
    order = await line.end()
    assert order == ["first", *range(3, 13), "other", 13, 14]
    assert line.places["other"][-3:] == [2, 1, 0]


async def test_what_nobody_waits_for_goes_only_where_nobody_is_and_gives_way(one_slot):
    async with turned(1, "person"):
        with pytest.raises(EngineBusy):
            async with turned(None, "title", is_patient=False):
                pytest.fail("it went beside a person")
    line = Line()
    await line.add("title", None, is_patient=False)
    await line.add("person", 1)
    with suppress(EngineBusy):
        await asyncio.wait_for(line.tasks["title"], 2)
    assert line.order == ["title", "person"]
    assert line.places == {}
    await line.end()


async def test_the_seconds_are_those_that_turns_took(one_slot):
    told = []

    async def tell(place, seconds):
        told.append((place, seconds))

    async with turned(1, "measured"):
        await asyncio.sleep(0.5)
    async with AsyncExitStack() as held:
        await held.enter_async_context(turned(1, "first"))
        waits = asyncio.create_task(_passed(2, "second", None))
        await asyncio.sleep(0.05)
        third = asyncio.create_task(_passed(3, "third", tell))
        await asyncio.sleep(0.05)
        await held.aclose()
        await asyncio.gather(waits, third)
    assert told[0][0] == 2
    assert 0.7 < told[0][1] < 1.1


async def _passed(person, name, tell):
    async with turned(person, name, tell):
        return


async def test_a_long_answer_lets_others_go_between_two_of_its_calls(one_slot, monkeypatch):
    monkeypatch.setattr(turns, "LONG_SECONDS", 0.2)
    call = make_call("a", [])
    call = call._replace(model=call.model._replace(engine="openai"))
    engine = engines.chatting(call.model)
    line = Line()
    async with turns.asking(1, "long"):
        async with turns.taken(engine, call, is_last=False):
            await line.add("other", 2)
            line.go_on.set()
        async with turns.taken(engine, call, is_last=False):
            assert line.order == [], "it has the turn for a while"
        await asyncio.sleep(0.3)
        async with turns.taken(engine, call, is_last=False):
            assert line.order == ["other"]
    await line.end()


HOLDER = """
import asyncio, os, django
django.setup()
from django.conf import settings
settings.OPENAI_BASE_URL, settings.ENGINE_SLOTS = "http://127.0.0.1:9", 1
from models_mgmt.engines import turns
from tests.models_mgmt.test_engine_line import turned
turns.LEASE_SECONDS = 1.5
async def hold():
    async with turned(1, "killed"):
        print("held", flush=True)
        await asyncio.sleep(60)
asyncio.run(hold())
"""


@asynccontextmanager
async def killed(line):
    """A process that had the place, while two wait for it."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True)
    try:
        assert await asyncio.to_thread(holder.stdout.readline) == "held\n"
        for person in (2, 3):
            await line.add(person, person)
        await asyncio.sleep(2)
        assert line.order == [], "it lives"
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    yield


async def test_a_killed_process_frees_its_slot_and_its_work_keeps_its_place(one_slot, monkeypatch):
    monkeypatch.setattr(turns, "GRACE_SECONDS", 0.5)
    line = Line()
    async with killed(line), asyncio.timeout(4):
        while line.order != [2]:
            await asyncio.sleep(0.05)
    await line.add("killed", 1)
    assert await line.end() == [2, "killed", 3]


async def test_others_wait_a_moment_for_the_work_of_a_killed_process(one_slot):
    line = Line()
    async with killed(line):
        await asyncio.sleep(2)
    assert line.order == []
    await line.add("killed", 1)
    assert await line.end() == ["killed", 2, 3]
