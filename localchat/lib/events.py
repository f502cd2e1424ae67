"""Numbered events of a topic, in a Redis stream: how a job is getting there.

The row is the truth; these events are a convenience that may be lost whole (Redis emptied, topic
expired) but never in part: within an attempt they are numbered without a gap. An id is
`<attempt>-<n>`, so that the events of an older attempt sort before and Redis itself refuses them.
"""

import asyncio
import json
import logging
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import redis
from channels.layers import get_channel_layer
from django.conf import settings

from localchat.lib.sentences import packed, unpacked

logger = logging.getLogger(__name__)

Event = dict[str, Any]  # "id", "topic", "type" and the facts of that type
START = "0-0"
END = frozenset({"done", "failed"})
CONTROL = "control"  # what every web process hears: stops, and reasons to look again
BACKLOG = 5000  # events a follower may lag behind before it reads the log again


def key(topic: str) -> str:
    return f"events:{topic}"


def place(event_id: str) -> tuple[int, int]:
    """Where an id stands: (attempt, n). Anything that is no id stands before all."""
    attempt, _, n = event_id.partition("-")
    return (int(attempt), int(n)) if attempt.isdigit() and n.isdigit() else (0, 0)


def before(attempt: int) -> str:
    """The id that stands before all of the attempt's."""
    return f"{attempt}-0"


def entry(event: Event) -> dict[Any, Any]:
    """The event as the fields of its stream entry; id and topic are the entry's own."""
    facts = {name: value for name, value in event.items() if name not in {"id", "topic"}}
    return {"event": json.dumps(packed(facts), ensure_ascii=False)}


def parse(topic: str, event_id: str, fields: dict[str, str]) -> Event:
    return {**unpacked(json.loads(fields["event"])), "topic": topic, "id": event_id}


@cache
def _redis() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, decode_responses=True)


class Log:
    """One attempt's events, written by a worker; never from an event loop."""

    def __init__(self, topic: str, attempt: int) -> None:
        self.topic, self.attempt, self.n = topic, attempt, 0

    def publish(self, type: str, **facts: object) -> None:
        """Append one event. A Redis that is away costs the event, not the job."""
        self.n += 1
        event_id = f"{self.attempt}-{self.n}"
        try:
            with _redis().pipeline() as pipe:
                pipe.xadd(key(self.topic), entry({"type": type, **facts}), id=event_id)
                pipe.expire(key(self.topic), settings.TOPIC_SECONDS)
                pipe.execute()
        except redis.RedisError as error:
            logger.warning("event of %s not published: %s", self.topic, type_name(error))


def tell(told: Iterable[tuple[str, int, Event]]) -> None:
    """Append events to logs that nobody writes now: (topic, attempt of the row, event).

    By the clock they come after all of that attempt and before the next one's.
    """
    number = time.time_ns() // 1_000_000
    try:
        with _redis().pipeline(transaction=False) as pipe:
            for topic, attempt, event in told:
                pipe.xadd(key(topic), entry(event), id=f"{attempt}-{number}")
                pipe.expire(key(topic), settings.TOPIC_SECONDS)
            pipe.execute(raise_on_error=False)  # refused: a later attempt has begun to write
    except redis.RedisError as error:
        logger.warning("events not told: %s", type_name(error))


def type_name(error: BaseException) -> str:
    return type(error).__name__


def hint(**facts: str) -> None:
    """Tell every web process something that the rows know too; it may be lost."""
    try:
        _redis().xadd(CONTROL, {"hint": json.dumps(facts)}, maxlen=1000)
    except redis.RedisError as error:
        logger.warning("hint not given: %s", type_name(error))


def forget(*topics: str) -> None:
    """Delete what the logs of these topics still hold."""
    try:
        if topics:
            _redis().delete(*map(key, topics))
    except redis.RedisError as error:
        logger.warning("events of %d topics not deleted: %s", len(topics), type_name(error))


def user_group(user_id: int) -> str:
    return f"user.{user_id}"


def look_again(user_id: int) -> None:
    """Have the person's open sockets find out whether they may stay."""
    hint(leaving=str(user_id))


async def announce(user_id: int, topic: str) -> None:
    """Tell the person's open pages that something of theirs began. A hint: it may be lost."""
    try:
        layer = get_channel_layer()
        await layer.group_send(user_group(user_id), {"type": "announce", "topic": topic})
    except (redis.RedisError, OSError) as error:
        logger.warning("announcement of %s lost: %s", topic, type_name(error))


class Follower:
    def __init__(self) -> None:
        self.queue: asyncio.Queue[Event | None] = asyncio.Queue(BACKLOG)
        self.lagging = False
        self.doubted = False  # whether the person may follow has to be looked at again
        self.heard = time.monotonic()

    def doubt(self) -> None:
        if not self.doubted:
            self.doubted = True
            self.hear(None)

    def take_doubt(self) -> bool:
        """Whether there was one, which whoever asks looks into."""
        doubted, self.doubted = self.doubted, False
        return doubted

    def hear(self, event: Event | None) -> None:
        """An event, or None after a silence."""
        self.heard = time.monotonic()
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            self.lagging = True

    def catch_up(self) -> None:
        """Drop the backlog: what it held is read from the log. A doubt stays."""
        self.lagging = False
        while not self.queue.empty():
            self.queue.get_nowait()
