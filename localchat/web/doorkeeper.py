"""Who sends a body, found out from the headers alone: a stranger's is refused before it comes."""

import io
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.utils import translation

from localchat.accounts import middleware
from localchat.accounts.gate import OWNER, Gate, Receive, Scope, Send
from localchat.accounts.refusals import answer, refuse
from localchat.accounts.request import Request
from localchat.lib.api import error_response
from localchat.lib.db_threads import threaded
from localchat.lib.errors import LocalChatError, TooLarge
from localchat.lib.language import of_scope
from localchat.web.connections import STRANGERS_BYTES
from localchat.web.mcp import endpoint

LENGTH = "localchat.length"  # in the scope


class TooMuchForLogin(TooLarge):
    """Nobody has logged in yet, and this is more than a login needs."""


async def look(scope: Scope, length: int | None, send: Send) -> None:
    """Send the refusal; nothing, if the body may come. `length`: in bytes, None if it is not said."""
    await _gate({**scope, LENGTH: length}, _nothing, send)


async def _nothing() -> dict[str, Any]:
    """What can be read of a body that has not come."""
    return {"type": "http.disconnect"}


async def _admit(scope: Scope, receive: Receive, send: Send) -> None:
    if scope[OWNER]:
        return
    request = Request(scope)
    if request.road == endpoint.ROAD:
        try:
            await endpoint.who(request)
        except LocalChatError as error:
            await refuse(scope, error, send)
    elif refused := await threaded(_refused)(scope):
        headers = [(name.encode(), value.encode()) for name, value in refused.items()]
        await answer(send, refused.status_code, headers, refused.content)


_gate = Gate(_admit)


def _refused(scope: Scope) -> HttpResponse | None:
    """The same answer as it would get with its body."""
    request = ASGIRequest(scope, io.BytesIO())
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    with translation.override(of_scope(scope)):
        refused = middleware.settle(request)
        if refused is None and not isinstance(getattr(request, "user", None), User):
            length = scope[LENGTH]
            if length is None or length > STRANGERS_BYTES:
                refused = error_response(TooMuchForLogin())
    return refused
