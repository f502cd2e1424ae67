"""Who is asking, for the API and for the socket."""

from importlib import import_module
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.http import HttpRequest

from localchat.accounts.gate import OWNER
from localchat.accounts.owner import owner_user
from localchat.accounts.standing import Standing
from localchat.lib.leaving import Right


class Bearer:
    """Who asks, for the API, whose description shows how a key is sent.

    The middleware has looked the person up, so that async views may ask too.
    """

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: HttpRequest) -> User | None:
        user = request.user
        return user if isinstance(user, User) and user.is_active else None


signed_in = Bearer()


async def socket_user(scope: dict[str, Any]) -> User | None:
    """Who holds the socket now: session and account are read anew each time."""
    found: User | None = await database_sync_to_async(_socket_user)(scope)
    return found


async def may_go_on(scope: dict[str, Any], before: Standing) -> bool:
    """Whether the socket is still theirs, and they may do what they might when it was opened."""
    found: bool = await database_sync_to_async(lambda: before.is_kept(_socket_user(scope)))()
    return found


def _socket_user(scope: dict[str, Any]) -> User | None:
    if scope.get(OWNER):
        user = owner_user()
        return user if user.is_active else None
    session = scope.get("session")
    return _holder(session.session_key) if session is not None else None


def right(session_key: str | None, user: User) -> Right:
    """By which a logged-in person is here."""
    before = Standing.of(user)
    return Right(user.pk, lambda: before.is_kept(_holder(session_key)))


def _holder(session_key: str | None) -> User | None:
    """Session and account are read anew."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    found = get_user(request)
    return found if isinstance(found, User) and found.is_active else None
