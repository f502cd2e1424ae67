"""/api/chat and /api/generate: tokens by script, counted as Ollama counts."""

import json
import re
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

from tests.engine_server.plumbing import Exchange, Refused, Route
from tests.engine_server.scripts import Script
from tests.engine_server.stock import Installed, keep_alive_seconds, named

STALL_SECONDS = 3600.0
BUSY = "server busy, please try again.  maximum pending requests exceeded"
TOO_LONG = (
    "the prompt is longer than the context length currently available to the model; "
    "shorten the prompt or raise num_ctx"
)


class Plan(NamedTuple):
    thinking: list[str]
    tokens: list[str]
    reason: str | None
    prompt_tokens: int
    fresh: bool  # the model was loaded for this


def count(text: str) -> int:
    return len(text.split())


def split(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def _chat(exchange: Exchange) -> None:
    model = named(exchange)
    body, messages = exchange.body, exchange.body.get("messages") or []
    keep = keep_alive_seconds(body.get("keep_alive"))
    if not messages:
        return _load_or_unload(exchange, model, keep)
    _check(model, body)
    with _turn(exchange):
        script = exchange.engine.next_script()
        exchange.wait(script.first_byte_delay)
        if script.status != 200:
            raise Refused(script.status, script.error)
        plan = _planned(exchange, model, script, keep)
        if body.get("stream", True):
            return _stream(exchange, script, plan)
        whole = {"content": "".join(plan.tokens)}
        if plan.thinking:
            whole["thinking"] = "".join(plan.thinking)
        return exchange.json(200, _final(exchange, script, plan, whole))


def _load_or_unload(exchange: Exchange, model: Installed, keep: float) -> None:
    stock = exchange.engine.stock
    if keep:
        stock.load(model, _num_ctx(exchange, model), keep)
    else:
        stock.unload(model.name)
    message = {"role": "assistant", "content": ""}
    reason = "load" if keep else "unload"
    exchange.json(200, _head(exchange) | {"message": message, "done": True, "done_reason": reason})


def _check(model: Installed, body: dict) -> None:
    if "completion" not in model.capabilities:
        raise Refused(400, f'"{body["model"]}" does not support chat')
    if body.get("think") and "thinking" not in model.capabilities:
        raise Refused(400, f'"{body["model"]}" does not support thinking')
    for message in body["messages"]:
        _check_images(model, message.get("images") or [])
    if body.get("tools") and "tools" not in model.capabilities:
        raise Refused(400, f"registry.ollama.ai/library/{model.name} does not support tools")


def _check_images(model: Installed, images: list[str]) -> None:
    """As Go reads a list of []byte: plain base64, and nothing before it."""
    for each in images:
        try:
            data = b64decode(each, validate=True)
        except ValueError as error:
            raise Refused(400, "illegal base64 data at input byte 4") from error
        if not data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n")):
            raise Refused(400, "Failed to load image or audio file")
    if images and "vision" not in model.capabilities:
        raise Refused(500, "this model is missing data required for image input")


@contextmanager
def _turn(exchange: Exchange) -> Iterator[None]:
    """A place among the slots; 503 when too many wait."""
    engine = exchange.engine
    with engine.turn:
        if engine.slots and engine.busy >= engine.slots:
            if engine.waiting >= engine.queue_limit:
                raise Refused(503, BUSY)
            engine.waiting += 1
            try:
                while engine.busy >= engine.slots:
                    engine.turn.wait(0.05)
                    exchange.wait(0)
            finally:
                engine.waiting -= 1
        engine.busy += 1
        engine.peak = max(engine.peak, engine.busy)
    try:
        yield
    finally:
        with engine.turn:
            engine.busy -= 1
            engine.turn.notify_all()


def _num_ctx(exchange: Exchange, model: Installed) -> int:
    asked = (exchange.body.get("options") or {}).get("num_ctx") or exchange.engine.default_ctx
    if not isinstance(asked, int):
        raise Refused(500, 'option "num_ctx" must be of type integer')
    return max(4, min(asked, model.window))


def _planned(exchange: Exchange, model: Installed, script: Script, keep: float) -> Plan:
    body, num_ctx = exchange.body, _num_ctx(exchange, model)
    made = (body.get("shift", True), (body.get("options") or {}).get("num_batch"))
    fresh = exchange.engine.stock.load(model, num_ctx, keep, made)
    messages, prompt = _fitted(exchange, num_ctx)
    text = script.answer(messages) if callable(script.answer) else script.answer
    tokens = [text] if script.whole else split(text)
    limit = (body.get("options") or {}).get("num_predict", -1)
    if not body.get("shift", True):
        room = max(1, num_ctx - prompt)
        limit = min(limit, room) if limit > 0 else room
    cut = 0 < limit < len(tokens)
    may_think = script.thinks_always or body.get("think") is not False
    thinks = "thinking" in model.capabilities and may_think
    thinking = split(script.thinking) if thinks else []
    reason = "length" if cut else script.done_reason
    seen = int(prompt * script.seen)
    return Plan(thinking, tokens[:limit] if cut else tokens, reason, seen, fresh)


def _fitted(exchange: Exchange, num_ctx: int) -> tuple[list[dict], int]:
    """What is left of the messages, and its tokens: the oldest are dropped unless told not to."""
    body, tokens = exchange.body, exchange.engine.tokens
    messages = list(body["messages"])
    sizes = [tokens(message.get("content", "")) + 4 for message in messages]
    while sum(sizes) > num_ctx:
        if not body.get("truncate", True):
            raise Refused(400, TOO_LONG)
        old = [n for n, message in enumerate(messages[:-1]) if message["role"] != "system"]
        if not old:
            return messages, num_ctx
        del messages[old[0]], sizes[old[0]]
    return messages, sum(sizes)


def _head(exchange: Exchange) -> dict[str, object]:
    now = datetime.now(UTC).isoformat().replace("+00:00", "123Z")
    return {"model": exchange.body.get("model"), "created_at": now}


def _stream(exchange: Exchange, script: Script, plan: Plan) -> None:
    lines = [{"content": "", "thinking": text} for text in plan.thinking]
    tokens = plan.tokens[:-1] if script.final_text else plan.tokens
    lines += [{"content": text} for text in tokens]
    last = plan.tokens[-1] if script.final_text and plan.tokens else ""
    pause = 1 / script.rate if script.rate else 0
    began = time.monotonic()
    for number, message in enumerate(lines):
        if _trouble(exchange, script, number):
            return
        exchange.wait(max(0, began + number * pause - time.monotonic()))
        if script.blank_tokens:
            _put(exchange, script, _token(exchange, {"content": ""}))
        _put(exchange, script, _token(exchange, message))
        exchange.sent += 1
    if not _trouble(exchange, script, len(lines)):
        for name, arguments in script.calls if exchange.body.get("tools") else ():
            called = [{"function": {"name": name, "arguments": arguments}}]
            _put(exchange, script, _token(exchange, {"content": "", "tool_calls": called}))
        _put(exchange, script, _final(exchange, script, plan, {"content": last}), last=True)
        exchange.end()


def _trouble(exchange: Exchange, script: Script, sent: int) -> bool:
    """Whether the script ends the stream here."""
    if sent == script.stall_after:
        exchange.wait(STALL_SECONDS)
    if sent == script.error_after:
        exchange.line({"error": script.error})
        exchange.end()
    elif sent == script.cut_after:
        exchange.write(b"\n")
        exchange.end()
    elif sent == script.reset_after:
        exchange.write(b'{"model": "x", "message": {"content": "half a li')
        exchange.reset()
    else:
        return False
    return True


def _token(exchange: Exchange, message: dict[str, object]) -> dict[str, object]:
    return _head(exchange) | {"message": {"role": "assistant", **message}, "done": False}


def _final(
    exchange: Exchange, script: Script, plan: Plan, message: dict[str, str]
) -> dict[str, object]:
    line = _head(exchange) | {"message": {"role": "assistant", **message}, "done": True}
    if plan.reason:
        line["done_reason"] = plan.reason
    if script.remote_host:
        line["remote_host"] = script.remote_host
    if script.metrics:
        load = 1_500_000_000 if plan.fresh else 20_000_000
        line |= {
            "total_duration": load + 300_000_000,
            "load_duration": load,
            "prompt_eval_count": plan.prompt_tokens,
            "prompt_eval_duration": 100_000_000,
            "eval_count": len(plan.thinking) + len(plan.tokens),
            "eval_duration": 200_000_000,
        }
    return line


def _put(
    exchange: Exchange, script: Script, line: dict[str, object], *, last: bool = False
) -> None:
    """Put a line on the wire in the shape that the script asks for."""
    data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
    held: bytes = getattr(exchange, "held", b"")
    if script.writes == "pairs" and not held and not last:
        exchange.held = data
        return
    exchange.held = b""
    data = held + data
    if script.writes == "bare" and last:
        data = data.rstrip(b"\n")
    step = {"halves": len(data) // 2 + 1, "bytes": 7}.get(script.writes, len(data))
    for start in range(0, len(data), step):
        exchange.write(data[start : start + step])
        if step < len(data):
            exchange.wait(0.001)  # so that the client really reads it apart


def _generate(exchange: Exchange) -> None:
    """Only to load and unload: the program under test does not generate by it."""
    model = named(exchange)
    keep = keep_alive_seconds(exchange.body.get("keep_alive"))
    if keep and "completion" not in model.capabilities:
        raise Refused(400, f'"{exchange.body["model"]}" does not support generate')
    _load_or_unload(exchange, model, keep)


ROUTES: dict[tuple[str, str], Route] = {
    ("POST", "/api/chat"): _chat,
    ("POST", "/api/generate"): _generate,
}
