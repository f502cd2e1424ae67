"""How often a person may ask and upload in an hour, counted for all web processes in Redis.

The hour begins with the first time. Where no limit is set nothing is counted.
"""

import math

import redis
from django.conf import settings
from django.contrib.auth.models import User

from localchat.lib.errors import LimitReached, NotCounted
from localchat.lib.sentences import Sentence, counted

HOUR = 3600  # seconds


def count_questions(user: User, n: int) -> None:
    """Count n questions. Raises LimitReached, with which none is counted, and NotCounted."""
    if wait := _count("questions", user, n, settings.QUESTIONS_PER_HOUR):
        raise LimitReached(
            Sentence(
                "This server takes %(most)s questions an hour from each person. %(again)s",
                most=settings.QUESTIONS_PER_HOUR,
                again=_again(wait),
            ),
            retry_after=wait,
        )


def count_upload(user: User) -> None:
    """Count a file. Raises as `count_questions`."""
    if wait := _count("uploads", user, 1, settings.UPLOADS_PER_HOUR):
        raise LimitReached(
            Sentence(
                "This server takes %(most)s files an hour from each person. %(again)s",
                most=settings.UPLOADS_PER_HOUR,
                again=_again(wait),
            ),
            retry_after=wait,
        )


def _count(what: str, user: User, n: int, most: int) -> int:
    """Seconds to wait where it is too much, else 0."""
    if settings.OWNER_MODE or not most:
        return 0
    key = f"limit:{what}:{user.pk}"
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            with client.pipeline() as pipe:
                pipe.set(key, 0, ex=HOUR, nx=True)  # so that no counter is ever without an end
                pipe.incrby(key, n)
                pipe.ttl(key)
                _, count, seconds = pipe.execute()
            if count <= most:
                return 0
            client.decrby(key, n)
            return max(1, int(seconds))
    except redis.RedisError as error:
        raise NotCounted from error


def _again(seconds: int) -> Sentence:
    return counted(
        "Please try again in a minute.",
        "Please try again in %(n)s minutes.",
        math.ceil(seconds / 60),
    )
