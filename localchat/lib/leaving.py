"""A stream over HTTP ends soon after the right to it has ended, also while nothing is sent."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import TypeVar

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from localchat.lib.db_threads import threaded
from localchat.lib.hub import hub

STAY_SECONDS = 1.0  # then who follows a stream is looked at again, before the next frame
SOON = 0.3  # seconds: a log-out is told just before its session goes

Frame = TypeVar("Frame")


async def while_allowed(request: HttpRequest, frames: AsyncIterator[Frame]) -> AsyncIterator[Frame]:
    """Until the person has logged out, or may not come in any more, or the key has ended."""
    may_stay: Callable[[], bool] | None = getattr(request, "may_stay", None)
    if may_stay is None:
        async for frame in frames:
            yield frame
        return
    assert isinstance(request.user, User)
    watch = _Watch(may_stay, request.user.pk, getattr(request, "ends", None))
    try:
        async for frame in watch.allowed(frames):
            yield frame
    finally:
        watch.close()


class _Watch:
    def __init__(self, may_stay: Callable[[], bool], user_id: int, ends: datetime | None) -> None:
        self.may_stay, self.user_id = threaded(may_stay), user_id
        self.asked, self.is_out = time.monotonic(), False
        self.waiting: asyncio.Timeout | None = None
        self.looking: set[asyncio.Task[None]] = set()
        hub().watch(user_id, self.look_again)
        self.end = ends and asyncio.get_running_loop().call_later(
            max(0.0, (ends - timezone.now()).total_seconds()), self.look_again
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
        if self.is_out and self.waiting:
            self.waiting.reschedule(asyncio.get_running_loop().time())

    async def look(self) -> None:
        self.asked = time.monotonic()
        self.is_out = self.is_out or not await self.may_stay()

    def close(self) -> None:
        hub().unwatch(self.user_id, self.look_again)
        if self.end:
            self.end.cancel()
        for task in list(self.looking):
            task.cancel()
