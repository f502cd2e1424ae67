"""/api/pull: layers one after the other, with everything that goes wrong on the way."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress

from tests.engine_server.chatting import STALL_SECONDS
from tests.engine_server.plumbing import Exchange, Refused, Route
from tests.engine_server.scripts import Pulls
from tests.engine_server.stock import Installed, full

UNKNOWN = "nowhere"  # a model with this in its name is in no registry


class Ended(Exception):
    """The script ended the stream here."""


def _pull(exchange: Exchange) -> None:
    name = str(exchange.body.get("model") or exchange.body.get("name") or "")
    if not name or re.search(r"\s|\.\.|\?", name):
        raise Refused(400, "invalid model name")
    if exchange.body.get("stream", True) is False:
        exchange.engine.stock.install(Installed(name))
        return exchange.json(200, {"status": "success"})
    with suppress(Ended):
        _stream(exchange, name, exchange.engine.pulls)
    return exchange.end()


def _stream(exchange: Exchange, name: str, wish: Pulls) -> None:
    _put(exchange, {"status": "pulling manifest"})
    if UNKNOWN in name:
        return _put(exchange, {"error": "pull model manifest: file does not exist"})
    for line, done in _layers(exchange, name, wish):
        _put(exchange, line)
        _trouble(exchange, wish, done / sum(wish.layers), line)
    _put(exchange, {"status": "verifying sha256 digest"})
    exchange.wait(wish.verify_seconds)
    _put(exchange, {"status": "writing manifest"})
    if wish.removing:
        _put(exchange, {"status": "removing unused layers"})
    exchange.engine.partial.pop(full(name), None)
    embeds = ("embedding",) if "embed" in name else ("completion",)
    exchange.engine.stock.install(Installed(name, embeds, size=sum(wish.layers)))
    return _put(exchange, {"status": "success"})


def _put(exchange: Exchange, line: dict[str, object]) -> None:
    exchange.line(line)
    exchange.sent += 1


def _layers(exchange: Exchange, name: str, wish: Pulls) -> Iterator[tuple[dict[str, object], int]]:
    """Lines, and the bytes of all layers that are done by then."""
    engine, key, before = exchange.engine, full(name), 0
    pause = wish.seconds / (len(wish.layers) * wish.ticks)
    for number, total in enumerate(wish.layers):
        sha = hashlib.sha256(f"{key}/{number}".encode()).hexdigest()
        head: dict[str, object] = {"status": f"pulling {sha[:12]}", "digest": f"sha256:{sha}"}
        had = min(total, max(0, engine.partial.get(key, 0) - before))
        if number in wish.cached or had == total:
            before += total
            yield head | {"total": total, "completed": total}, before
            continue
        for completed in _steps(had, total, wish):
            exchange.wait(pause)
            engine.partial[key] = max(engine.partial.get(key, 0), before + completed)
            line = dict(head)
            if not (wish.unknown_total and completed == had):
                line["total"] = total
            if completed:
                line["completed"] = completed
            yield line, before + completed
        before += total


def _steps(had: int, total: int, wish: Pulls) -> list[int]:
    """Bytes at each line: the same twice at first, back once if asked, and not quite to the end."""
    steps = [had + (total - had) * tick // wish.ticks for tick in range(wish.ticks)]
    if wish.regress and len(steps) > 3:
        steps.insert(3, steps[1])
    return [had, *steps]


def _trouble(exchange: Exchange, wish: Pulls, done: float, line: dict[str, object]) -> None:
    if wish.stall_at is not None and done >= wish.stall_at:
        while wish.repeats:
            exchange.wait(0.06)
            _put(exchange, line)
        exchange.wait(STALL_SECONDS)
    if wish.error_at is not None and done >= wish.error_at:
        exchange.line({"error": wish.error})
        raise Ended
    if wish.cut_at is not None and done >= wish.cut_at:
        raise Ended


ROUTES: dict[tuple[str, str], Route] = {("POST", "/api/pull"): _pull}
