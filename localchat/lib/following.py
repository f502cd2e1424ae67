"""Following a topic: from the log while it is whole, from the row when it is not.

Reload, second tab, lost network, restarted server and curl are one case, and this is it.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple, Protocol

from django.contrib.auth.models import User

from localchat.lib.db_threads import threaded
from localchat.lib.errors import BadRequest, NotFound
from localchat.lib.events import END, START, Event, Follower, place
from localchat.lib.hub import hub
from localchat.lib.sentences import Sentence


class Snapshot(NamedTuple):
    """What the row shows now, as the events that would have led there."""

    events: list[Event]  # without ids
    cursor: str  # the id up to which these events tell everything
    ended: bool


GONE = Snapshot(
    [{"type": "failed", "error": "gone", "message": Sentence("It is not there any more.")}],
    START,
    True,
)


class Topics(Protocol):
    """What an app tells of its topics."""

    lossless: bool  # every event counts; else only the newest and the end do

    def snapshot(self, user: User, pk: int) -> Snapshot | None:
        """None when there is no such row, or it is somebody else's."""

    def stop(self, user: User, pk: int) -> None:
        """Ask for an end. Raises NotFound."""


_topics: dict[str, Topics] = {}


def register(prefix: str, topics: Topics) -> None:
    _topics[prefix] = topics


def find(topic: str) -> tuple[Topics, int]:
    prefix, _, number = topic.partition(":")
    if prefix not in _topics or not number.isascii() or not number.isdigit() or len(number) > 18:
        raise NotFound
    return _topics[prefix], int(number)


def stop(user: User, topic: str) -> None:
    """Ask for an end of the job behind the topic. Raises NotFound."""
    topics, pk = find(topic)
    topics.stop(user, pk)


def checked(after: str) -> str:
    """The cursor that a client sent. Raises BadRequest."""
    if after in {"", "0"}:
        return START
    attempt, _, n = after.partition("-")
    if not (attempt.isdigit() and n.isdigit() and len(after) < 30):
        raise BadRequest(Sentence("That cursor is no event id."))
    return after


async def follow(
    user: User, topic: str, after: str = START, *, begun: bool = False
) -> AsyncIterator[Event | None]:
    """Yield the topic's events after the cursor, None after each silence, until its end.

    `begun`: the caller has just begun it for this person, and nobody need look how it is.

    Raises NotFound when there is no such topic for this person.
    """
    following = _Following(user, topic, checked(after))
    hub().watch(user.pk, following.follower.doubt)  # first: what changes from now on is heard
    try:
        if not begun:
            snapshot = await following.look()
            if snapshot is None:
                raise NotFound
            if snapshot.ended:
                async for ending in following.ended(snapshot):
                    yield ending
                return
            following.pass_over_former(snapshot)
        async for event in following.live():
            yield event
    finally:
        hub().unwatch(user.pk, following.follower.doubt)


class _Following:
    def __init__(self, user: User, topic: str, after: str) -> None:
        self.user, self.topic, self.last = user, topic, after
        self.topics, self.pk = find(topic)
        self.follower = Follower()

    async def look(self) -> Snapshot | None:
        return await threaded(self.topics.snapshot)(self.user, self.pk)

    def pass_over_former(self, snapshot: Snapshot) -> None:
        """What the log still holds of former attempts, their end among it, is no news."""
        if not self.topics.lossless:
            self.last = max(self.last, snapshot.cursor, key=place)

    async def ended(self, snapshot: Snapshot) -> AsyncIterator[Event]:
        """The end of the log when it is whole, else the row."""
        events = await hub().log(self.topic, self.last)
        whole = bool(events) and events[-1]["type"] in END and not self.gap(events)
        for event in events if whole else self.events_of(snapshot):
            yield event

    def events_of(self, snapshot: Snapshot) -> list[Event]:
        """The row as events; only the last has a cursor, since half of them would not do."""
        events = list(snapshot.events)
        if self.last != START:
            events.insert(0, {"type": "restart"})
        events = [{**event, "topic": self.topic, "id": START} for event in events]
        if events:
            events[-1]["id"] = snapshot.cursor
        self.last = snapshot.cursor
        return events

    def gap(self, events: list[Event]) -> bool:
        at = place(self.last)
        for event in events:
            if self.misses(at, place(event["id"])):
                return True
            at = place(event["id"])
        return False

    def misses(self, last: tuple[int, int], found: tuple[int, int]) -> bool:
        """Whether events stood between the two: n counts by one, a new attempt begins with 1."""
        expected = last[1] + 1 if found[0] == last[0] else 1
        return self.topics.lossless and found[1] != expected

    async def live(self) -> AsyncIterator[Event | None]:
        event: Event | None
        async for event in hub().follow(self.topic, self.last, self.follower):
            is_silence = event is None and not self.follower.take_doubt()
            snapshot = await self.needed(event)
            if snapshot is not None:
                for told in self.events_of(snapshot) if event else await self.rest(snapshot):
                    yield told
                if snapshot.ended:
                    return
            if event is None:
                if is_silence:
                    yield None
            elif place(event["id"]) > place(self.last):
                self.last = event["id"]
                yield event

    async def needed(self, event: Event | None) -> Snapshot | None:
        """The row, where the log does not tell the whole: after a silence, or across a gap.

        After a silence only where it has ended, is gone, or is not to be seen any more.
        """
        if event is None:
            snapshot = await self.look() or GONE
            return snapshot if snapshot.ended else None
        at = place(event["id"])
        if at > place(self.last) and self.misses(place(self.last), at):
            return await self.caught_up(at)
        return None

    async def rest(self, snapshot: Snapshot) -> list[Event]:
        if snapshot is GONE:  # the log is no longer for this person's eyes
            return self.events_of(snapshot)
        return [event async for event in self.ended(snapshot)]

    async def caught_up(self, at: tuple[int, int]) -> Snapshot:
        """The row, once it tells everything before that place."""
        while True:
            snapshot = await self.look() or GONE
            if snapshot.ended or place(snapshot.cursor) >= (at[0], at[1] - 1):
                return snapshot
            await asyncio.sleep(0.3)
