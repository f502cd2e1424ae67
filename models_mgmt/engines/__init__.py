"""Every engine that LocalChat can talk to, by name. Nothing above this folder knows which is which."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

from localchat.lib.errors import NotFound
from localchat.lib.sentences import Sentence
from models_mgmt.engines import builtin, last_read, llamacpp, ollama, ollama_servers, openai, turns
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
    ToolCall,
    Turn,
)
from models_mgmt.engines.turns import asking

__all__ = [
    "MANAGED",
    "Call",
    "Delta",
    "Engine",
    "Loaded",
    "ManagedEngine",
    "Model",
    "PullStep",
    "ToolCall",
    "Turn",
    "asking",
    "available",
    "away",
    "chats",
    "chatting",
    "named",
    "persevering",
    "places",
    "refused",
    "reply",
    "wake",
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


def wake(engine: str, model: str) -> None:
    """See that it answers, and have the model's process started. Raises EngineError."""
    if engine == builtin.NAME:
        builtin.wake(model)
    else:
        named(engine).probe()


def chatting(model: Model) -> ChatEngine:
    """The engine of a model that can chat."""
    return CHATTING[model.engine]


def chats(name: str) -> bool:
    """Whether the engine of that name has models that chat."""
    return name in CHATTING


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


async def persevering(call: Call) -> AsyncGenerator[Delta, None]:
    """What the model writes once it is its turn; the turn ends with it. Use contextlib.aclosing.

    Asked for again while the engine is busy all the same, and once if it dies without a word. The
    place in the line is told to who is `asking`.
    """
    engine = chatting(call.model)
    async with turns.taken(engine, call, is_last=True) as turn:
        pieces = Persevering(engine, turn.tell).chat(turn.call)
        async with aclosing(last_read.noted(turn.call, pieces)) as deltas:
            async for delta in deltas:
                if not delta.prompt:
                    await turn.hear()
                yield delta


async def reply(call: Call) -> str:
    """All that the model writes in its turn, without blanks at the ends. Raises EngineError."""
    engine = chatting(call.model)
    async with turns.taken(engine, call, is_last=False) as turn:
        async with aclosing(last_read.noted(turn.call, engine.chat(turn.call))) as deltas:
            text = ""
            async for delta in deltas:
                await turn.hear()
                text = delta.text if delta.anew else text + delta.text
        return text.strip()
