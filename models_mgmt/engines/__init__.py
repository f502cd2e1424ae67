"""Every engine that LocalChat can talk to, by name. Nothing above this folder knows which is which."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing

from localchat.lib.errors import NotFound
from models_mgmt.engines import builtin, ollama, openai
from models_mgmt.engines.protocol import (
    Delta,
    Engine,
    Loaded,
    Model,
    Pulling,
    PullStep,
    Request,
    Turn,
)

__all__ = [
    "Delta",
    "Engine",
    "Loaded",
    "Model",
    "PullStep",
    "Pulling",
    "Request",
    "Turn",
    "available",
    "named",
    "reply",
]

ENGINES: tuple[Engine, ...] = (ollama, openai, builtin)


def named(name: str) -> Engine:
    for engine in ENGINES:
        if name == engine.NAME:
            return engine
    raise NotFound(f"There is no engine called “{name}”.")


def available() -> list[Engine]:
    """Those that are configured, the preferred ones first."""
    return [engine for engine in ENGINES if engine.configured()]


async def reply(
    model: Model,
    turns: Sequence[Turn],
    *,
    num_ctx: int,
    max_tokens: int,
    options: Mapping[str, object] | None = None,
    schema: Mapping[str, object] | None = None,
) -> str:
    """All that the model writes at once, without blanks at the ends. Raises EngineError."""
    deltas = named(model.engine).chat(
        model.name, turns, num_ctx=num_ctx, max_tokens=max_tokens, options=options, schema=schema
    )
    async with aclosing(deltas):
        return "".join([delta.text async for delta in deltas]).strip()
