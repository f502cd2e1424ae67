"""Pulls as a worker does them, in this process."""

import time
from collections.abc import Callable
from threading import Thread

import redis
from django.conf import settings
from django.db import connection

from localchat.lib import events
from models_mgmt import tasks
from models_mgmt.models import Pull


def told(pull: Pull) -> list[events.Event]:
    """Everything that the topic's log holds."""
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as log:
        rows = log.xrange(events.key(pull.topic))
    return [events.parse(pull.topic, event_id, fields) for event_id, fields in rows]


def ends(pull: Pull) -> list[events.Event]:
    return [event for event in told(pull) if event["type"] in events.END]


def in_background(pull: Pull) -> Thread:
    def work() -> None:
        try:
            tasks.pull(pull.pk)
        finally:
            connection.close()

    thread = Thread(target=work, daemon=True)
    thread.start()
    return thread


def until(true: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
