"""Who may come in, judged by the connection before anything else looks at a request.

In owner mode the connection itself is the proof, so a page of another site, a proxy and another
user of this machine must not be able to borrow it. Elsewhere a login is the proof, and the gate
keeps other sites and other host names away.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from localchat.accounts import api_keys, keys, origin_checks, peers
from localchat.accounts.refusals import MACHINES, NoKey, Stranger, answer, refuse
from localchat.accounts.request import Request
from localchat.lib.errors import LocalChatError

logger = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Whose = Callable[[peers.End, peers.End], Awaitable[int | None]]

OWNER = "localchat.owner"  # in the scope: this connection is the owner's
OPEN = ("/healthz", "/readyz")
COOKIE = f"localchat_owner_{settings.PORT}"


class Gate:
    """ASGI. `whose` tells the user id at the other end of a connection."""

    def __init__(self, app: App, whose: Whose = peers.user_id) -> None:
        self.app, self.whose = app, whose

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            owned = await self.judge(request)
        except NoKey as error:
            await (welcome(send) if has_link(request) else refuse(scope, error, send))
        except LocalChatError as error:
            logger.info("refused: %s", error.code)
            await refuse(scope, error, send)
        else:
            await self.pass_on(request, owned, receive, send)

    async def pass_on(self, request: Request, owned: bool, receive: Receive, send: Send) -> None:
        prefix = settings.FORCE_SCRIPT_NAME or ""
        if prefix and request.is_get(""):
            await answer(send, 308, [(b"location", f"{prefix}/".encode())])
            return
        # A server would believe of the prefix what a header says.
        ours = {"root_path": prefix if request.is_below else "", OWNER: owned}
        await self.app({**request.scope, **named(request), **ours}, receive, send)

    async def judge(self, request: Request) -> bool:
        """Whether the connection is the owner's. Raises what is wrong with it."""
        if settings.OWNER_MODE:
            origin_checks.check_direct(request)
            origin_checks.check_host(request)
            origin_checks.check_site(request)
            if request.road not in OPEN:
                return await self.check_owner(request)
        elif request.road not in OPEN:
            origin_checks.check_host(request)
            origin_checks.check_path(request)
            origin_checks.check_upgrade(request)
            origin_checks.check_change(request)
        return False

    async def check_owner(self, request: Request) -> bool:
        """False where an API key has to tell, see the middleware.

        Raises Stranger, and NoKey where a connection does not tell whose it is.
        """
        peer, ours = request.peer, request.ours
        if peer is None or ours is None or not peers.is_loopback(peer[0]):
            raise Stranger
        try:
            # At every request: whoever has the same port a moment later may be somebody else.
            uid = await self.whose(peer, ours)
        except peers.CannotTell:
            if carries_api_key(request):
                return False
            check_key(request)
        else:
            if uid not in {settings.OWNER_UID, 0}:
                raise Stranger
        return True


def carries_api_key(request: Request) -> bool:
    token = api_keys.sent(request.header(b"authorization"), request.header(b"x-api-key"))
    is_of_machines = not request.is_socket and request.road.startswith(MACHINES)
    return is_of_machines and token.startswith(api_keys.PREFIX)


def named(request: Request) -> Scope:
    """Whoever watches our health need not know our name, on which Django insists."""
    if settings.OWNER_MODE or request.road not in OPEN:
        return {}
    others = [pair for pair in request.scope["headers"] if pair[0].lower() != b"host"]
    return {"headers": [*others, (b"host", settings.ALLOWED_HOSTS[0].encode())]}


def check_key(request: Request) -> None:
    """Raises NoKey unless the request carries the owner's cookie or key."""
    scheme, _, given = request.header(b"authorization").partition(" ")
    if scheme.lower() == "bearer" and keys.is_key(settings.DATA, given.strip()):
        return
    if not keys.is_cookie(settings.DATA, request.cookie(COOKIE)):
        raise NoKey


def has_link(request: Request) -> bool:
    return request.is_get("/enter") and keys.redeem(settings.DATA, request.query("key"))


async def welcome(send: Send) -> None:
    """Leave the owner's cookie in this browser and go to the first page."""
    cookie = f"{COOKIE}={keys.cookie(settings.DATA)}; Path=/; HttpOnly; SameSite=Lax"
    headers = [(b"set-cookie", f"{cookie}; Max-Age=31536000".encode()), (b"location", b"/")]
    await answer(send, 303, headers)
