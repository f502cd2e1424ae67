"""What is open over HTTP ends soon after the right to it has ended, also while nothing is sent."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple, TypeVar

from django.http import HttpRequest
from django.utils import timezone

from localchat.lib.db_threads import threaded
from localchat.lib.errors import LoginRequired
from localchat.lib.hub import hub

STAY_SECONDS = 1.0  # then who follows a stream is looked at again, before the next frame
SOON = 0.3  # seconds until the first look: by then the hub hears of what comes after it

Frame = TypeVar("Frame")


class Right(NamedTuple):
    """By which somebody is here: a session, or a key."""

    user_id: int
    holds: Callable[[], bool]  # looks it up
    ends: datetime | None = None


class SignedOut(LoginRequired):
    """The login or the key by which this was asked has ended."""


def right_of(request: HttpRequest) -> Right | None:
    """None: it cannot end."""
    return getattr(request, "right", None)


async def while_allowed(right: Right, frames: AsyncIterator[Frame]) -> AsyncIterator[Frame]:
    """Until the person has logged out, or may do less than before, or the key has ended."""
    watch = _Watch(right)
    try:
        async for frame in watch.allowed(frames):
            yield frame
    finally:
        watch.close()


@asynccontextmanager
async def held_to(right: Right | None) -> AsyncIterator[None]:
    """The same of what answers at its end only: it is cancelled. Raises SignedOut."""
    if right is None:
        yield
        return
    watch = _Watch(right)
    try:
        async with asyncio.timeout(None) as watch.waiting:
            yield
    except TimeoutError:
        if watch.is_out:
            raise SignedOut from None
        raise
    finally:
        watch.waiting = None
        watch.close()


class _Watch:
    def __init__(self, right: Right) -> None:
        self.holds, self.user_id = threaded(right.holds), right.user_id
        self.asked, self.is_out = time.monotonic(), False
        self.waiting: asyncio.Timeout | None = None
        self.looking: set[asyncio.Task[None]] = set()
        hub().watch(self.user_id, self.look_again)
        self.end = right.ends and asyncio.get_running_loop().call_later(
            max(0.0, (right.ends - timezone.now()).total_seconds()), self.look_again
        )
        self.look_again()  # what changed before the watch began

    async def allowed(self, frames: AsyncIterator[Frame]) -> AsyncIterator[Frame]:
        while not self.is_out:
            try:
                async with asyncio.timeout(None) as self.waiting:
                    frame = await anext(frames)
            except StopAsyncIteration:
                return
            except TimeoutError:
                if self.is_out:
                    return
                raise
            finally:
                self.waiting = None
            if time.monotonic() - self.asked > STAY_SECONDS:
                await self.look()
            if not self.is_out:
                yield frame

    def look_again(self) -> None:
        task = asyncio.create_task(self.look_soon())
        self.looking.add(task)
        task.add_done_callback(self.looking.discard)

    async def look_soon(self) -> None:
        await asyncio.sleep(SOON)
        await self.look()
        # Several things may tell it at once, and what is ending cannot be ended again.
        if self.is_out and self.waiting and not self.waiting.expired():
            self.waiting.reschedule(asyncio.get_running_loop().time())

    async def look(self) -> None:
        self.asked = time.monotonic()
        self.is_out = self.is_out or not await self.holds()

    def close(self) -> None:
        hub().unwatch(self.user_id, self.look_again)
        if self.end:
            self.end.cancel()
        for task in list(self.looking):
            task.cancel()
