"""A stand-in for a registry of models, in the protocol of Ollama's, over real HTTP."""

import hashlib
import json
import threading
import time
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Self

MODEL = "application/vnd.ollama.image.model"
LICENSE = "application/vnd.ollama.image.license"
PIECE = 1 << 16


class Asked(NamedTuple):
    path: str
    start: int  # of the range; 0 without one


@dataclass(frozen=True)
class Manners:
    """How it behaves from now on."""

    status: int = 200  # another for every blob
    manifest_status: int = 200
    cut_at: int | None = None  # bytes of a blob, after which the connection breaks; once
    stall_at: int | None = None  # after which nothing comes any more
    rate: float = 0.0  # bytes a second; 0: as fast as they are taken
    ranges: bool = True
    redirects: bool = False
    damages: bool = False  # one byte of each blob


@dataclass
class Registry:
    """`with Registry() as it:` serves what `add` puts into it, at `url`."""

    manners: Manners = field(default_factory=Manners)
    manifests: dict[str, bytes] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    closed: list[float] = field(default_factory=list)  # when a client was seen to hang up

    def add(self, name: str, model: bytes, licence: str = "Free for all.") -> str:
        """The digest of the model; `name` as namespace/name:tag."""
        layers = [self._layer(MODEL, model), self._layer(LICENSE, licence.encode())]
        self.describe(name, layers)
        return layers[0]["digest"]

    def describe(self, name: str, layers: list[dict]) -> None:
        path, _, tag = name.rpartition(":")
        described = {"schemaVersion": 2, "layers": layers}
        self.manifests[f"/v2/{path}/manifests/{tag}"] = json.dumps(described).encode()

    def _layer(self, kind: str, content: bytes) -> dict:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self.blobs[digest] = content
        return {"mediaType": kind, "digest": digest, "size": len(content)}

    def behave(self, **changes: object) -> None:
        self.manners = replace(Manners(), **changes)

    def starts(self, digest: str) -> list[int]:
        return [each.start for each in self.asked if each.path.endswith(f"/blobs/{digest}")]

    def __enter__(self) -> Self:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.registry = self
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.registry: Registry = self.server.registry
        ranged = self.headers.get("Range", "bytes=0-")
        start = int(ranged.removeprefix("bytes=").rstrip("-"))
        self.registry.asked.append(Asked(self.path, start))
        if "/manifests/" in self.path:
            return self._manifest()
        return self._blob(start)

    def _manifest(self) -> None:
        found = self.registry.manifests.get(self.path)
        status = self.registry.manners.manifest_status
        if status != 200 or found is None:
            return self._whole(404 if status == 200 else status, b'{"errors": []}')
        return self._whole(200, found)

    def _blob(self, start: int) -> None:
        manners = self.registry.manners
        content = self.registry.blobs.get(self.path.rpartition("/")[2], b"")
        if manners.status != 200:
            return self._whole(manners.status, b"out of order")
        if manners.redirects and "/elsewhere/" not in self.path:
            self.send_response(307)
            place = f"/elsewhere/blobs/{self.path.rpartition('/')[2]}"
            self.send_header("Location", f"http://localhost:{self.server.server_port}{place}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        if manners.damages:
            content = (
                bytes([content[0] ^ 1]) + content[1:]
                if len(content) < 100
                else (content[:-1] + bytes([content[-1] ^ 1]))
            )
        return self._send(content, start if manners.ranges else 0)

    def _send(self, content: bytes, start: int) -> None:
        manners = self.registry.manners
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        try:
            for place in range(start, len(content), PIECE):
                if manners.cut_at is not None and place >= manners.cut_at:
                    self.registry.behave()
                    self.close_connection = True
                    return
                if manners.stall_at is not None and place >= manners.stall_at:
                    self._until_closed()
                    return
                self.wfile.write(content[place : place + PIECE])
                if manners.rate:
                    time.sleep(PIECE / manners.rate)
        except OSError:
            self.registry.closed.append(time.monotonic())
            self.close_connection = True

    def _until_closed(self) -> None:
        self.connection.settimeout(60)
        if not self.rfile.read(1):
            self.registry.closed.append(time.monotonic())
        self.close_connection = True

    def _whole(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""
