"""How the gate says no: JSON for scripts, a small page for people, 403 for sockets."""

import html
import json
from collections.abc import Awaitable, Callable
from typing import Any

from django.utils import translation

from localchat.lib.errors import LocalChatError, LoginRequired
from localchat.lib.language import of_scope
from localchat.lib.wording import in_words, worded

Send = Callable[[dict[str, Any]], Awaitable[None]]
MACHINES = ("/api/", "/v1/", "/ollama/", "/mcp", "/metrics", "/scim/")
NO_PAGES = (*MACHINES, "/healthz", "/readyz", "/reached")
PAGE = (
    '<!doctype html><html lang="{}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>LocalChat</title>'
    "<h1>LocalChat</h1><p>{}</p></html>"
)
POLICY = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


class Stranger(LocalChatError):
    """This LocalChat belongs to another user of this machine."""

    status, code = 403, "not_owner"


class NoKey(LoginRequired):
    """Open the link that LocalChat printed at its start, or send the key in owner.key."""


class BehindProxy(LocalChatError):
    """This request came through a proxy: behind a proxy set LOCALCHAT_PUBLIC_URL."""

    status, code = 403, "behind_proxy"


class WrongHost(LocalChatError):
    """This LocalChat does not go by that address."""

    status, code = 400, "wrong_host"


class WithoutToken(LocalChatError):
    """This did not come from a page that is still valid. Load the page again, and try once more."""

    status, code = 403, "without_token"


class WrongOrigin(LocalChatError):
    """Another site's page may not do that here."""

    status, code = 403, "wrong_origin"


class NoSubPath(LocalChatError):
    """The proxy does not hand on the path under which LocalChat lies."""

    status, code = 404, "no_sub_path"


class NoUpgrade(LocalChatError):
    """The proxy does not let the live connection through."""

    status, code = 426, "no_upgrade"


async def refuse(scope: dict[str, Any], error: LocalChatError, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4403})
        return
    with translation.override(of_scope(scope)):
        if wants_page(scope):
            page = PAGE.format(translation.get_language(), html.escape(in_words(error.message)))
            kind, body = b"text/html; charset=utf-8", page
        else:
            kind, body = b"application/json", json.dumps(worded(error.as_json()))
    await answer(send, error.status, [(b"content-type", kind)], body.encode())


async def answer(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b""
) -> None:
    safe = [
        (b"cache-control", b"no-store"),
        (b"content-security-policy", POLICY),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"content-length", str(len(body)).encode()),
    ]
    start = {"type": "http.response.start", "status": status, "headers": [*headers, *safe]}
    await send(start)
    await send({"type": "http.response.body", "body": body})


def wants_page(scope: dict[str, Any]) -> bool:
    if str(scope["path"]).startswith(MACHINES):
        return False
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
