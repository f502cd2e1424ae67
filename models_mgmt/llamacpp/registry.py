"""What a registry of models is asked, in the protocol of Ollama's: a manifest, and blobs by digest.

Only the registry that is set is asked, and wherever it sends us on to for a blob, whose bytes are
known by their digest. No key, no cookie, no name of anybody goes there.
"""

import json
import re
import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from django.conf import settings

from localchat.lib.errors import (
    BadRequest,
    EngineBusy,
    EngineCut,
    EngineError,
    EngineStalled,
    EngineUnreachable,
    ModelMissing,
)
from localchat.lib.sentences import Sentence

CONNECT_SECONDS = 10.0
SILENT_SECONDS = 120.0
MANIFEST_BYTES = 1_000_000
REDIRECTS = 3
KINDS = "application/vnd.docker.distribution.manifest.v2+json"
MODEL, LICENSE = "application/vnd.ollama.image.model", "application/vnd.ollama.image.license"
PASSING = {429, 502, 503, 504}  # of a registry that may answer in a moment
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_START = re.compile(r"bytes (\d+)-")


class Layer(NamedTuple):
    kind: str
    digest: str  # sha256:…
    size: int  # bytes

    @property
    def hex(self) -> str:
        return self.digest.removeprefix("sha256:")


class Manifest(NamedTuple):
    model: Layer
    licences: list[Layer]
    size: int  # bytes, of all its layers


class Reference(NamedTuple):
    """`name:tag`, or `namespace/name:tag`, as the registry knows it."""

    repository: str
    tag: str

    @property
    def road(self) -> str:
        return f"/v2/{self.repository}"


def reference(name: str) -> Reference:
    """Raises BadRequest for a name of another registry."""
    path, _, tag = name.rpartition("://")[2].rpartition(":")
    parts = path.split("/")
    ours = urlsplit(settings.MODEL_REGISTRY).netloc
    if len(parts) > 2 and parts[0] == ours:
        parts = parts[1:]
    if len(parts) > 2 or (len(parts) > 1 and {".", ":"} & set(parts[0])):
        raise BadRequest(
            Sentence(
                "Models come from %(ours)s here. Another can be set as MODEL_REGISTRY.", ours=ours
            )
        )
    return Reference("/".join(parts if len(parts) > 1 else ["library", *parts]), tag)


class Line:
    """One connection at a time, which any thread can break off."""

    def __init__(self) -> None:
        self.connection: HTTPConnection | None = None
        self.closed = False

    def manifest(self, wanted: Reference, name: str) -> Manifest:
        url = f"{settings.MODEL_REGISTRY}{wanted.road}/manifests/{wanted.tag}"
        response = self.opened(url, {"Accept": KINDS})
        if response.status in {400, 404}:
            raise ModelMissing(Sentence("The library has no model called “%(name)s”.", name=name))
        _mind(response.status, name)
        return _manifest(self.content(response, MANIFEST_BYTES), name)

    def blob(
        self, wanted: Reference, layer: Layer, start: int, name: str
    ) -> tuple[HTTPResponse, int]:
        """The bytes from `start` on, or from where the registry begins, which is told too."""
        url = f"{settings.MODEL_REGISTRY}{wanted.road}/blobs/{layer.digest}"
        ranged = {"Range": f"bytes={start}-"} if start else {}
        for _ in range(REDIRECTS + 1):
            response = self.opened(url, ranged)
            if response.status not in {301, 302, 303, 307, 308}:
                break
            url = _onwards(url, response.headers.get("Location", ""))
        _mind(response.status, name)
        if response.status != 206:
            return response, 0
        begins = _START.match(response.headers.get("Content-Range", ""))
        if not begins or int(begins[1]) != start:
            raise EngineError(
                Sentence("The library sent another part than the one that was asked for.")
            )
        return response, start

    def opened(self, url: str, headers: Mapping[str, str]) -> HTTPResponse:
        parts = urlsplit(url)
        self.hang_up()
        self.connection = connection = _connection(parts.scheme, parts.netloc)
        try:
            connection.connect()
        except OSError as error:
            raise EngineUnreachable(
                Sentence(
                    "The library at %(url)s does not answer. Is there a network?",
                    url=f"{parts.scheme}://{parts.netloc}",
                )
            ) from error
        connection.sock.settimeout(SILENT_SECONDS)
        if self.closed:
            raise EngineCut(Sentence("The pull was broken off."))
        road = f"{parts.path}?{parts.query}" if parts.query else parts.path
        try:
            connection.request("GET", road, headers={"User-Agent": "localchat", **headers})
            return connection.getresponse()
        except (OSError, HTTPException, AttributeError) as error:
            raise _broken(error) from error

    def content(self, response: HTTPResponse, most: int) -> bytes:
        try:
            found = response.read(most + 1)
        except (OSError, HTTPException, ValueError, AttributeError) as error:
            raise _broken(error) from error
        if len(found) > most:
            raise EngineError(Sentence("The library sent more than it should."))
        return found

    def piece(self, response: HTTPResponse, size: int) -> bytes:
        """Some bytes as they come; none at the end."""
        try:
            return response.read1(size)
        except (OSError, HTTPException, ValueError, AttributeError) as error:
            raise _broken(error) from error

    def hang_up(self) -> None:
        """By the reading thread."""
        if self.connection:
            self.connection.close()

    def close(self) -> None:
        """By any thread."""
        self.closed = True
        connected = self.connection.sock if self.connection else None
        if connected:
            try:
                connected.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # gone already


def _connection(scheme: str, host: str) -> HTTPConnection:
    if scheme == "https":
        tls = ssl.create_default_context()
        return HTTPSConnection(host, timeout=CONNECT_SECONDS, context=tls)
    return HTTPConnection(host, timeout=CONNECT_SECONDS)


def _onwards(url: str, location: str) -> str:
    """Where a blob is. From an encrypted registry to nowhere that is not."""
    target = urljoin(url, location)
    allowed = {"https"} if url.startswith("https:") else {"http", "https"}
    if not location or urlsplit(target).scheme not in allowed:
        raise EngineError(Sentence("The library sends elsewhere in a way that is not followed."))
    return target


def _broken(error: Exception) -> EngineError:
    if isinstance(error, TimeoutError):
        return EngineStalled(Sentence("The library stopped sending."))
    return EngineCut(Sentence("The library broke off in the middle of the pull."))


def _mind(status: int, name: str) -> None:
    if status in {200, 206}:
        return
    if status in {401, 403}:
        raise EngineError(
            Sentence(
                "The library does not give “%(name)s” to everybody (status %(status)s).",
                name=name,
                status=status,
            )
        )
    kind = EngineBusy if status in PASSING else EngineError
    raise kind(
        Sentence(
            "The library that “%(model)s” comes from is out of order (status %(status)s)."
            " Please try again later.",
            model=name,
            status=status,
        )
    )


def _manifest(content: bytes, name: str) -> Manifest:
    try:
        told = json.loads(content)
        layers = [
            Layer(str(each["mediaType"]), str(each["digest"]), int(each["size"]))
            for each in told["layers"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError(
            Sentence("The library describes “%(name)s” in a way that is not known.", name=name)
        ) from error
    if not all(_DIGEST.fullmatch(layer.digest) and layer.size >= 0 for layer in layers):
        raise EngineError(
            Sentence("The library describes “%(name)s” in a way that is not known.", name=name)
        )
    models = [layer for layer in layers if layer.kind == MODEL]
    if len(models) != 1:
        raise EngineError(
            Sentence("“%(name)s” is not one GGUF file, and cannot be run here.", name=name)
        )
    licences = [layer for layer in layers if layer.kind == LICENSE]
    return Manifest(models[0], licences, sum(layer.size for layer in layers))
