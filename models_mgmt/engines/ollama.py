"""Ollama, by its own HTTP interface."""

from base64 import b64encode
from collections.abc import AsyncGenerator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial

from django.conf import settings

from localchat.lib.errors import (
    EngineCut,
    EngineError,
    EngineStalled,
    EngineUnreachable,
)
from models_mgmt.engines import think_tags, vectors, wire
from models_mgmt.engines.ollama_info import Facts, facts_of
from models_mgmt.engines.ollama_pull import OllamaPull
from models_mgmt.engines.protocol import Call, Delta, Loaded, Model, Request, Turn

NAME = "ollama"
KEEP_ALIVE = "10m"
PROBE_SECONDS = 3.0
GLANCE_SECONDS = 1.0  # while a person waits
SHOWN_AT_ONCE = 8


class CloudModel(EngineError):
    """That model runs on somebody else's computers. LocalChat keeps what you write on yours."""

    status, code = 403, "cloud_model"


def configured() -> bool:
    return bool(settings.OLLAMA_HOST)


def probe() -> str:
    answer = wire.ask("GET", f"{settings.OLLAMA_HOST}/api/version", seconds=PROBE_SECONDS)
    return str(answer.get("version", ""))


def list_models() -> list[Model]:
    answer = wire.ask("GET", f"{settings.OLLAMA_HOST}/api/tags")
    entries = [entry for entry in _objects(answer, "models") if not _is_remote(entry)]
    with ThreadPoolExecutor(SHOWN_AT_ONCE) as pool:
        return list(pool.map(_listed, entries))


def _objects(answer: Mapping[str, object], field: str) -> list[dict[str, object]]:
    value = answer.get(field)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _is_remote(entry: Mapping[str, object]) -> bool:
    return bool(entry.get("remote_host")) or _is_cloud(str(entry.get("name", "")))


def _is_cloud(name: str) -> bool:
    return name.lower().endswith(("-cloud", ":cloud"))


def _listed(entry: Mapping[str, object]) -> Model:
    name, digest = str(entry.get("name", "")), str(entry.get("digest", ""))
    facts = _facts_of(settings.OLLAMA_HOST, name, digest)
    return Model(
        engine=NAME,
        name=name,
        digest=digest,
        size=wire.number(entry, "size"),
        capabilities=facts.capabilities,
        details=_details(entry),
        modified=str(entry.get("modified_at", "")),
        window=facts.window,
        has_template=facts.has_template,
        cache_bytes=facts.cache_bytes,
    )


def _facts_of(host: str, name: str, digest: str) -> Facts:
    """Of a model that the engine itself cannot read nothing is known."""
    try:
        return _facts(host, name, digest)
    except (EngineUnreachable, EngineCut, EngineStalled):
        raise
    except EngineError:
        return Facts()


def _details(entry: Mapping[str, object]) -> dict[str, str]:
    details = wire.inner(entry, "details")
    named = {
        "parameter_size": details.get("parameter_size"),
        "quantization": details.get("quantization_level"),
        "family": details.get("family"),
    }
    return {key: str(value) for key, value in named.items() if value}


@lru_cache(maxsize=256)
def _facts(host: str, name: str, digest: str) -> Facts:
    """By /api/show; kept, as they belong to the digest.

    /api/tags tells an embedding model for one that chats where its file sorts its keys.
    """
    return facts_of(wire.ask("POST", f"{host}/api/show", body={"model": name}, model=name))


def show(model: str) -> Model:
    """As listed, with the window. Raises ModelMissing, also for a model of the cloud."""
    for listed in list_models():
        if _same(listed.name, model):
            return listed
    raise wire.refusal(404, b"", settings.OLLAMA_HOST, model)


def _same(name: str, asked: str) -> bool:
    last = asked.rpartition("/")[2]
    return name.lower() == (asked if ":" in last else f"{asked}:latest").lower()


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
    return Request(f"{settings.OLLAMA_HOST}/api/chat", body)


def _message(turn: Turn) -> dict[str, object]:
    """Pictures in plain base64, without the head of a data URI."""
    said: dict[str, object] = {"role": turn.role, "content": turn.content}
    if turn.images:
        said["images"] = [b64encode(each).decode() for each in turn.images]
    return said


def _load(call: Call) -> dict[str, int]:
    """Loads the model again where it differs from one call to the next, as `shift` does."""
    batch = {"num_batch": settings.OLLAMA_NUM_BATCH} if settings.OLLAMA_NUM_BATCH else {}
    return {"num_ctx": call.num_ctx, **batch}


def chat(call: Call) -> AsyncGenerator[Delta, None]:
    return think_tags.told_apart(_pieces(call), call)


async def _pieces(call: Call) -> AsyncGenerator[Delta, None]:
    _refuse_cloud(call.model.name)
    asked = chat_request(call)
    async with wire.stream(asked.url, asked.body, model=call.model.name) as lines:
        async for line in lines:
            piece = _piece(wire.parsed(line))
            if piece.text or piece.thinking or piece.done:
                yield piece
            if piece.done:
                return
    raise EngineCut()


def _refuse_cloud(model: str) -> None:
    if _is_cloud(model):
        raise CloudModel()


def _piece(line: Mapping[str, object]) -> Delta:
    if "error" in line:
        raise wire.failed(str(line["error"]))
    message = wire.inner(line, "message")
    text, thinking = str(message.get("content") or ""), str(message.get("thinking") or "")
    if not line.get("done"):
        return Delta(text, thinking)
    return Delta(text, thinking, True, str(line.get("done_reason") or "stop"), _usage(line))


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
    """Another window than the one in force loads it again."""
    try:
        running = _running(GLANCE_SECONDS)
    except EngineError:
        return None
    return any(
        _same(each.name, call.model.name) and each.window in {None, call.num_ctx}
        for each in running
    )


def count(model: str, turns: Sequence[Turn]) -> int | None:
    """Ollama has no road for that: it tells only what it has counted, with each answer."""
    return None


def embed(model: str, texts: Sequence[str]) -> list[list[float]]:
    _refuse_cloud(model)
    return vectors.embedded(partial(_embed, model), texts)


def _embed(model: str, texts: Sequence[str]) -> list[list[float]]:
    body = {"model": model, "input": list(texts), "truncate": False, "keep_alive": KEEP_ALIVE}
    answer = wire.ask(
        "POST",
        f"{settings.OLLAMA_HOST}/api/embed",
        body=body,
        model=model,
        seconds=settings.FIRST_BYTE_SECONDS,
    )
    found = answer.get("embeddings")
    return (
        [vector for vector in found if isinstance(vector, list)] if isinstance(found, list) else []
    )


def pull(model: str) -> OllamaPull:
    _refuse_cloud(model)
    return OllamaPull(settings.OLLAMA_HOST, model)


def delete(model: str) -> None:
    wire.ask("DELETE", f"{settings.OLLAMA_HOST}/api/delete", body={"model": model}, model=model)


def loaded() -> list[Loaded]:
    return _running(PROBE_SECONDS)


def _running(seconds: float) -> list[Loaded]:
    answer = wire.ask("GET", f"{settings.OLLAMA_HOST}/api/ps", seconds=seconds)
    return [
        Loaded(
            name=str(entry.get("name", "")),
            size=wire.number(entry, "size"),
            size_vram=wire.number(entry, "size_vram"),
            window=wire.number(entry, "context_length") or None,
            expires=str(entry.get("expires_at", "")),
            engine=NAME,
        )
        for entry in _objects(answer, "models")
    ]


def unload(model: str) -> None:
    # Not /api/chat, which refuses embedding models before it looks at keep_alive.
    body = {"model": model, "keep_alive": 0}
    wire.ask("POST", f"{settings.OLLAMA_HOST}/api/generate", body=body, model=model)
