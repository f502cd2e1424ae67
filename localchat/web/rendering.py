"""How events reach a socket: as they are, or with the text rendered into blocks of HTML.

Blocks are made here, at the edge, anew for each socket; the log never holds HTML.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from chat.html.render import Block, Blocks
from localchat.lib.events import END, Event

Tell = Callable[[dict[str, Any]], Awaitable[None]]

RENDER_SECONDS = 0.1


class AsText:
    def __init__(self, tell: Tell) -> None:
        self.tell = tell

    async def take(self, event: Event) -> None:
        await self.tell(event)

    def close(self) -> None:
        """Nothing is held."""


class AsBlocks:
    """Replaces `token` events by blocks, rendered at most ten times a second."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.topic = ""
        self.blocks = Blocks()
        self.waiting = ""  # text that is not rendered yet
        self.rendered = 0.0
        self.timer: asyncio.Task[None] | None = None

    async def take(self, event: Event) -> None:
        self.topic = event["topic"]
        if event["type"] == "token":
            self.waiting += event["text"]
            await self.soon()
            return
        if event["type"] == "restart":
            self.waiting, self.blocks = "", Blocks()
        if event["type"] == "sources":
            await self.render()
            self.blocks = Blocks([source["number"] for source in event["sources"]])
        if event["type"] in END:
            await self.render()
            await self.show(self.blocks.finish())
        await self.tell(event)

    async def soon(self) -> None:
        """Render now when the last time is long ago, else a moment later."""
        wait = RENDER_SECONDS - (time.monotonic() - self.rendered)
        if wait <= 0:
            await self.render()
        elif self.timer is None or self.timer.done():
            self.timer = asyncio.create_task(self.later(wait))

    async def later(self, wait: float) -> None:
        await asyncio.sleep(wait)
        await self.render()

    async def render(self) -> None:
        text, self.waiting = self.waiting, ""
        self.rendered = time.monotonic()
        if text:
            await self.show(self.blocks.feed(text))

    async def show(self, blocks: list[Block]) -> None:
        for block in blocks:
            await self.tell({"type": "block", "topic": self.topic, **block._asdict()})

    def close(self) -> None:
        if self.timer:
            self.timer.cancel()
