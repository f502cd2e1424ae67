"""OpenAI's interface to the same scripts."""

import json
import time
from collections.abc import Iterator

from tests.engine_server.chatting import count, split
from tests.engine_server.embedding import texts_of, vector_of
from tests.engine_server.plumbing import Exchange, Refused, Route
from tests.engine_server.scripts import Script
from tests.engine_server.stock import Installed


def _named(exchange: Exchange) -> Installed:
    name = exchange.body.get("model") or ""
    if model := exchange.engine.stock.find(name):
        return model
    raise Refused(404, f"The model `{name}` does not exist.")


def _models(exchange: Exchange) -> None:
    data = [
        {"id": model.name, "object": "model", "created": 0, "owned_by": model.owner}
        | ({"meta": {"n_ctx": model.n_ctx}} if model.n_ctx and model.tells_n_ctx else {})
        for model in exchange.engine.stock.models.values()
    ]
    exchange.json(200, {"object": "list", "data": data})


def _embeddings(exchange: Exchange) -> None:
    model, body = _named(exchange), exchange.body
    texts = texts_of(body.get("input"))
    vectors = [vector_of(model, text, {"truncate": False}) for text in texts]
    data = [
        {"object": "embedding", "index": index, "embedding": vector}
        for index, vector in enumerate(vectors)
    ]
    data.reverse()  # the order is in `index`
    tokens = sum(map(count, texts))
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    exchange.json(200, {"object": "list", "model": model.name, "data": data, "usage": usage})


def _text(message: dict) -> str:
    """Of a message in parts too; a picture is a data URI."""
    content = message["content"]
    if content is None or isinstance(content, str):
        return content or ""
    for part in content:
        address = part.get("image_url", {}).get("url", "data:image/jpeg;base64,")
        if not address.startswith("data:image/jpeg;base64,"):
            raise Refused(400, "Invalid image_url: expected a data URI.")
    return " ".join(part.get("text", "") for part in content)


def _completions(exchange: Exchange) -> None:
    model, script = _named(exchange), exchange.engine.next_script()
    if script.early_headers:
        exchange.begin("text/event-stream")
    _tell_reads(exchange, model, script)
    exchange.wait(script.first_byte_delay)
    if script.status != 200:
        raise Refused(script.status, script.error)
    messages = exchange.body["messages"]
    sent = sum(exchange.engine.tokens(_text(message)) for message in messages)
    if model.n_ctx and sent > model.n_ctx:
        size = f"({model.n_ctx} tokens)" if script.tells_sizes else "of this server"
        told = (
            f"request ({sent} tokens) exceeds the available context size {size}, try increasing it"
        )
        raise Refused(400, told)
    text = script.answer(messages) if callable(script.answer) else script.answer
    began, pause = time.monotonic(), 1 / script.rate if script.rate else 0
    parts = [("reasoning_content", part) for part in split(script.thinking)]
    parts += [("content", part) for part in split(text)]
    limit = exchange.body.get("max_tokens") or len(parts)
    for number, (field, part) in enumerate(parts[:limit]):
        if script.stall_after == number:
            exchange.wait(3600)
        if script.error_after == number:
            _event(exchange, {"error": {"message": script.error, "type": "server_error"}})
            return exchange.end()
        if script.cut_after == number:
            return exchange.end()
        exchange.wait(max(0, began + number * pause - time.monotonic()))
        _event(exchange, _chunk(model, {"delta": {field: part}, "finish_reason": None}))
        exchange.sent += 1
    called = _call_tools(exchange, model, script)
    reason = "length" if limit < len(parts) else called
    _event(exchange, _chunk(model, {"delta": {}, "finish_reason": reason}))
    prompt = sum(exchange.engine.tokens(_text(message)) for message in messages)
    usage = {"prompt_tokens": prompt, "completion_tokens": min(limit, len(parts))}
    usage["total_tokens"] = sum(usage.values())
    _event(exchange, _chunk(model, None) | {"usage": usage})
    exchange.write(b"data: [DONE]\n\n", "text/event-stream")
    return exchange.end()


def _call_tools(exchange: Exchange, model: Installed, script: Script) -> str:
    """By script, if it was told of some; returns why the answer ends."""
    calls = script.calls if exchange.body.get("tools") else ()
    for index, (name, arguments) in enumerate(calls):
        for piece in _pieces_of_call(index, name, json.dumps(arguments)):
            delta = {"delta": {"tool_calls": [piece]}, "finish_reason": None}
            _event(exchange, _chunk(model, delta))
    return "tool_calls" if calls else "stop"


def _pieces_of_call(index: int, name: str, arguments: str) -> Iterator[dict]:
    """The name first, then the arguments in halves."""
    begun = {"id": f"call_{index}", "type": "function"}
    yield {"index": index, **begun, "function": {"name": name, "arguments": ""}}
    half = len(arguments) // 2
    for piece in (arguments[:half], arguments[half:]):
        yield {"index": index, "function": {"arguments": piece}}


def _tell_reads(exchange: Exchange, model: Installed, script: Script) -> None:
    """As llama.cpp, when asked to, after each part of the prompt; 100 tokens were kept."""
    for done in script.reads if exchange.body.get("return_progress") else ():
        told = {"total": script.reads[-1] + 100, "cache": 100, "processed": done + 100}
        chunk = _chunk(model, {"delta": {"role": "assistant", "content": None}})
        _event(exchange, chunk | {"prompt_progress": {**told, "time_ms": 7}})


def _chunk(model: Installed, choice: dict | None) -> dict:
    choices = [{"index": 0, **choice}] if choice else []
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0}
    return head | {"model": model.name, "choices": choices}


def _event(exchange: Exchange, value: dict) -> None:
    exchange.write(b"data: " + json.dumps(value).encode() + b"\n\n", "text/event-stream")


def _rerank(exchange: Exchange) -> None:
    """As llama.cpp, vLLM and Infinity have it: here a text is the better the longer it is."""
    body, script = exchange.body, exchange.engine.reranks
    exchange.wait(script.delay)
    if script.status != 200:
        raise Refused(script.status, script.error)
    scores = sorted(((len(text), at) for at, text in enumerate(body["documents"])), reverse=True)
    results = [{"index": at, "relevance_score": score / 100} for score, at in scores]
    results = results[: script.top_n or body["top_n"]]
    if script.results is not None:
        results = script.results
    answer = {"model": body["model"], "object": "list", "results": results}
    if not script.dribbles:
        return exchange.json(200, answer)
    for byte in json.dumps(answer):
        exchange.write(byte.encode(), "application/json")
        exchange.wait(script.dribbles)
    return exchange.end()


def _tokenize(exchange: Exchange) -> None:
    """As vLLM has it, for turns, or llama.cpp, for a text; neither is part of the interface."""
    tokens = exchange.engine.tokens
    if exchange.engine.tokenizes == "turns":
        messages = exchange.body["messages"]
        counted = sum(tokens(message["content"]) for message in messages)
        return exchange.json(200, {"count": counted, "max_model_len": 8192})
    if exchange.engine.tokenizes == "text":
        return exchange.json(200, {"tokens": [0] * tokens(exchange.body["content"])})
    raise Refused(404, "Not found")


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/v1/models"): _models,
    ("POST", "/v1/embeddings"): _embeddings,
    ("POST", "/v1/chat/completions"): _completions,
    ("POST", "/v1/rerank"): _rerank,
    ("POST", "/tokenize"): _tokenize,
}
