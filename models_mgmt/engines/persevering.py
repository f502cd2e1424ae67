"""A chat that is asked for again as long as nothing of it has come."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from localchat.lib.errors import (
    EngineBusy,
    EngineCut,
    EngineError,
    EngineStalled,
    EngineUnreachable,
    ModelDied,
)
from localchat.lib.sentences import Sentence
from models_mgmt.engines.protocol import Call, ChatEngine, Delta

AGAIN_SECONDS = 2.0  # after which an engine that has died is asked once more
BUSY_SECONDS = 600.0  # for which one that is busy is asked again and again
TURN_SECONDS = 0.5

_lines: defaultdict[str, list[object]] = defaultdict(list)  # of who was refused, by engine


class Persevering:
    """`chat` as the engine's own. Who is refused as too many goes before whoever comes later."""

    def __init__(self, engine: ChatEngine, tell: Callable[[int], Awaitable[None]]) -> None:
        """The place in the line, from 1, is told by `tell` whenever it is another."""
        self.engine, self.tell = engine, tell
        self.line = _lines[engine.NAME]
        self.until = time.monotonic() + BUSY_SECONDS
        self.has_died = self.has_begun = False
        self.place = 0

    async def chat(self, call: Call) -> AsyncGenerator[Delta, None]:
        try:
            while True:
                await self._turn()
                try:
                    async with aclosing(self.engine.chat(call)) as pieces:
                        async for piece in pieces:
                            self.has_begun = self.has_begun or not piece.prompt
                            self._leave()
                            yield piece
                    return
                except EngineError as error:
                    await self._mind(error)
        finally:
            self._leave()

    async def _turn(self) -> None:
        """Wait until nobody is before this one in the line."""
        if self.line and self not in self.line:
            await self._enter()
        while self.line and self.line[0] is not self:
            if time.monotonic() > self.until:
                raise EngineBusy
            await self._tell_place()
            await asyncio.sleep(TURN_SECONDS)

    async def _mind(self, error: EngineError) -> None:
        """Wait before the next try, or raise."""
        if self.has_begun:
            raise error
        if isinstance(error, EngineBusy) and time.monotonic() < self.until:
            await self._enter()
            await asyncio.sleep(TURN_SECONDS)
        elif _is_death(error) and not self.has_died:
            self.has_died = True
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            raise _as_nothing_came(error)

    async def _enter(self) -> None:
        if self not in self.line:
            self.line.append(self)
        await self._tell_place()

    async def _tell_place(self) -> None:
        place = self.line.index(self) + 1
        if place != self.place:
            self.place = place
            await self.tell(place)

    def _leave(self) -> None:
        if self in self.line:
            self.line.remove(self)


def _is_death(error: EngineError) -> bool:
    return isinstance(error, EngineCut | EngineUnreachable | ModelDied)


def _as_nothing_came(error: EngineError) -> EngineError:
    if isinstance(error, EngineCut):
        return EngineCut(Sentence("The model engine broke off before it had written a word."))
    if isinstance(error, EngineStalled):
        return EngineStalled(Sentence("The model engine has not written a word."))
    return error
