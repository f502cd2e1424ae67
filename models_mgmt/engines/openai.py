"""Any server that speaks OpenAI's /v1: vLLM, llama.cpp, LM Studio and others."""

import hashlib
from base64 import b64encode
from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial
from itertools import takewhile
from urllib.parse import urlsplit

from django.conf import settings

from localchat.lib.errors import EngineCut, EngineError, ModelMissing
from localchat.lib.sentences import Sentence
from models_mgmt.engines import think_tags, tool_calls, vectors, wire
from models_mgmt.engines.joined import joined
from models_mgmt.engines.protocol import Call, Delta, Model, Request, Turn

NAME = "openai"
PROBE_SECONDS = 3.0
DONE = b"[DONE]"
TEMPLATE_TOKENS = 6  # around each turn
# Who takes `chat_template_kwargs`, as they call themselves. Others refuse fields that they do not
# know, as OpenAI's own does.
SERVERS = {"llamacpp", "vllm", "sglang"}
EMBEDDING_NAMES = ("embed", "minilm", "bge-", "e5-", "gte-")  # the interface does not tell kinds


def configured() -> bool:
    return bool(settings.OPENAI_BASE_URL)


def _url(path: str, base: str = "") -> str:
    base = base or settings.OPENAI_BASE_URL
    return f"{base}{path}" if urlsplit(base).path else f"{base}/v1{path}"


def probe() -> str:
    wire.ask("GET", _url("/models"), key=settings.OPENAI_API_KEY, seconds=PROBE_SECONDS)
    return "v1"


def list_models() -> list[Model]:
    return _models_of(wire.ask("GET", _url("/models"), key=settings.OPENAI_API_KEY))


def put_to_trial(base: str, key: str, seconds: float) -> list[str]:
    """What a server that is not set yet calls its models. Raises EngineError."""
    answer = wire.ask("GET", _url("/models", base), key=key, seconds=seconds)
    if not isinstance(answer.get("data"), list):
        raise EngineError(
            Sentence("The server at %(address)s gives no list of its models.", address=base)
        )
    return [model.name for model in _models_of(answer)]


def _models_of(answer: Mapping[str, object]) -> list[Model]:
    found = answer.get("data")
    entries = found if isinstance(found, list) else []
    return [_listed(entry) for entry in entries if isinstance(entry, dict) and entry.get("id")]


def _listed(entry: Mapping[str, object]) -> Model:
    name, owner = str(entry["id"]), str(entry.get("owned_by"))
    return Model(
        engine=NAME,
        name=name,
        digest=hashlib.sha256(name.encode()).hexdigest(),  # its name is all that is known of it
        size=0,
        capabilities=frozenset({_kind(name.lower())}),
        details={"server": owner} if owner in SERVERS else {},
        window=_window(entry),
        tells_sight=False,
    )


def _window(entry: Mapping[str, object]) -> int | None:
    """The one in force, as vLLM and llama.cpp add it."""
    meta = entry.get("meta")
    told = entry.get("max_model_len") or (meta.get("n_ctx") if isinstance(meta, dict) else None)
    return told if isinstance(told, int) else None


def _kind(name: str) -> str:
    if "rerank" in name:
        return "rerank"
    return "embedding" if any(part in name for part in EMBEDDING_NAMES) else "completion"


def show(model: str) -> Model:
    for listed in list_models():
        if listed.name == model:
            return listed
    raise ModelMissing(Sentence("The model “%(model)s” is not installed.", model=model))


def chat_request(call: Call) -> Request:
    """The window is the server's own affair here: `num_ctx` is not sent."""
    body: dict[str, object] = {
        **call.options,
        "model": call.model.name,
        "messages": [_message(turn) for turn in call.turns],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": call.max_tokens,
    }
    if call.model.heeds_think:
        # Templates that know nothing of it leave it aside.
        body["chat_template_kwargs"] = {"enable_thinking": call.think}
    if call.model.details.get("server") == "llamacpp":
        body["return_progress"] = True
    if call.tools:
        body["tools"] = call.tools
    if call.tools and call.tool_choice is not None:
        body["tool_choice"] = call.tool_choice
    if call.schema is not None:
        form = {"name": "answer", "strict": True, "schema": call.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    return Request(_url("/chat/completions"), body)


def _message(turn: Turn) -> dict[str, object]:
    if turn.calls:
        calls = [tool_calls.as_openai(each) for each in turn.calls]
        return {"role": turn.role, "content": turn.content or None, "tool_calls": calls}
    if turn.answers:
        return {"role": turn.role, "tool_call_id": turn.answers.id, "content": turn.content}
    if not turn.images:
        return {"role": turn.role, "content": turn.content}
    parts: list[dict[str, object]] = [{"type": "text", "text": turn.content}]
    for each in turn.images:
        address = f"data:image/jpeg;base64,{b64encode(each).decode()}"
        parts.append({"type": "image_url", "image_url": {"url": address}})
    return {"role": turn.role, "content": parts}


def slots() -> int:
    """Such servers answer several calls together; how many is not told."""
    return int(settings.ENGINE_SLOTS)


async def hosts(call: Call) -> list[str]:
    return [NAME]


def chat(call: Call) -> AsyncGenerator[Delta, None]:
    asked = chat_request(call)
    return think_tags.told_apart(pieces(asked, settings.OPENAI_API_KEY, call.model.name), call)


async def pieces(asked: Request, key: str, model: str) -> AsyncGenerator[Delta, None]:
    """What such a server writes, of whatever address."""
    end = _End()
    async with wire.stream(asked.url, asked.body, key=key, model=model) as reads:
        async for lines in reads:
            told = [line[5:].strip() for line in lines if line.startswith(b"data:")]
            for piece in joined(map(end.piece, takewhile(DONE.__ne__, told))):
                yield piece
            if DONE in told:
                break
    if not end.reason:
        raise EngineCut()
    reason = "length" if end.reason == "length" else "stop"
    calls = end.tools.calls(cut=reason == "length")
    yield Delta(done=True, reason=reason, usage=end.usage, calls=calls)


class _End:
    """What is told of the end of an answer, in any of its events."""

    def __init__(self) -> None:
        self.reason, self.usage = "", _usage({})
        self.tools = tool_calls.Fragments()

    def piece(self, data: bytes) -> Delta:
        event = _event(data)
        choice = _choice(event)
        self.tools.add(wire.inner(choice, "delta"))
        piece, ended = _piece(event, choice)
        self.reason = ended or self.reason
        if isinstance(event.get("usage"), dict):
            self.usage = _usage(event)
        return piece


def _event(data: bytes) -> dict[str, object]:
    event = wire.parsed(data)
    if event.get("error"):
        raise wire.refusal(500, data, "", "")
    return event


def _choice(event: Mapping[str, object]) -> dict[str, object]:
    choices = event.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    return choice if isinstance(choice, dict) else {}


def _piece(event: Mapping[str, object], choice: Mapping[str, object]) -> tuple[Delta, str]:
    delta = wire.inner(choice, "delta")
    thinking = delta.get("reasoning_content") or delta.get("reasoning") or ""
    piece = Delta(str(delta.get("content") or ""), str(thinking), prompt=_prompt(event))
    return piece, str(choice.get("finish_reason") or "")


def _prompt(event: Mapping[str, object]) -> tuple[int, int] | None:
    """How much of the prompt is read, without what was kept of an earlier one."""
    told = wire.inner(event, "prompt_progress")
    kept = int(wire.number(told, "cache"))
    done, total = (int(wire.number(told, name)) - kept for name in ("processed", "total"))
    return (done, total) if told and 0 <= done <= total else None


def _usage(event: Mapping[str, object]) -> dict[str, int | float]:
    """With what llama.cpp tells beyond that: which tokens it had kept, and its milliseconds."""
    counts, timings = wire.inner(event, "usage"), wire.inner(event, "timings")
    usage: dict[str, int | float] = {
        "prompt_tokens": wire.number(counts, "prompt_tokens"),
        "answer_tokens": wire.number(counts, "completion_tokens"),
    }
    details = wire.inner(counts, "prompt_tokens_details")
    if "cached_tokens" in details:
        usage["kept_tokens"] = wire.number(details, "cached_tokens")
    for name, theirs in (("prompt_seconds", "prompt_ms"), ("answer_seconds", "predicted_ms")):
        if milliseconds := wire.number(timings, theirs):
            usage[name] = milliseconds / 1000
    return usage


def is_loaded(call: Call) -> bool | None:
    """The interface has no word for it."""
    return None


def count(model: str, turns: Sequence[Turn]) -> int | None:
    """By a road beside /v1 that vLLM has (for turns) and llama.cpp (for a text)."""
    url = f"{settings.OPENAI_BASE_URL.removesuffix('/v1')}/tokenize"
    body = {
        "model": model,
        "messages": [{"role": turn.role, "content": turn.content} for turn in turns],
        "content": "\n".join(turn.content for turn in turns),
    }
    try:
        answer = wire.ask(
            "POST", url, body=body, key=settings.OPENAI_API_KEY, model=model, seconds=PROBE_SECONDS
        )
    except EngineError:
        return None
    counted, tokens = answer.get("count"), answer.get("tokens")
    if isinstance(counted, int):
        return counted
    return len(tokens) + TEMPLATE_TOKENS * len(turns) if isinstance(tokens, list) else None


def embed(model: str, texts: Sequence[str]) -> list[list[float]]:
    return vectors.embedded(partial(_embed, model), texts)


def _embed(model: str, texts: Sequence[str]) -> list[list[float]]:
    body = {"model": model, "input": list(texts), "encoding_format": "float"}
    seconds = settings.FIRST_BYTE_SECONDS
    key = settings.OPENAI_API_KEY
    answer = wire.ask("POST", _url("/embeddings"), body=body, key=key, model=model, seconds=seconds)
    return in_order(answer)


def in_order(answer: Mapping[str, object]) -> list[list[float]]:
    """The vectors of an /embeddings answer, by their `index`, not by their place."""
    data = answer.get("data")
    try:
        entries = sorted(data, key=lambda entry: entry["index"])  # type: ignore[call-overload]
        return [entry["embedding"] for entry in entries]
    except (TypeError, KeyError, IndexError) as error:
        raise EngineError(
            Sentence("The engine sent vectors in a form that is not known.")
        ) from error
