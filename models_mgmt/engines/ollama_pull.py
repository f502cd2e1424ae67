"""A pull from Ollama, one line at a time, that any thread can end."""

import json
import re
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Self
from urllib.parse import urlsplit

from localchat.lib.errors import EngineBusy, EngineCut, EngineError, EngineStalled, ModelMissing
from localchat.lib.sentences import Sentence
from models_mgmt.engines import wire
from models_mgmt.engines.protocol import PullStep

_DIGEST = re.compile(r"(?:sha256[:-])?\b[0-9a-f]{64}\b")
_BROKEN = re.compile(r"(?:^|[:\s])(5\d\d|429)(?=:|$| (?:Internal|Bad|Service|Gateway|Too Many))")
PASSING = {"429", "502", "503", "504"}  # of a library that may answer in a moment
SILENT_SECONDS = 900.0  # verifying a large layer says nothing for minutes


class OllamaPull:
    """By http.client: its socket can be shut down by another thread while this one waits in it."""

    def __init__(self, host: str, model: str) -> None:
        self.model = model
        self.url = f"{host}/api/pull"
        self._connection = _connection(self.url)
        self._response: HTTPResponse | None = None
        self._closed = False
        self._over = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> PullStep:
        if self._over:
            raise StopIteration
        try:
            line = self._line()
        except TimeoutError as error:
            raise self._ended(EngineStalled(Sentence("The engine stopped sending."))) from error
        except (OSError, HTTPException, ValueError, AttributeError) as error:
            # Once closed by another thread http.client fails in any of these ways.
            raise self._ended(self._cut()) from error
        if self._closed or not line:
            raise self._ended(self._cut())
        return self._step(wire.parsed(line))

    def _line(self) -> bytes:
        if self._response is None:
            self._response = self._opened()
        while line := self._response.readline(wire.LINE_BYTES):
            if line.strip():
                return line
        return b""

    def _opened(self) -> HTTPResponse:
        # Whoever writes http:// wants no encryption.
        plain = {"insecure": True} if self.model.startswith("http://") else {}
        body = json.dumps({"model": self.model, "stream": True, **plain})
        try:
            self._connection.connect()
        except OSError as error:
            raise self._ended(wire.unreachable(self.url)) from error
        self._connection.sock.settimeout(SILENT_SECONDS)
        if self._closed:
            raise ConnectionAbortedError
        path = urlsplit(self.url).path
        self._connection.request("POST", path, body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        if response.status != 200:
            problem = wire.refusal(response.status, response.read(65_536), self.url, self.model)
            if response.status >= 500 and not isinstance(problem, EngineBusy):
                problem = EngineCut(problem.message)  # it may pass, unlike an error line
            raise self._ended(problem)
        return response

    def _step(self, line: dict[str, object]) -> PullStep:
        if "error" in line:
            raise self._ended(_failure(str(line["error"]), self.model))
        if line.get("status") == "success":
            self._finish()
        return PullStep(
            status=str(line.get("status", "")),
            digest=str(line.get("digest") or ""),
            completed=_bytes(line, "completed"),
            total=_bytes(line, "total"),
            raw=line,
        )

    def _cut(self) -> EngineCut:
        return EngineCut(Sentence("The engine broke off in the middle of the pull."))

    def _ended(self, problem: EngineError) -> Exception:
        """What the iteration ends with: nothing to complain of when it was closed."""
        self._finish()
        return StopIteration() if self._closed else problem

    def _finish(self) -> None:
        """By the reading thread alone: closing a file that another one reads would wait for it."""
        self._over = True
        if self._response is not None:
            self._response.close()
        self._connection.close()

    def close(self) -> None:
        self._closed = True
        if connected := self._connection.sock:
            try:
                connected.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # gone already

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._finish()


def _connection(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=wire.CONNECT_SECONDS)


def _bytes(line: Mapping[str, object], field: str) -> int | None:
    value = line.get(field)
    return value if isinstance(value, int) else None


def _failure(said: str, model: str) -> EngineError:
    said = _DIGEST.sub("…", said)
    if "file does not exist" in said:
        return ModelMissing(
            Sentence("Ollama's library has no model called “%(model)s”.", model=model)
        )
    if "no space left" in said:
        return EngineError(Sentence("The disk of the engine is full."))
    if re.search(r"\b412\b", said):
        return EngineError(Sentence("The model “%(model)s” needs a newer Ollama.", model=model))
    if "digest mismatch" in said:
        return EngineError(
            Sentence(
                "Part of “%(model)s” arrived damaged and was thrown away. Pull it again.",
                model=model,
            )
        )
    if broken := _BROKEN.search(said):
        kind = EngineBusy if broken[1] in PASSING else EngineError
        return kind(
            Sentence(
                "The library that “%(model)s” comes from is out of order (status %(status)s)."
                " Please try again later.",
                model=model,
                status=broken[1],
            )
        )
    if "no such host" in said:
        return EngineError(Sentence("Ollama cannot reach its library. Is there a network?"))
    if "max retries exceeded" in said:
        # Ollama says no more, also where the library answered each time with an error.
        return EngineError(
            Sentence(
                "The library that “%(model)s” comes from broke off again and again. What has come is kept. Please try again later.",
                model=model,
            )
        )
    return EngineError(Sentence("The engine says: %(said)s", said=" ".join(said.split())[:300]))
