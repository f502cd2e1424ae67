"""Daphne as we run it: what is uploaded stays on disk until somebody reads it.

    python -m localchat.web.daphne_server [Daphne's options] localchat.asgi:application

Left to itself, Twisted takes every form apart in memory, at ten times its size, and Daphne hands a
body over whole. Here it is handed over in pieces, and one that is too large is refused before it
has come, as is that of a stranger.
"""

import asyncio
import importlib
import io
import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, BinaryIO
from urllib.parse import unquote

import daphne.http_protocol
import daphne.server
from daphne.cli import CommandLineInterface
from daphne.server import Server
from django.conf import settings
from twisted.internet import reactor
from twisted.web import http

from localchat import log_lines
from localchat.accounts import refusals
from localchat.lib import garbage
from localchat.lib.errors import LocalChatError, TooLarge
from localchat.lib.sentences import Sentence
from localchat.web import connections

BLOCK = 1 << 16  # bytes
FORM = 1_000_000  # bytes that a form may have around its file
LISTEN_SECONDS = 2  # to what a refused client still sends: it would miss the answer otherwise
BODY = "localchat.body"
# Headers that Daphne would obey, from anybody: one moves all roads. We use neither.
OBEYED = (b"daphne-root-path", b"sec-websocket-protocol")

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]


class Request(daphne.http_protocol.WebRequest):
    content: BinaryIO
    body: BinaryIO
    kinds: list[bytes]
    looking: asyncio.Task[None] | None = None
    received = 0
    refused = False

    def gotLength(self, length: int | None) -> None:
        """Nothing is read on, and no place made for a body, until it is known who sends it."""
        if length == 0:
            super().gotLength(length)
        elif not self._is_too_large(length or 0):
            # Twisted would answer to this header that we want to hear more.
            expects = self.requestHeaders.getRawHeaders(b"expect") or []
            self.requestHeaders.removeHeader(b"expect")
            self.channel.hold()
            self.looking = asyncio.ensure_future(self._look(length, expects))

    async def _look(self, length: int | None, expects: list[bytes]) -> None:
        said: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        try:
            await self.server.doorkeeper.look(_scope(self), length, send)
        except Exception as error:
            logger.error("it could not be found out who sends a body", exc_info=error)
            await refusals.refuse(_scope(self), LocalChatError(), send)
        if self.channel is None:  # the connection is lost
            return
        if said:
            self._refuse(said[0]["status"], said[0]["headers"], said[1]["body"])
        else:
            super().gotLength(length)
            expected = [each.lower() for each in expects] == [b"100-continue"]
            if expected and self.channel._version == b"HTTP/1.1":
                self.channel._send100Continue()
        self.channel.go_on()

    def connectionLost(self, reason: Any) -> None:
        if self.looking:
            self.looking.cancel()
        super().connectionLost(reason)

    def handleContentChunk(self, data: bytes) -> None:
        self.received += len(data)
        if not self._is_too_large(self.received):
            super().handleContentChunk(data)

    def _is_too_large(self, size: int) -> bool:
        """Or refused before."""
        if size > settings.MAX_UPLOAD_MB * 1_000_000 + FORM and not self.refused:
            self.requestHeaders.removeHeader(b"expect")
            error = TooLarge(
                Sentence(
                    "This is more than the %(max_upload_mb)s MB that can be sent at once.",
                    max_upload_mb=settings.MAX_UPLOAD_MB,
                )
            )
            kind = (b"content-type", b"application/json")
            self._refuse(error.status, [kind], json.dumps(error.as_json()).encode())
        return self.refused

    def _refuse(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.refused = True
        lines = [b"HTTP/1.1 %d %s" % (status, http.RESPONSES.get(status, b""))]
        lines += [b"%s: %s" % each for each in headers if each[0].lower() != b"content-length"]
        lines += [b"Content-Length: %d" % len(body), b"Connection: close", b"", body]
        self.channel.transport.write(b"\r\n".join(lines))
        reactor.callLater(LISTEN_SECONDS, self.channel.loseConnection)  # type: ignore[arg-type]

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """Twisted takes apart what it knows to be a form."""
        if not self.refused:
            self.kinds = self.requestHeaders.getRawHeaders(b"content-type") or []
            self.requestHeaders.removeHeader(b"content-type")
            super().requestReceived(command, path, version)

    def process(self) -> Any:
        """Daphne reads all of `content` at once."""
        if self.kinds:
            self.requestHeaders.setRawHeaders(b"content-type", self.kinds)
        for name in OBEYED:
            self.requestHeaders.removeHeader(name)
        self.body, self.content = self.content, io.BytesIO()
        self.body.seek(0)
        return super().process()


def _scope(request: Request) -> dict[str, Any]:
    """As Daphne will make it of the whole request."""
    channel = request.channel
    path, _, query = channel._path.partition(b"?")
    pairs = request.requestHeaders.getAllRawHeaders()
    return {
        "type": "http",
        "method": channel._command.decode("latin-1"),
        "path": unquote(path.decode("latin-1")),
        "query_string": query,
        "root_path": "",
        "headers": [
            (name.lower(), each) for name, all_ in pairs if b"_" not in name for each in all_
        ],
        "client": _end(request.client),
        "server": _end(request.host),
    }


def _end(address: Any) -> list[Any] | None:
    """None for a unix socket."""
    return [str(address.host), address.port] if hasattr(address, "port") else None


class BodyServer(Server):
    def __init__(self, application: Any, **facts: Any) -> None:
        super().__init__(application, **facts)
        # Only now: it needs the program, which the application has set up.
        self.doorkeeper = importlib.import_module("localchat.web.doorkeeper")

    def run(self) -> None:
        importlib.import_module("localchat.kept_settings.watching").begin()
        super().run()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, Request):
            scope[BODY] = protocol.body
        return super().create_application(protocol, scope)


class Bodies:
    """ASGI: the body in pieces, as they are asked for."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Any) -> None:
        body = scope.pop(BODY, None)
        if body is None:
            await self.app(scope, receive, send)
            return
        with body:
            await self.app(scope, partial(_piece, body, receive), send)


async def _piece(body: BinaryIO, receive: Receive) -> dict[str, Any]:
    if body.closed:
        return await receive()
    piece = body.read(BLOCK)
    await asyncio.sleep(0)  # others want to go on too
    if len(piece) == BLOCK:
        return {"type": "http.request", "body": piece, "more_body": True}
    body.close()
    said = await receive()  # Daphne's word that there is nothing more, or that the client is gone
    return {**said, "body": piece} if said["type"] == "http.request" else said


class Command(CommandLineInterface):
    server_class = staticmethod(
        lambda application, **facts: BodyServer(Bodies(application), **facts)
    )


if __name__ == "__main__":
    daphne.http_protocol.WebRequest = Request
    daphne.server.HTTPFactory = connections.Bounded
    connections.raise_limit()
    log_lines.guard_threads()
    reactor.callWhenRunning(garbage.spare)  # type: ignore[attr-defined]
    Command.entrypoint()
