"""Ollama, by its own HTTP interface; on one server, or on several that are one engine."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from functools import partial

from django.conf import settings

from localchat.lib.errors import (
    EngineCut,
    EngineError,
)
from models_mgmt.engines import ollama_servers as servers
from models_mgmt.engines import think_tags, tool_calls, vectors, wire
from models_mgmt.engines.joined import joined
from models_mgmt.engines.ollama_models import NAME, is_cloud, is_same, list_models, objects, show
from models_mgmt.engines.ollama_pull import OllamaPull
from models_mgmt.engines.protocol import Call, Delta, Loaded, Request, Turn

__all__ = [
    "NAME",
    "chat",
    "chat_request",
    "configured",
    "count",
    "delete",
    "embed",
    "hosts",
    "is_loaded",
    "list_models",
    "loaded",
    "probe",
    "pull",
    "show",
    "slots",
    "unload",
]

KEEP_ALIVE = "10m"
PROBE_SECONDS = 3.0
GLANCE_SECONDS = 1.0  # while a person waits


class CloudModel(EngineError):
    """That model runs on somebody else's computers. LocalChat keeps what you write on yours."""

    status, code = 403, "cloud_model"


def configured() -> bool:
    return bool(settings.OLLAMA_HOST)


def probe() -> str:
    """The first one's that answers."""
    return next(iter(servers.each(_version).values()))


def _version(address: str) -> str:
    answer = wire.ask("GET", f"{address}/api/version", seconds=PROBE_SECONDS)
    return str(answer.get("version", ""))


def chat_request(call: Call) -> Request:
    body: dict[str, object] = {
        "model": call.model.name,
        "messages": [_message(turn) for turn in call.turns],
        "stream": True,
        # Without these two the engine drops the oldest passages, or half of its own answer, and
        # never says so.
        "truncate": False,
        "shift": False,
        # False is accepted by every model, true by those that think; absent would be true for them.
        "think": call.think and call.model.can_think,
        "keep_alive": KEEP_ALIVE,
        "options": {**call.options, **_load(call), "num_predict": call.max_tokens},
    }
    if call.schema is not None:
        body["format"] = call.schema
    if tools := tool_calls.for_ollama(call):
        body["tools"] = tools
    return Request(f"{servers.holders(call.model.name)[0]}/api/chat", body)


def _message(turn: Turn) -> dict[str, object]:
    """Pictures in plain base64, without the head of a data URI."""
    said: dict[str, object] = {"role": turn.role, "content": turn.content}
    if turn.images:
        said["images"] = [b64encode(each).decode() for each in turn.images]
    if turn.calls:
        said["tool_calls"] = [tool_calls.as_ollama(each) for each in turn.calls]
    if turn.answers:
        said["tool_name"] = turn.answers.name
    return said


def _load(call: Call) -> dict[str, int]:
    """Loads the model again where it differs from one call to the next, as `shift` does."""
    batch = {"num_batch": settings.OLLAMA_NUM_BATCH} if settings.OLLAMA_NUM_BATCH else {}
    return {"num_ctx": call.num_ctx, **batch}


def slots() -> int:
    return int(settings.ENGINE_SLOTS)


async def hosts(call: Call) -> list[str]:
    """Those that have the model and are not away, first the ones that have it loaded."""
    having = servers.holders(call.model.name)
    there = [one for one in having if not servers.is_away(one)] or having
    if len(there) == 1:
        return there
    loaded = await asyncio.to_thread(_places_loaded, call)
    return sorted(there, key=lambda one: one not in loaded)


def chat(call: Call) -> AsyncGenerator[Delta, None]:
    return think_tags.told_apart(_pieces(call), call)


async def _pieces(call: Call) -> AsyncGenerator[Delta, None]:
    """From the least busy server that has the model; from the next where that one is away."""
    model = call.model.name
    _refuse_cloud(model)
    is_choice = servers.is_choice(model) and not call.place
    loaded = await asyncio.to_thread(_places_loaded, call) if is_choice else []
    tried: list[str] = []
    while True:
        address = servers.take(model, loaded, tried, call.place)
        tried.append(address)
        try:
            async with aclosing(_pieces_of(address, call)) as pieces:
                async for piece in pieces:
                    yield piece
            return
        except EngineError as error:
            if not servers.passes_on(error, address, model, tried):
                raise
        finally:
            servers.give_back(address)


async def _pieces_of(address: str, call: Call) -> AsyncGenerator[Delta, None]:
    body = chat_request(call).body
    async with wire.stream(f"{address}/api/chat", body, model=call.model.name) as reads:
        async for lines in reads:
            for piece in joined(_piece(wire.parsed(line)) for line in lines):
                yield piece
                if piece.done:
                    return
    raise EngineCut()


def _places_loaded(call: Call) -> list[str]:
    try:
        running = servers.each(partial(_running, GLANCE_SECONDS))
    except EngineError:
        return []
    return [
        address
        for address, models in running.items()
        if any(_is_ready(each, call) for each in models)
    ]


def _is_ready(loaded: Loaded, call: Call) -> bool:
    """Another window than the one in force loads it again."""
    return is_same(loaded.name, call.model.name) and loaded.window in {None, call.num_ctx}


def _refuse_cloud(model: str) -> None:
    if is_cloud(model):
        raise CloudModel()


def _piece(line: Mapping[str, object]) -> Delta:
    if "error" in line:
        raise wire.failed(str(line["error"]))
    message = wire.inner(line, "message")
    text, thinking = str(message.get("content") or ""), str(message.get("thinking") or "")
    calls = tuple(tool_calls.of_ollama(message))
    if not line.get("done"):
        return Delta(text, thinking, calls=calls)
    reason = str(line.get("done_reason") or "stop")
    return Delta(text, thinking, True, reason, _usage(line), calls=calls)


def _usage(line: Mapping[str, object]) -> dict[str, int | float]:
    """Durations come in nanoseconds; what is absent is zero."""
    return {
        "prompt_tokens": wire.number(line, "prompt_eval_count"),
        "answer_tokens": wire.number(line, "eval_count"),
        "load_seconds": wire.number(line, "load_duration") / 1e9,
        "prompt_seconds": wire.number(line, "prompt_eval_duration") / 1e9,
        "answer_seconds": wire.number(line, "eval_duration") / 1e9,
    }


def is_loaded(call: Call) -> bool | None:
    try:
        running = servers.each(partial(_running, GLANCE_SECONDS))
    except EngineError:
        return None
    return any(_is_ready(each, call) for models in running.values() for each in models)


def count(model: str, turns: Sequence[Turn]) -> int | None:
    """Ollama has no road for that: it tells only what it has counted, with each answer."""
    return None


def embed(model: str, texts: Sequence[str]) -> list[list[float]]:
    _refuse_cloud(model)
    return vectors.embedded(partial(_embed, model), texts)


def _embed(model: str, texts: Sequence[str]) -> list[list[float]]:
    body = {"model": model, "input": list(texts), "truncate": False, "keep_alive": KEEP_ALIVE}

    def ask(address: str) -> dict[str, object]:
        seconds = settings.FIRST_BYTE_SECONDS
        return wire.ask("POST", f"{address}/api/embed", body=body, model=model, seconds=seconds)

    found = servers.asked(model, ask).get("embeddings")
    return (
        [vector for vector in found if isinstance(vector, list)] if isinstance(found, list) else []
    )


def pull(model: str, place: str = "") -> OllamaPull:
    """To the server at the address `place`, else to the first."""
    _refuse_cloud(model)
    return OllamaPull(place or servers.addresses()[0], model)


def delete(model: str) -> None:
    """Wherever it is."""

    def ask(address: str) -> None:
        wire.ask("DELETE", f"{address}/api/delete", body={"model": model}, model=model)

    servers.everywhere(model, ask)


def loaded() -> list[Loaded]:
    running = servers.each(partial(_running, PROBE_SECONDS))
    return [each for models in running.values() for each in models]


def _running(seconds: float, address: str) -> list[Loaded]:
    answer = wire.ask("GET", f"{address}/api/ps", seconds=seconds)
    return [
        Loaded(
            name=str(entry.get("name", "")),
            size=wire.number(entry, "size"),
            size_vram=wire.number(entry, "size_vram"),
            window=wire.number(entry, "context_length") or None,
            expires=str(entry.get("expires_at", "")),
            engine=NAME,
            place=address,
        )
        for entry in objects(answer, "models")
    ]


def unload(model: str) -> None:
    """Wherever it is."""
    # Not /api/chat, which refuses embedding models before it looks at keep_alive.
    body = {"model": model, "keep_alive": 0}

    def ask(address: str) -> None:
        wire.ask("POST", f"{address}/api/generate", body=body, model=model)

    servers.everywhere(model, ask)
