"""Speaking to an ASGI application over a real loopback connection's ends, without a server."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

End = tuple[str, int]


class Ends(NamedTuple):
    """Client and server address of one connection, as a server tells them to its application."""

    client: End | None
    server: End

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server[1]}"


@contextmanager
def connected() -> Iterator[Ends]:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        yield Ends(client.getsockname(), server.getsockname())


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


def scope(kind: str, path: str, ends: Ends, headers: dict[str, str] | list) -> dict[str, Any]:
    """`headers` as pairs may repeat a name; a Host is added unless one is given."""
    pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
    if not any(name.lower() == "host" for name, _ in pairs):
        pairs.append(("host", ends.host))
    url = urlsplit(path)
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "path": url.path,
        "raw_path": quote(url.path).encode(),
        "query_string": url.query.encode(),
        "root_path": "",
        "subprotocols": [],
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
            for name, value in pairs
            if value is not None
        ],
        "client": list(ends.client) if ends.client else None,
        "server": list(ends.server),
    }


async def request(app, path, ends, *, method="GET", headers=(), body=b"") -> Answer:
    told: list[dict[str, Any]] = []
    asked = asyncio.Queue()
    asked.put_nowait({"type": "http.request", "body": body, "more_body": False})
    whole = {**scope("http", path, ends, headers), "method": method}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    await asyncio.wait_for(app(whole, asked.get, send), 20)
    found = {name.decode().lower(): value.decode() for name, value in told[0]["headers"]}
    return Answer(told[0]["status"], found, b"".join(each.get("body", b"") for each in told[1:]))


async def knock(app, ends, *, path="/ws/", headers=()) -> dict[str, Any]:
    """The first thing that the application says to somebody who opens a websocket."""
    asked, told = asyncio.Queue(), asyncio.Queue()
    asked.put_nowait({"type": "websocket.connect"})
    running = asyncio.create_task(app(scope("websocket", path, ends, headers), asked.get, told.put))
    first = await asyncio.wait_for(told.get(), 10)
    asked.put_nowait({"type": "websocket.disconnect", "code": 1000})
    await asyncio.wait_for(asyncio.gather(running, return_exceptions=True), 10)
    return first
