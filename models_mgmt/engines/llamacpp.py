"""GGUF files of this machine, by llama.cpp in a child process of ours, asked as any /v1 server."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from importlib.metadata import version

from localchat.lib.errors import EngineCut, EngineError, EngineUnreachable
from localchat.lib.sentences import Sentence
from models_mgmt import llamacpp
from models_mgmt.builtin.children import Door
from models_mgmt.engines import openai, think_tags, wire
from models_mgmt.engines.llamacpp_pull import LlamacppPull
from models_mgmt.engines.protocol import Call, Delta, Loaded, Model, Pulling, Request, Turn
from models_mgmt.llamacpp import folder, process
from models_mgmt.llamacpp.small_model import NAME as SMALL

NAME = llamacpp.NAME
COUNT_SECONDS = 3.0


def configured() -> bool:
    return bool(folder.files())


def probe() -> str:
    return version("xllamacpp")


def list_models() -> list[Model]:
    """By name; the one that is for trying out comes last."""
    entries = folder.listing().entries
    return [_listed(each) for each in sorted(entries, key=lambda each: each.name == SMALL)]


def refused() -> list[str]:
    """A sentence for each file that lies in the folder and is no model for here."""
    return folder.listing().refused


def _listed(entry: folder.Entry) -> Model:
    facts = entry.facts
    can = {"completion": True, "thinking": facts.can_think, "tools": facts.can_call}
    told = {
        "parameter_size": facts.parameters,
        "quantization": facts.precision,
        "family": facts.architecture,
        "server": "llamacpp",
    }
    return Model(
        engine=NAME,
        name=entry.name,
        digest=entry.digest,
        size=entry.size,
        capabilities=frozenset(name for name, is_so in can.items() if is_so),
        details={key: value for key, value in told.items() if value},
        modified=entry.modified,
        window=facts.window or None,
        cache_bytes=facts.cache_bytes,
    )


def show(model: str) -> Model:
    return _listed(folder.find(model))


def embed(model: str, texts: Sequence[str]) -> list[list[float]]:
    raise EngineError(
        Sentence("%(name)s chats, but makes no vectors.", name=folder.find(model).name)
    )


def chat_request(call: Call) -> Request:
    """The window is settled when the model is loaded: it is not sent with each call."""
    return _request(call, process.loaded())


def _request(call: Call, door: Door | None) -> Request:
    address = door.url if door else "http://127.0.0.1"
    asked = openai.chat_request(call)
    return asked._replace(url=f"{address}/v1/chat/completions")


def slots() -> int:
    """Never more than one: it would read all prompts together, and each of them for longer."""
    return 1


async def hosts(call: Call) -> list[str]:
    return [NAME]


def chat(call: Call) -> AsyncGenerator[Delta, None]:
    return think_tags.told_apart(_pieces(call), call)


async def _pieces(call: Call) -> AsyncGenerator[Delta, None]:
    began = time.monotonic()
    door = await asyncio.to_thread(_opened, call)
    seconds = time.monotonic() - began
    pieces = openai.pieces(_request(call, door), door.key, call.model.name)
    try:
        async with aclosing(pieces) as answer:
            async for piece in answer:
                usage = {"load_seconds": seconds, **piece.usage} if piece.done else piece.usage
                yield piece._replace(usage=usage)
    except (EngineCut, EngineUnreachable):
        # It dies, and for a moment still counts as alive: the next call shall find it gone.
        await asyncio.to_thread(process.CHILD.end, door)
        raise


def _opened(call: Call) -> Door:
    return process.ensure(folder.find(call.model.name), call.num_ctx)


def is_loaded(call: Call) -> bool | None:
    return process.found(folder.find(call.model.name), call.num_ctx) is not None


def count(model: str, turns: Sequence[Turn]) -> int | None:
    """By the model's own template and words, while it is loaded."""
    door = process.found(folder.find(model), 0)
    if door is None:
        return None
    try:
        said = [{"role": turn.role, "content": turn.content} for turn in turns]
        prompt = _asked(door, "/apply-template", {"messages": said})
        words = {"content": prompt.get("prompt"), "add_special": True, "parse_special": True}
        tokens = _asked(door, "/tokenize", words).get("tokens")
    except EngineError:
        return None
    return len(tokens) if isinstance(tokens, list) else None


def _asked(door: Door, road: str, body: dict[str, object]) -> dict[str, object]:
    return wire.ask("POST", f"{door.url}{road}", body=body, key=door.key, seconds=COUNT_SECONDS)


def pull(model: str, place: str = "") -> Pulling:
    """From the registry, without any other engine."""
    return LlamacppPull(model)


def delete(model: str) -> None:
    entry = folder.find(model)
    if process.found(entry, 0):
        process.stop()
    folder.remove(model)


def loaded() -> list[Loaded]:
    door = process.loaded()
    entries = folder.listing().entries if door else []
    return [
        Loaded(entry.name, entry.size, 0, door.window, "", NAME)
        for entry in entries
        if door and entry.digest == door.model
    ]


def unload(model: str) -> None:
    if process.found(folder.find(model), 0):
        process.stop()
