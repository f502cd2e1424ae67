"""People go first: who waits for an engine says so, and work in the background lets them pass.

An engine takes requests in the order in which they come; between two batches of a book there is
time for a question.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

import redis
from django.conf import settings

WAITING = "people-waiting"  # a sorted set: until when each is believed to wait
BELIEVED_SECONDS = 10.0
PATIENCE_SECONDS = 5.0  # after which the background goes on all the same
LOOK_SECONDS = 0.02
BATCH_SECONDS = 30.0  # after which one that is still under way holds up no other


@cache
def _redis() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1)


@contextmanager
def first() -> Iterator[None]:
    """Somebody waits for what is done inside."""
    token = uuid.uuid4().hex
    with suppress(redis.RedisError):
        _redis().zadd(WAITING, {token: time.time() + BELIEVED_SECONDS})
    try:
        yield
    finally:
        with suppress(redis.RedisError):
            _redis().zrem(WAITING, token)


def let_pass() -> None:
    """Wait while somebody waits. Without Redis nobody is known to."""
    end = time.monotonic() + PATIENCE_SECONDS
    with suppress(redis.RedisError):
        while _redis().zcount(WAITING, time.time(), "+inf") and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)
        _redis().zremrangebyscore(WAITING, "-inf", time.time())


@contextmanager
def one_at_a_time(lane: str) -> Iterator[None]:
    """Whatever process it is; without a name as many as there are."""
    lock = _redis().lock(f"batch:{lane}", timeout=BATCH_SECONDS, sleep=LOOK_SECONDS)
    is_mine = False
    if lane:
        with suppress(redis.RedisError):
            is_mine = lock.acquire()
    try:
        yield
    finally:
        if is_mine:
            with suppress(redis.RedisError):
                lock.release()
