"""Looking for a word wherever something could have kept it."""

import tempfile
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection


def tables(word: str) -> list[str]:
    """The tables with a row in which the word stands, whatever the column and the case."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            cursor.execute(
                f'SELECT count(*) FROM "{name}" AS row WHERE row::text ILIKE %s', [f"%{word}%"]
            )
            if cursor.fetchone()[0]:
                found.append(name)
    return sorted(found)


def redis_keys(word: str) -> list[str]:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        return sorted(
            key.decode() for key in client.scan_iter() if _holds(client, key, word.lower())
        )


def _holds(client: redis.Redis, key: bytes, word: str) -> bool:
    value = {
        b"string": client.get,
        b"list": lambda name: client.lrange(name, 0, -1),
        b"set": client.smembers,
        b"zset": lambda name: client.zrange(name, 0, -1),
        b"hash": client.hgetall,
        b"stream": client.xrange,
    }[client.type(key)](key)
    return word in f"{key!r} {value!r}".lower()


def files(word: str, *folders: Path) -> list[str]:
    """Files that have the word in their name or their bytes, as UTF-8 or UTF-16."""
    raw = word.lower()
    wanted = (raw.encode(), raw.encode("utf-16-le"), raw.encode("utf-16-be"))
    found = []
    for path in (each for folder in folders for each in folder.rglob("*") if each.is_file()):
        body = path.read_bytes().lower()
        if raw in path.name.lower() or any(each in body for each in wanted):
            found.append(str(path))
    return sorted(found)


def temporary() -> list[Path]:
    """Folders of ours where things are put for a moment."""
    return [*Path(tempfile.gettempdir()).glob("localchat-reader-*")]
