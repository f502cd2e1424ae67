"""The built-in engine's process: /v1/embeddings on 127.0.0.1, for those who hold its key.

    python -m models_mgmt.builtin.server FOLDER WATCHED_PID

It says where it listens in one line of JSON on its standard output. It leaves after two idle
minutes, and within a second when the watched process is gone. No Django in here.
"""

import hmac
import json
import os
import secrets
import signal
import sys
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from models_mgmt import builtin
from models_mgmt.builtin.encoding import Encoder, TooLong
from models_mgmt.builtin.process import Watched

IDLE_SECONDS = 120.0
LOOK_SECONDS = 0.5
BODY_BYTES = 16_000_000
TEXTS = 2048  # in one request
POLITENESS = 5  # added niceness: who waits for a page goes first


class Refused(Exception):
    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.encoder = encoder
        self.key = secrets.token_urlsafe(32)
        self.hosts = {f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost")}
        self.working = 0
        self.last_used = time.monotonic()
        self._counting = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hung up is no news."""

    def began(self) -> None:
        with self._counting:
            self.working += 1

    def ended(self) -> None:
        with self._counting:
            self.working -= 1
            self.last_used = time.monotonic()

    @property
    def is_idle(self) -> bool:
        return not self.working and time.monotonic() - self.last_used > IDLE_SECONDS


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "localchat", ""
    disable_nagle_algorithm = True
    timeout = 30.0
    ROADS: ClassVar = {
        ("GET", "/healthz"): "health",
        ("GET", "/v1/models"): "models",
        ("POST", "/v1/embeddings"): "embeddings",
    }

    def answer(self) -> None:
        try:
            self._admit()
            body = self._read()
            name = self.ROADS.get((self.command, self.path))
            if not name:
                raise Refused(HTTPStatus.NOT_FOUND, "There is nothing here.")
            self._send(HTTPStatus.OK, getattr(self, name)(body))
        except Refused as error:
            self.close_connection = True
            self._send(error.status, {"error": {"message": str(error), "code": error.status.name}})

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = answer

    def _admit(self) -> None:
        if self.headers.get("Host") not in self.server.hosts or self.headers.get("Origin"):
            raise Refused(HTTPStatus.FORBIDDEN, "Not for you.")
        given = self.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self.server.key}".encode()):
            raise Refused(HTTPStatus.UNAUTHORIZED, "The key is missing or wrong.")

    def _read(self) -> bytes:
        if "Transfer-Encoding" in self.headers:
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "The length of the body must be given.")
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > BODY_BYTES:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large.")
        return self.rfile.read(int(length))

    def health(self, body: bytes) -> dict[str, object]:
        return {"status": "ok", "pid": os.getpid()}

    def models(self, body: bytes) -> dict[str, object]:
        about = self.server.encoder.about
        model = {"id": about.name, "object": "model", "created": 0, "owned_by": "localchat"}
        return {"object": "list", "data": [model | {"max_model_len": about.window}]}

    def embeddings(self, body: bytes) -> dict[str, object]:
        model = self.server.encoder.about.name
        texts = _texts(body, model)
        self.server.began()
        try:
            vectors, tokens = self.server.encoder.encode(texts)
        except TooLong as error:
            raise Refused(HTTPStatus.BAD_REQUEST, str(error)) from error
        finally:
            self.server.ended()
        data = [
            {"object": "embedding", "index": index, "embedding": vector}
            for index, vector in enumerate(vectors)
        ]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return {"object": "list", "model": model, "data": data, "usage": usage}

    def _send(self, status: HTTPStatus, value: dict[str, object]) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: what people search for is nobody's business."""


def _texts(body: bytes, model: str) -> list[str]:
    try:
        request = json.loads(body)
        given = request["input"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "An object with “input” is expected.") from error
    if request.get("model") != model:
        raise Refused(HTTPStatus.NOT_FOUND, f"Only {model} is here.")
    if request.get("encoding_format", "float") != "float":
        raise Refused(HTTPStatus.BAD_REQUEST, "Only encoding_format float is known.")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise Refused(HTTPStatus.BAD_REQUEST, "“input” must be a text or a list of texts.")
    if not 1 <= len(texts) <= TEXTS:
        raise Refused(HTTPStatus.BAD_REQUEST, f"From 1 to {TEXTS} texts are expected.")
    return texts


def watch(server: Server, watched: Watched) -> None:
    while watched.lives() and not server.is_idle:
        time.sleep(LOOK_SECONDS)
    os._exit(0)  # at once: nothing here is worth saving, and native threads may be at work


def hand_over(server: Server) -> None:
    door = {"url": f"http://127.0.0.1:{server.server_port}", "key": server.key, "pid": os.getpid()}
    os.write(1, json.dumps(door).encode() + b"\n")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # the reader sees the end of the pipe
    os.close(silence)


def main(folder: str, pid: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor, which ends us
    watched = Watched(int(pid))
    os.nice(POLITENESS)
    server = Server(Encoder(Path(folder), builtin.MODELS[Path(folder).name]))
    threading.Thread(target=watch, args=(server, watched), daemon=True).start()
    hand_over(server)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
