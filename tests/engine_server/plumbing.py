"""HTTP as Ollama speaks it: JSON in, NDJSON in chunks out, and an eye on clients that hang up."""

import json
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.engine_server import EngineServer

LOOK_SECONDS = 0.02
Route = Callable[["Exchange"], None]


class Gone(Exception):
    """The client hung up."""


class Refused(Exception):
    """An answer other than 200 before anything was sent."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status


class Exchange(BaseHTTPRequestHandler):
    """One request, its answer, and how much of it was sent when the client left."""

    server: "Listener"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self) -> None:
        self.sent, self.streaming = 0, False
        try:
            self._route()
        except Refused as error:
            said = {"message": str(error)} if self.path.startswith("/v1/") else str(error)
            self.json(error.status, {"error": said})
        except (Gone, ConnectionError):
            self.close_connection = True
            self.engine.note_closed(self.path, self.sent)

    do_GET = do_POST = do_DELETE = do_HEAD = do_PUT = answer

    def _route(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        method = "GET" if self.command == "HEAD" else self.command
        route = self.server.routes.get((method, self.path))
        if self.headers.get("Host", "").split(":")[0] not in {"127.0.0.1", "localhost"}:
            return self.plain(403, "")
        if route is None:
            known = any(path == self.path for _, path in self.server.routes)
            return self.plain(405 if known else 404, f"{405 if known else 404} page not found")
        self.body = self._parsed(raw) if method in {"POST", "DELETE"} else {}
        self.engine.record(method, self.path, self.body)
        return route(self)

    def _parsed(self, raw: bytes) -> dict:
        if not raw:
            raise Refused(400, "missing request body")
        try:
            return dict(json.loads(raw))
        except ValueError as error:
            raise Refused(400, "invalid character looking for beginning of value") from error

    @property
    def engine(self) -> "EngineServer":
        return self.server.engine

    def json(self, status: int, value: Mapping[str, object]) -> None:
        self._whole(status, "application/json; charset=utf-8", json.dumps(value).encode())

    def plain(self, status: int, text: str) -> None:
        self._whole(status, "text/plain", text.encode())

    def _whole(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def write(self, data: bytes, kind: str = "application/x-ndjson") -> None:
        """One chunk; the headers go with the first, as Ollama sends them."""
        if not self.streaming:
            self.begin(kind)
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def begin(self, kind: str) -> None:
        self.streaming = True
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def line(self, value: Mapping[str, object]) -> None:
        self.write(json.dumps(value, ensure_ascii=False).encode() + b"\n")

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def wait(self, seconds: float) -> None:
        """Sleep, but notice a client that hangs up meanwhile."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            readable, _, _ = select.select([self.connection], [], [], max(0, min(left, 1)))
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise Gone
            if left <= 0:
                return
            if readable:  # a client that sends more meanwhile
                time.sleep(LOOK_SECONDS)

    def reset(self) -> None:
        """Drop the connection with RST, not FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.server.forget(self.connection)
        self.connection.close()

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            return  # already reset

    def log_message(self, *_: object) -> None:
        """Quiet."""


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(
        self, port: int, engine: "EngineServer", routes: Mapping[tuple[str, str], Route]
    ) -> None:
        super().__init__(("127.0.0.1", port), Exchange)
        self.engine, self.routes = engine, routes
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def run(self) -> None:
        self._thread.start()

    def process_request(self, request: socket.socket, client_address: object) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:
        self.forget(request)
        super().shutdown_request(request)

    def forget(self, connection: socket.socket) -> None:
        self._open.discard(connection)

    def cut(self) -> None:
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self._thread.join()

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what many tests are about."""
