"""One call after another: people before what nobody waits for, and everybody in turn.

Each engine has a line in Redis, which all processes share, and each of its servers as many places
as it answers calls at once. Who dies loses the place after LEASE_SECONDS, and whoever takes the
work up finds it again; others wait GRACE_SECONDS for that. Without Redis nobody is known to wait, and the engine queues by itself.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import redis
from django.conf import settings
from redis.commands.core import Script

from localchat.lib.engine_priority import WAITING
from localchat.lib.errors import EngineBusy, LocalChatError
from localchat.lib.events import type_name
from models_mgmt.engines.protocol import Call, ChatEngine

logger = logging.getLogger(__name__)

LEASE_SECONDS = 5.0
GRACE_SECONDS = 10.0  # after it, for which others wait for whoever takes its work up
BEAT_SECONDS = 1.0
LONG_SECONDS = 10.0  # of one turn, after which the next call of the same answer is another turn
LOOK_SECONDS = 0.2  # between two looks of who waits, or gives way to who does
SCRIPT = Path(__file__).with_name("turns.lua").read_text(encoding="utf-8")

# Its own: whoever starts an engine in one of the usual threads has it for minutes.
_threads = ThreadPoolExecutor(2, thread_name_prefix="turns")

Tell = Callable[[int, float | None], Awaitable[None]]


@cache
def _script() -> Script:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)
    return client.register_script(SCRIPT)


def _step(key: str, what: str, facts: dict[str, Any]) -> dict[str, Any]:
    """As `turns.lua` has it."""
    try:
        answer = _script()([key, WAITING], [what, json.dumps({**facts, "grace": GRACE_SECONDS})])
        return dict(json.loads(answer))
    except redis.RedisError as error:
        logger.warning("no turns at the engine: %s", type_name(error))
        return {"place": ""}


class Ticket:
    """One place in one engine's line, from the first call of an answer to its end."""

    def __init__(self, asker: "Asker", engine: ChatEngine, name: str) -> None:
        self.asker, self.key, self.name = asker, _key(engine), name
        self.slots = engine.slots()
        self.facts: dict[str, Any] = {}
        self.is_unheard = self.has_heard = False
        self.beating: asyncio.Task[None] | None = None
        self.limit: asyncio.Timeout | None = None  # of a call that gives way

    async def take(self, call: Call, places: list[str]) -> str:
        """Wait for a place, and tell which one in line that is as long as it is not there.

        Raises EngineBusy for who does not wait. Empty where nobody knows.
        """
        self.facts = {"model": call.model.name, "places": places, "slots": self.slots}
        self.is_unheard, self.has_heard = self.asker.is_patient, False
        told = 0
        answer = await self.send("ask", anew=True)
        while (place := answer.get("place")) is None:
            if "ahead" not in answer:
                raise EngineBusy
            if answer["ahead"] != told:
                told = answer["ahead"]
                await self.asker.tell(told, answer.get("seconds"))
            await asyncio.sleep(LOOK_SECONDS)
            answer = await self.send("ask")
        if told:
            await self.asker.tell(0, None)
        if self.beating is None:
            self.beating = asyncio.create_task(self.beat())
        return str(place)

    async def beat(self) -> None:
        """As long as it is held. Who has no patience gives way to whoever waits."""
        while True:
            await asyncio.sleep(BEAT_SECONDS if self.asker.is_patient else LOOK_SECONDS)
            answer = await self.send("beat")
            if not self.asker.is_patient and answer.get("wanted") and self.limit:
                self.limit.reschedule(0)
                return

    async def hear(self) -> None:
        self.has_heard = True
        if self.is_unheard:
            self.is_unheard = False
            await self.send("heard")

    async def leave(self) -> None:
        if self.beating:
            self.beating.cancel()
            await asyncio.gather(self.beating, return_exceptions=True)
        await self.send("leave")

    async def send(self, what: str, **more: object) -> dict[str, Any]:
        facts = {
            **self.facts,
            **more,
            "name": self.name,
            "person": self.asker.person,
            "patient": self.asker.is_patient,
            "unheard": self.is_unheard,
            "done": self.has_heard,
            "lease": LEASE_SECONDS,
            "long": LONG_SECONDS,
        }
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_threads, _step, self.key, what, facts)


class Asker:
    """For whom calls are made: a person, or what nobody waits for, which gives way at once."""

    def __init__(self, person: str, name: str, tell: Tell | None, *, is_patient: bool) -> None:
        self.person, self.name, self.is_patient = person, name, is_patient
        self._tell = tell
        self.tickets: list[Ticket] = []
        self.in_use: set[Ticket] = set()

    async def tell(self, place: int, seconds: float | None) -> None:
        """The place in the line, from 1, with the seconds until its turn; 0 when that has come."""
        if self._tell:
            await self._tell(place, seconds)

    def ticket(self, engine: ChatEngine) -> Ticket:
        """The one that it has, unless another call of its own is under way by it."""
        own = [each for each in self.tickets if each.key == _key(engine)]
        found = next((each for each in own if each not in self.in_use), None)
        if found is None:
            names = {each.name for each in own}
            numbered = (f"{self.name}.{number}" for number in range(len(own) + 1))
            found = Ticket(self, engine, next(name for name in numbered if name not in names))
            self.tickets.append(found)
        self.in_use.add(found)
        return found

    async def give_back(self, ticket: Ticket) -> None:
        self.in_use.discard(ticket)
        self.tickets.remove(ticket)
        await ticket.leave()

    async def leave(self) -> None:
        for ticket in self.tickets:
            await ticket.leave()


class Taken(NamedTuple):
    call: Call  # that knows where to go
    asker: Asker
    ticket: Ticket | None

    async def hear(self) -> None:
        """The model has begun: nobody waits for it any more."""
        if self.ticket and not self.ticket.has_heard:
            await self.ticket.hear()

    async def tell(self, place: int) -> None:
        """It is refused all the same, and so many are before it, itself included."""
        await self.asker.tell(place, None)


_asker: ContextVar[Asker | None] = ContextVar("asker", default=None)


@contextlib.asynccontextmanager
async def asking(
    person: int | None, name: str, tell: Tell | None = None, *, is_patient: bool = True
) -> AsyncIterator[None]:
    """What is asked inside is one turn of this person's, and no other name stands for it.

    Whoever begins it again under the same name finds its place in the line for a minute.
    """
    asker = Asker(str(person or ""), name, tell, is_patient=is_patient)
    before = _asker.set(asker)
    try:
        yield
    finally:
        _asker.reset(before)
        await asker.leave()


@contextlib.asynccontextmanager
async def taken(engine: ChatEngine, call: Call, *, is_last: bool) -> AsyncIterator[Taken]:
    """Wait for the turn, which goes on to the asker's next calls unless this is the last one.

    Raises EngineBusy for who does not wait.
    """
    own = _asker.get()
    asker = own or Asker("", uuid4().hex, None, is_patient=True)
    if not engine.slots():
        yield Taken(call, asker, None)
        return
    ticket = asker.ticket(engine)
    try:
        place = await ticket.take(call, await engine.hosts(call))
        async with _giving_way(ticket):
            yield Taken(call._replace(place=place), asker, ticket)
    except LocalChatError:
        is_last = False  # another call may come in place of it
        raise
    finally:
        if is_last or own is None or not ticket.name.endswith(".0"):
            await asker.give_back(ticket)
        asker.in_use.discard(ticket)


@contextlib.asynccontextmanager
async def _giving_way(ticket: Ticket) -> AsyncIterator[None]:
    if ticket.asker.is_patient:
        yield
        return
    try:
        async with asyncio.timeout(None) as ticket.limit:
            yield
    except TimeoutError as error:
        raise EngineBusy from error
    finally:
        ticket.limit = None


def _key(engine: ChatEngine) -> str:
    return f"turns:{engine.NAME}"
