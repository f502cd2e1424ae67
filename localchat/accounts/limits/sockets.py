"""How many websockets a person may have open at once, over all web processes.

Each has a place in Redis, which has to be kept: those of a process that died are free again soon.
"""

import time

import redis
from django.conf import settings
from django.contrib.auth.models import User

from localchat.lib.errors import LimitReached, NotCounted
from localchat.lib.sentences import counted

KEPT_SECONDS = 90  # without being kept
KEEP_EVERY = 30.0  # seconds


def limited() -> bool:
    return bool(settings.SOCKETS_PER_USER) and not settings.OWNER_MODE


def take_place(user: User, name: str) -> None:
    """For the socket of that name. Raises LimitReached, NotCounted."""
    most = settings.SOCKETS_PER_USER
    try:
        with _redis() as client, client.pipeline() as pipe:
            now = time.time()
            pipe.zremrangebyscore(_key(user), 0, now)
            pipe.zadd(_key(user), {name: now + KEPT_SECONDS})
            pipe.expire(_key(user), KEPT_SECONDS)
            pipe.zcard(_key(user))
            if pipe.execute()[-1] <= most:
                return
            client.zrem(_key(user), name)
    except redis.RedisError as error:
        raise NotCounted from error
    raise LimitReached(
        counted(
            "This server keeps %(n)s page open for each person at once. Please close the other one.",
            "This server keeps %(n)s pages open for each person at once. Please close another one.",
            most,
        )
    )


def keep_place(user: User, name: str) -> None:
    """Raises redis.RedisError."""
    with _redis() as client, client.pipeline() as pipe:
        pipe.zadd(_key(user), {name: time.time() + KEPT_SECONDS})
        pipe.expire(_key(user), KEPT_SECONDS)
        pipe.execute()


def leave_place(user: User, name: str) -> None:
    """Raises redis.RedisError."""
    with _redis() as client:
        client.zrem(_key(user), name)


def _key(user: User) -> str:
    return f"limit:sockets:{user.pk}"


def _redis() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)
