"""What the gate reads of an ASGI scope."""

from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from localchat.accounts.peers import End


class Request:
    def __init__(self, scope: dict[str, Any]) -> None:
        self.scope = scope
        self.is_socket = scope["type"] == "websocket"
        self.method = "" if self.is_socket else str(scope["method"])
        path, prefix = str(scope["path"]), settings.FORCE_SCRIPT_NAME or ""
        self.is_below = path == prefix or path.startswith(f"{prefix}/")
        self.road = path.removeprefix(prefix) if self.is_below else path
        self.peer, self.ours = _end(scope.get("client")), _end(scope.get("server"))
        self.headers: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            self.headers.setdefault(name.lower(), []).append(value.decode("latin-1"))

    def header(self, name: bytes) -> str:
        """Empty when it is missing; several are joined, so that they match nothing."""
        return ", ".join(self.headers.get(name, []))

    def cookie(self, name: str) -> str:
        try:
            found = SimpleCookie("; ".join(self.headers.get(b"cookie", []))).get(name)
        except CookieError:
            return ""
        return str(found.value) if found else ""

    def query(self, name: str) -> str:
        given = parse_qs(self.scope.get("query_string", b"").decode("latin-1"))
        return str(given.get(name, [""])[-1])

    def is_get(self, road: str) -> bool:
        return self.method == "GET" and self.road == road


def _end(pair: Any) -> End | None:
    """Address and port; None for a unix socket."""
    return (str(pair[0]), int(pair[1])) if pair and pair[1] is not None else None
