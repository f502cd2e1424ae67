"""One hub for each process: its writers, its followers, and one reader for foreign topics.

What is published here reaches followers in this process at once, and the Redis log a few
milliseconds later, one pipeline for all topics. Topics that are written elsewhere are read by a
single XREAD, however many follow them.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings
from redis.exceptions import RedisError, ResponseError

from localchat.lib.events import CONTROL, END, Event, Follower, entry, key, parse, place, type_name

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 0.03
SILENCE_SECONDS = 15.0  # after which a follower is told that nothing happened
UNFLUSHED = 20_000  # events kept while Redis is away
Told = Event | None


class Writer:
    """One attempt's events, written in this process's event loop."""

    def __init__(self, hub: "Hub", topic: str, attempt: int) -> None:
        self.hub, self.topic, self.attempt = hub, topic, attempt
        self.n = 0
        self.lost = False  # somebody has claimed a later attempt
        self.stopped = asyncio.Event()  # somebody asked for an end

    @property
    def cursor(self) -> str:
        return f"{self.attempt}-{self.n}"

    def lose(self) -> None:
        """Another process has claimed a later attempt."""
        self.lost = True
        self.stopped.set()

    def publish(self, type: str, **facts: object) -> None:
        """Hand the event to this process's followers at once, and to the log soon."""
        self.n += 1
        event = {"type": type, **facts, "topic": self.topic, "id": self.cursor}
        self.hub.deliver(event)
        self.hub.unflushed.append(event)
        self.hub.flush_soon()


class Hub:
    def __init__(self) -> None:
        # Any: the stubs do not know what decode_responses makes of an answer.
        self.redis: Any = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_timeout=None, decode_responses=True
        )
        self.writers: dict[str, Writer] = {}
        self.followers: dict[str, set[Follower]] = {}
        self.foreign: dict[str, str] = {}  # topic -> id up to which the reader has read
        self.heard = ""  # id up to which the control stream was read
        self.leaving: dict[str, set[Callable[[], None]]] = {}  # to be called, by the person's id
        self.unflushed: list[Event] = []
        self.flushing: asyncio.Task[None] | None = None
        self.reading: asyncio.Task[None] | None = None
        self.ticking: asyncio.Task[None] | None = None

    # -- writing

    @contextlib.contextmanager
    def writing(self, topic: str, attempt: int) -> Iterator[Writer]:
        """Own the topic in this process while an attempt of its job runs here."""
        writer = self.writers[topic] = Writer(self, topic, attempt)
        self.foreign.pop(topic, None)
        self.start_reading()
        try:
            yield writer
        finally:
            if self.writers.get(topic) is writer:
                del self.writers[topic]
                if topic in self.followers:
                    self.foreign[topic] = writer.cursor
                    self.look_again()

    def deliver(self, event: Event) -> None:
        for follower in self.followers.get(event["topic"], ()):
            follower.hear(event)

    def flush_soon(self) -> None:
        if self.flushing is None or self.flushing.done():
            self.flushing = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        pause = FLUSH_SECONDS
        while self.unflushed:
            await asyncio.sleep(pause)
            batch = self.unflushed[:500]
            try:
                self._look_for_lost(batch, await self._append(batch))
                pause = FLUSH_SECONDS
            except (RedisError, OSError) as error:
                logger.warning("log not written: %s", type_name(error))
                pause = min(2.0, pause * 2)
                del self.unflushed[: max(0, len(self.unflushed) - UNFLUSHED)]
                continue
            del self.unflushed[: len(batch)]

    async def _append(self, batch: list[Event]) -> list[object]:
        async with self.redis.pipeline(transaction=False) as pipe:
            for event in batch:
                pipe.xadd(key(event["topic"]), entry(event), id=event["id"])
            for topic in {event["topic"] for event in batch}:
                pipe.expire(key(topic), settings.TOPIC_SECONDS)
            answers: list[object] = await pipe.execute(raise_on_error=False)
            return answers

    def _look_for_lost(self, batch: list[Event], answers: list[object]) -> None:
        """Redis refuses an id that is not the topic's highest: a later attempt is at work."""
        for event, answer in zip(batch, answers, strict=False):
            if isinstance(answer, ResponseError) and "equal or smaller" in str(answer):
                writer = self.writers.get(event["topic"])
                if writer and writer.attempt == place(event["id"])[0]:
                    writer.lose()

    async def flushed(self) -> None:
        """Wait until all that was published so far is in the log, or Redis is given up."""
        if self.flushing is not None:
            await asyncio.wait([self.flushing], timeout=2)

    # -- following

    async def log(self, topic: str, after: str) -> list[Event]:
        """What the topic's log holds after that id, and what of it is still on its way there."""
        waiting = [event for event in self.unflushed if event["topic"] == topic]
        try:
            rows = await self.redis.xrange(key(topic), min=f"({after}")
        except (RedisError, OSError) as error:
            logger.warning("log not read: %s", type_name(error))
            rows = []
        events = [parse(topic, event_id, fields) for event_id, fields in rows]
        last = place(events[-1]["id"]) if events else place(after)
        return events + [event for event in waiting if place(event["id"]) > last]

    async def follow(self, topic: str, after: str, follower: Follower) -> AsyncIterator[Told]:
        """Yield the events after that id in order, until an end; None: look at the row again."""
        self.followers.setdefault(topic, set()).add(follower)
        if self.ticking is None or self.ticking.done():
            self.ticking = asyncio.create_task(self._tick())
        try:
            async for event in self._listen(topic, after, follower):
                yield event
                if event and event["type"] in END:
                    return
        finally:
            self.followers[topic].discard(follower)
            if not self.followers[topic]:
                del self.followers[topic]
                self.foreign.pop(topic, None)

    async def _tick(self) -> None:
        """Tell of silences. One task for all: a timer for each event would be dear."""
        while self.followers:
            await asyncio.sleep(SILENCE_SECONDS / 5)
            long_ago = time.monotonic() - SILENCE_SECONDS
            for follower in [each for group in self.followers.values() for each in group]:
                if follower.heard < long_ago:
                    follower.hear(None)

    async def _listen(
        self, topic: str, after: str, follower: Follower
    ) -> AsyncIterator[Event | None]:
        while True:
            follower.catch_up()
            for past in await self.log(topic, after):
                after = past["id"]
                yield past
            if follower.doubted:  # that was in the backlog
                yield None
            if topic not in self.writers and topic not in self.foreign:
                self.foreign[topic] = after
                self.look_again()
            while not follower.lagging:
                event = await follower.queue.get()
                if event is None:
                    yield None
                elif place(event["id"]) > place(after):
                    after = event["id"]
                    yield event

    # -- reading what others write

    def start_reading(self) -> None:
        if self.reading is None or self.reading.done():
            self.reading = asyncio.create_task(self._read())

    def look_again(self) -> None:
        """Wake the reader, which waits with an older list of topics."""
        self.start_reading()
        task = asyncio.create_task(self._hint(look="again"))
        task.add_done_callback(lambda done: done.exception())

    async def _hint(self, **facts: str) -> None:
        with contextlib.suppress(RedisError, OSError):
            await self.redis.xadd(CONTROL, {"hint": json.dumps(facts)}, maxlen=1000)

    async def _read(self) -> None:
        while True:
            try:
                if not self.heard:
                    self.heard = await self._now()
                    self._all_look_again()  # nobody knows what was told before
                streams = {key(topic): after for topic, after in self.foreign.items()}
                found = await self.redis.xread({**streams, CONTROL: self.heard}, block=10_000)
            except (RedisError, OSError) as error:
                logger.warning("events not read: %s", type_name(error))
                self.heard = ""
                await asyncio.sleep(0.5)
                continue
            for stream, rows in found or []:
                self._hear(stream, rows)

    async def _now(self) -> str:
        seconds, micros = await self.redis.time()
        return f"{seconds * 1000 + micros // 1000}-0"

    def _hear(self, stream: str, rows: list[tuple[str, dict[str, str]]]) -> None:
        for event_id, fields in rows:
            if stream == CONTROL:
                self.heard = event_id
                self._take_hint(json.loads(fields["hint"]))
                continue
            topic = stream.removeprefix(key(""))
            if topic in self.foreign:
                self.foreign[topic] = event_id
                self.deliver(parse(topic, event_id, fields))

    def _take_hint(self, facts: dict[str, str]) -> None:
        if writer := self.writers.get(facts.get("stop", "")):
            writer.stopped.set()
        for look_again in [*self.leaving.get(facts.get("leaving", ""), ())]:
            look_again()

    def _all_look_again(self) -> None:
        for look_again in [each for watching in self.leaving.values() for each in watching]:
            look_again()

    def watch(self, user_id: int, look_again: Callable[[], None]) -> None:
        """Call it whenever this person may have lost the right to be here, or to something."""
        self.leaving.setdefault(str(user_id), set()).add(look_again)
        self.start_reading()

    def unwatch(self, user_id: int, look_again: Callable[[], None]) -> None:
        watching = self.leaving.get(str(user_id), set())
        watching.discard(look_again)
        if not watching:
            self.leaving.pop(str(user_id), None)

    async def close(self) -> None:
        for task in (self.reading, self.flushing, self.ticking):
            if task and not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        await self.redis.aclose()


_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
