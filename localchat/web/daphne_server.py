"""Daphne as we run it: what is uploaded stays on disk until somebody reads it.

    python -m localchat.web.daphne_server [Daphne's options] localchat.asgi:application

Left to itself, Twisted takes every form apart in memory, at ten times its size, and Daphne hands a
body over whole. Here it is handed over in pieces, and one that is too large is refused before it
has come.
"""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, BinaryIO

import daphne.http_protocol
from daphne.cli import CommandLineInterface
from daphne.server import Server
from django.conf import settings
from twisted.internet import reactor

from localchat import log_lines
from localchat.lib import garbage
from localchat.lib.errors import TooLarge
from localchat.lib.sentences import Sentence

BLOCK = 1 << 16  # bytes
FORM = 1_000_000  # bytes that a form may have around its file
LISTEN_SECONDS = 2  # to what a refused client still sends: it would miss the answer otherwise
BODY = "localchat.body"

Receive = Callable[[], Awaitable[dict[str, Any]]]


class Request(daphne.http_protocol.WebRequest):
    content: BinaryIO
    body: BinaryIO
    kinds: list[bytes]
    received = 0
    refused = False

    def gotLength(self, length: int | None) -> None:
        super().gotLength(length)
        self._look_at(length or 0)

    def handleContentChunk(self, data: bytes) -> None:
        self.received += len(data)
        self._look_at(self.received)
        if not self.refused:
            super().handleContentChunk(data)

    def _look_at(self, size: int) -> None:
        if size > settings.MAX_UPLOAD_MB * 1_000_000 + FORM and not self.refused:
            self.refused = True
            # Twisted would answer to this header that we want to hear more.
            self.requestHeaders.removeHeader(b"expect")
            self.channel.transport.write(_refusal())
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
        self.body, self.content = self.content, io.BytesIO()
        self.body.seek(0)
        return super().process()


def _refusal() -> bytes:
    error = TooLarge(
        Sentence(
            "This is more than the %(max_upload_mb)s MB that can be sent at once.",
            max_upload_mb=settings.MAX_UPLOAD_MB,
        )
    )
    body = json.dumps(error.as_json()).encode()
    lines = [
        "HTTP/1.1 413 Content Too Large",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


class BodyServer(Server):
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
    log_lines.guard_threads()
    reactor.callWhenRunning(garbage.spare)  # type: ignore[attr-defined]
    Command.entrypoint()
