"""Wrong passwords cost time: by account and client, by account and by client for unknown browsers.

A browser that has logged in before is counted on its own, so that nobody can keep the owner out
by guessing.
"""

import hashlib
import math

import redis
from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from localchat.accounts import proxies
from localchat.lib.errors import LocalChatError
from localchat.lib.sentences import counted

TRIES = 5  # of one client for one account
TRIES_OF_ALL = 100  # of all unknown clients for one account
TRIES_OF_CLIENT = 50  # of one unknown client for all accounts
WAIT_SECONDS = 300
COOKIE = f"localchat_browser_{settings.PORT}"
SALT = "localchat.accounts.browser"
YEAR = 365 * 86_400


class TooManyTries(LocalChatError):
    """Too many wrong passwords. Please wait a few minutes."""

    status, code = 429, "too_many_tries"


class NotCounted(LocalChatError):
    """Nobody can log in while Redis does not answer. Please try again in a moment."""

    status, code = 503, "redis_unreachable"


def count(request: HttpRequest, username: str) -> None:
    """Count a try before the password is looked at. Raises TooManyTries, NotCounted."""
    limits = _limits(request, username)
    try:
        with _redis() as client:
            for key, most in limits:
                # Set first, so that no counter is ever without an end.
                client.set(key, 0, ex=WAIT_SECONDS, nx=True)
                if client.incr(key) > most:
                    raise TooManyTries(_sentence(client.ttl(key)))
    except redis.RedisError as error:
        raise NotCounted from error


def _sentence(seconds: int) -> str:
    return counted(
        "Too many wrong passwords. Please wait a minute and try again.",
        "Too many wrong passwords. Please wait %(n)s minutes and try again.",
        max(1, math.ceil(seconds / 60)),
    )


def forgive(request: HttpRequest, username: str) -> None:
    """The password was right: forget this client's tries for the account, and this one of all."""
    with _redis() as client:
        for key, most in _limits(request, username):
            if most == TRIES:
                client.delete(key)
            elif most == TRIES_OF_CLIENT:
                client.set(key, 1, ex=WAIT_SECONDS, nx=True)
                client.decr(key)


def remember(response: HttpResponseBase, user: User) -> None:
    """Let this browser's next tries be counted on their own."""
    response.set_cookie(
        COOKIE,
        signing.dumps(user.get_username(), salt=SALT),
        max_age=YEAR,
        httponly=True,
        secure=settings.SECURE_COOKIES,
        samesite="Lax",
    )


def _limits(request: HttpRequest, username: str) -> list[tuple[str, int]]:
    account = username.casefold()
    client = proxies.counted_as(proxies.client_address(request))
    if _knows(request, username):
        return [(_key("browser", account, request.COOKIES[COOKIE]), TRIES)]
    return [
        (_key("client", account, client), TRIES),
        (_key("every account", client), TRIES_OF_CLIENT),
        (_key(account), TRIES_OF_ALL),
    ]


def _knows(request: HttpRequest, username: str) -> bool:
    given = request.COOKIES.get(COOKIE, "")
    try:
        return bool(signing.loads(given, salt=SALT, max_age=YEAR) == username)
    except signing.BadSignature:
        return False


def _key(*parts: str) -> str:
    return "login:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _redis() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, decode_responses=True)
