"""The broker's queues, as far as anybody needs to look into them."""

import redis
from django.conf import settings


def length(queue: str) -> int:
    """How many tasks wait in the queue."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5) as client:
        return int(client.llen(queue))
