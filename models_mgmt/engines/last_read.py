"""What each model read last, as far as this process asked it: an engine goes on from there.

An engine keeps the tokens of its last prompt, and of the next reads only what differs from it on.
Of the texts only hashes are kept here.
"""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import NamedTuple

from models_mgmt.engines.protocol import Call, Delta, Model, Turn

KEPT_SECONDS = 540.0  # a little less than an engine is asked to keep the model for


class _Read(NamedTuple):
    turns: list[int]  # hashes
    when: float  # monotonic


_read: dict[tuple[str, str], _Read] = {}


def leading(model: Model, turns: Sequence[Turn]) -> int:
    """How many of these turns, from the first on, the model read last and has probably kept."""
    known = _read.get((model.engine, model.name))
    if known is None or time.monotonic() - known.when > KEPT_SECONDS:
        return 0
    same = 0
    for turn, before in zip(turns, known.turns, strict=False):
        if hash(turn) != before:
            break
        same += 1
    return same


async def noted(call: Call, deltas: AsyncGenerator[Delta, None]) -> AsyncGenerator[Delta, None]:
    """What the model writes; afterwards it has read the call and its own answer."""
    said: list[str] = []
    _note(call.model, call.turns)  # it reads them now, and what is asked meanwhile comes after
    async with aclosing(deltas) as pieces:
        try:
            async for delta in pieces:
                if delta.anew:
                    said.clear()
                said.append(delta.text)
                yield delta
        finally:
            _note(call.model, [*call.turns, Turn("assistant", "".join(said))])


def _note(model: Model, turns: Sequence[Turn]) -> None:
    _read[model.engine, model.name] = _Read(list(map(hash, turns)), time.monotonic())


def forget() -> None:
    """As if no engine had been asked yet."""
    _read.clear()
