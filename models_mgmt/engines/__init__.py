"""Every engine that LocalChat can talk to, by name. Nothing above this folder knows which is which."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing

from localchat.lib.errors import NotFound
from localchat.lib.sentences import Sentence
from models_mgmt.engines import builtin, last_read, llamacpp, ollama, ollama_servers, openai
from models_mgmt.engines.persevering import Persevering
from models_mgmt.engines.protocol import (
    Call,
    ChatEngine,
    Delta,
    Engine,
    Loaded,
    ManagedEngine,
    Model,
    PullStep,
    Turn,
)

__all__ = [
    "MANAGED",
    "Call",
    "Delta",
    "Engine",
    "Loaded",
    "ManagedEngine",
    "Model",
    "PullStep",
    "Turn",
    "available",
    "away",
    "chatting",
    "named",
    "persevering",
    "places",
    "refused",
    "reply",
]

ENGINES: Mapping[str, Engine] = {
    ollama.NAME: ollama,
    openai.NAME: openai,
    llamacpp.NAME: llamacpp,
    builtin.NAME: builtin,
}
CHATTING: Mapping[str, ChatEngine] = {
    ollama.NAME: ollama,
    openai.NAME: openai,
    llamacpp.NAME: llamacpp,
}
MANAGED: Mapping[str, ManagedEngine] = {ollama.NAME: ollama, llamacpp.NAME: llamacpp}


def named(name: str) -> Engine:
    if name not in ENGINES:
        raise NotFound(Sentence("There is no engine called “%(name)s”.", name=name))
    return ENGINES[name]


def chatting(model: Model) -> ChatEngine:
    """The engine of a model that can chat."""
    return CHATTING[model.engine]


def available() -> list[Engine]:
    """Those that are configured, the preferred ones first."""
    return [engine for engine in ENGINES.values() if engine.configured()]


def refused() -> list[str]:
    """A sentence for each file that lies where models lie, and is none that can be used."""
    return llamacpp.refused()


def places() -> list[str]:
    """Addresses to which a model can be pulled, where there are several; the first is the usual."""
    found = ollama_servers.addresses()
    return found if len(found) > 1 else []


def away(engine: Engine) -> str:
    """Which servers of an engine do not answer while others of it do; empty if all do."""
    return ollama_servers.away() if engine.NAME == ollama.NAME else ""


def persevering(call: Call, tell: Callable[[int], None]) -> AsyncGenerator[Delta, None]:
    """What the model writes, asked for again while it is busy, and once if it dies without a word.

    The place in the line, from 1, is told by `tell`. Use contextlib.aclosing.
    """
    return last_read.noted(call, Persevering(chatting(call.model), tell).chat(call))


async def reply(call: Call) -> str:
    """All that the model writes at once, without blanks at the ends. Raises EngineError."""
    async with aclosing(last_read.noted(call, chatting(call.model).chat(call))) as deltas:
        text = ""
        async for delta in deltas:
            text = delta.text if delta.anew else text + delta.text
        return text.strip()
