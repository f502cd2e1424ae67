"""Every engine that LocalChat can talk to, by name. Nothing above this folder knows which is which."""

from localchat.lib.errors import NotFound
from models_mgmt.engines import builtin, ollama, openai
from models_mgmt.engines.protocol import (
    Engine,
    Loaded,
    Model,
    Piece,
    Pulling,
    PullStep,
    Request,
    Turn,
)

__all__ = [
    "Engine",
    "Loaded",
    "Model",
    "Piece",
    "PullStep",
    "Pulling",
    "Request",
    "Turn",
    "available",
    "named",
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
