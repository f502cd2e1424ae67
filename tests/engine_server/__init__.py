"""A stand-in for Ollama over real HTTP, which answers by script. It computes nothing.

    with EngineServer() as server:
        server.script(answer="Forty-two.", rate=20)
        …  # server.url, server.requests, server.closed

By hand: python -m tests.engine_server --port 11434
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Literal, NamedTuple, Self

from tests.engine_server import chatting, embedding, pulling, stock, v1
from tests.engine_server.plumbing import Listener, Route
from tests.engine_server.scripts import Embeds, Pulls, Reranks, Script
from tests.engine_server.stock import DEFAULT_MODELS, Installed, Stock

__all__ = ["Closed", "EngineServer", "Installed", "Recorded"]

ROUTES: dict[tuple[str, str], Route] = {
    **stock.ROUTES,
    **chatting.ROUTES,
    **embedding.ROUTES,
    **pulling.ROUTES,
    **v1.ROUTES,
}


class Recorded(NamedTuple):
    method: str
    path: str
    body: dict
    at: float  # time.monotonic


class Closed(NamedTuple):
    """A client that hung up before its answer was whole."""

    path: str
    sent: int  # tokens of a chat, lines of a pull
    at: float  # time.monotonic, when it was noticed: within 20 ms


class EngineServer:
    """`slots` answers at once (0: any number), `queue_limit` wait, the next gets 503."""

    def __init__(
        self,
        models: Iterable[Installed] = DEFAULT_MODELS,
        *,
        port: int = 0,
        slots: int = 0,
        queue_limit: int = 512,
        default_ctx: int = 4096,
    ) -> None:
        self._models = tuple(models)
        self.stock = Stock(self._models)
        self.slots, self.queue_limit, self.default_ctx = slots, queue_limit, default_ctx
        self.scripts: list[Script] = []
        self.embeds, self.pulls, self.reranks = Embeds(), Pulls(), Reranks()
        self.tokens: Callable[[str], int] = chatting.count  # in a text, as its models count
        self.tokenizes: Literal["", "turns", "text"] = ""  # beside /v1
        self.requests: list[Recorded] = []
        self.closed: list[Closed] = []
        self.busy = self.waiting = self.peak = 0
        self.turn = threading.Condition()
        self.partial: dict[str, int] = {}  # bytes of a pull that was closed: the next one resumes
        self._standing = Script()
        self._listener: Listener | None = None
        self.port = port

    def reset(self) -> None:
        """As new, at the same address, also after `stop`."""
        self.stock = Stock(self._models)
        self._standing, self.embeds, self.pulls = Script(), Embeds(), Pulls()
        self.reranks = Reranks()
        self.tokens, self.tokenizes = chatting.count, ""
        for kept in (self.scripts, self.requests, self.closed, self.partial):
            kept.clear()
        self.peak = self.busy
        if not self._listener:
            self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def script(self, **changes: object) -> None:
        """How chats are answered from now on; what is not named is as usual."""
        self._standing = replace(Script(), **changes)

    def script_once(self, **changes: object) -> None:
        """How the next chat is answered; may be called several times to line answers up."""
        self.scripts.append(replace(Script(), **changes))

    def next_script(self) -> Script:
        return self.scripts.pop(0) if self.scripts else self._standing

    def embedding(self, **changes: object) -> None:
        self.embeds = replace(Embeds(), **changes)

    def reranking(self, **changes: object) -> None:
        self.reranks = replace(Reranks(), **changes)

    def pulling(self, **changes: object) -> None:
        self.pulls = replace(Pulls(), **changes)

    def record(self, method: str, path: str, body: dict) -> None:
        self.requests.append(Recorded(method, path, body, time.monotonic()))

    def asked(self, path: str) -> list[dict]:
        """The bodies of the requests for this path."""
        return [request.body for request in self.requests if request.path == path]

    def asked_in(self, words: str) -> dict:
        """The newest chat that ends in these words; a title may be asked for after an answer."""
        chats = reversed(self.asked("/api/chat"))
        return next(body for body in chats if body["messages"][-1]["content"] == words)

    def note_closed(self, path: str, sent: int) -> None:
        self.closed.append(Closed(path, sent, time.monotonic()))

    def wait_asked(self, path: str, seconds: float = 5.0) -> None:
        end = time.monotonic() + seconds
        while not self.asked(path) and time.monotonic() < end:
            time.sleep(0.01)

    def wait_closed(self, count: int = 1, seconds: float = 5.0) -> list[Closed]:
        """Wait until so many clients have hung up."""
        end = time.monotonic() + seconds
        while len(self.closed) < count and time.monotonic() < end:
            time.sleep(0.01)
        return self.closed

    def start(self) -> Self:
        self._listener = Listener(self.port, self, ROUTES)
        self.port = self._listener.server_port
        self._listener.run()
        return self

    def stop(self) -> None:
        """Go away: nothing listens and every connection is cut. `start` comes back there."""
        if self._listener:
            self._listener.cut()
            self._listener = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
