"""The MCP server over streamable HTTP, at /mcp: stateless, so that any web process may answer."""

import asyncio
import importlib.util
import json
from typing import Any, cast

from localchat.accounts import api_keys
from localchat.accounts.gate import OWNER, Receive, Scope, Send
from localchat.accounts.models import ApiKey
from localchat.accounts.owner import owner_user
from localchat.accounts.refusals import answer
from localchat.accounts.request import Request
from localchat.lib.db_threads import threaded
from localchat.lib.errors import LocalChatError, LoginRequired, NotFound
from localchat.lib.leaving import SignedOut, held_to
from localchat.lib.sentences import Sentence
from localchat.lib.wording import worded

ROAD = "/mcp"


class Mounted:
    """ASGI: /mcp is answered here, every other road by the program."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.road != ROAD:
            await self.app(scope, receive, send)
            return
        try:
            if importlib.util.find_spec("mcp") is None:
                raise NotFound(Sentence("The MCP server is an extra: make mcp installs it."))
            user, key = await who(request)
        except LocalChatError as error:
            await _refuse(error, send)
        else:
            await _serve(user, key, scope, receive, send)


async def who(request: Request) -> tuple[Any, ApiKey | None]:
    """Raises BadKey, LoginRequired."""
    token = api_keys.sent(request.header(b"authorization"))
    owned = bool(request.scope.get(OWNER))
    if token and (token.startswith(api_keys.PREFIX) or not owned):
        key = await threaded(api_keys.find)(token)
        return key.owner, key
    if not owned:
        raise LoginRequired
    return await threaded(owner_user)(), None


async def _serve(user: Any, key: ApiKey | None, scope: Scope, receive: Receive, send: Send) -> None:
    # Only now: the SDK is large, and most servers never hear of it. Others do not wait for it.
    await asyncio.to_thread(importlib.import_module, "localchat.web.mcp.tools")
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings

    from localchat.web.mcp import tools

    tools.caller.set(tools.Caller(user, key))
    right, begun = await threaded(api_keys.right)(key) if key else None, False

    async def told(message: dict[str, Any]) -> None:
        nonlocal begun
        begun = True
        await send(message)

    manager = StreamableHTTPSessionManager(
        tools.server._lowlevel_server,
        stateless=True,
        json_response=True,
        # The gate has looked at Host and Origin.
        security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    try:
        async with held_to(right), manager.run():
            await manager.handle_request(scope, receive, cast("Any", told))
    except SignedOut as error:
        if begun:
            await send({"type": "http.response.body"})
        else:
            await _refuse(error, send)


async def _refuse(error: LocalChatError, send: Send) -> None:
    headers = [(b"content-type", b"application/json")]
    if error.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await answer(send, error.status, headers, json.dumps(worded(error.as_json())).encode())
