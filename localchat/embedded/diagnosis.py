"""What doctor can see from outside: the data folder, its owner, the servers, and who runs what.

A check is a function that yields findings; `CHECKS` is the list, and others may add to it.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple

import psutil

from localchat.embedded import children, postgres, redis
from localchat.embedded.lock import Lock
from localchat.embedded.services import CHECKOUT
from localchat.embedded.unix_users import SHARED, service_account, why_root
from localchat.lib import environment

ROOM = 2_000_000_000


class Finding(NamedTuple):
    """`mend` is the one line that helps; only "wrong" makes doctor fail."""

    state: Literal["ok", "note", "wrong"]
    what: str
    mend: str = ""


def data_folder() -> Iterator[Finding]:
    data = environment.data_folder()
    if not data.exists():
        yield Finding("note", f"The data folder {data} does not exist yet.", "make run")
        return
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        user = psutil.Process().username()
        yield Finding("wrong", f"{user} may not write in {data}.", f"chown -R {user} {str(data)!r}")
        return
    yield Finding("ok", f"Data folder: {data}")
    if data.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("note", f"Others may look into {data}.", f"chmod 700 {str(data)!r}")
    if (free := shutil.disk_usage(data).free) < ROOM:
        yield Finding("wrong", f"Only {free // 10**6} MB are free on its disk.", "Make room there.")


def owner() -> Iterator[Finding]:
    facts = _owner()
    if facts is None:
        yield Finding("note", "LocalChat is not running on this data.", "make run")
    else:
        where = facts.get("url") or "no pages"
        yield Finding("ok", f"`manage.py {facts.get('command')}` runs: {facts.get('pid')}, {where}")


def servers() -> Iterator[Finding]:
    """The embedded ones; doctor starts none, so there is something to see only while they run."""
    facts = _owner() or {}
    run = Path(facts.get("run", "/nonexistent"))
    for name, key, answers in (
        ("PostgreSQL", "database_url", postgres.answers),
        ("Redis", "redis_url", redis.answers),
    ):
        if key in facts and answers(run):
            yield Finding("ok", f"{name} answers ({run}).")
        elif key in facts:
            log = environment.data_folder() / "logs" / f"{name.lower()}.log"
            yield Finding("wrong", f"{name} does not answer.", f"Read {log}")


def programs() -> Iterator[Finding]:
    """Whether the wheels' binaries are there."""
    try:
        postgres.package()
        redis.program()
    except (postgres.PostgresFailed, redis.RedisMissing) as error:
        yield Finding("wrong", error.message, "make run")


def users() -> Iterator[Finding]:
    account, data = service_account(), environment.data_folder()
    if account and account.wrap:
        yield Finding(
            "note",
            "PostgreSQL runs in a user namespace, which does not protect root's files.",
            "Start LocalChat as an ordinary user.",
        )
    if account and account.name == SHARED:
        yield Finding(
            "note",
            f"PostgreSQL and Redis run as {SHARED}: what else does can read documents and chats.",
            "Start LocalChat as an ordinary user, or set LOCALCHAT_USER to an account of its own.",
        )
    if account and (reason := why_root(account, CHECKOUT, data)):
        yield Finding(
            "note",
            f"Web and workers run as root, since {reason}.",
            "Start LocalChat as an ordinary user, or set LOCALCHAT_DATA to a folder that "
            f"{account.name} can reach and use a Python outside root's home.",
        )
    if facts := _owner():
        for process in children.of_run(Path(facts.get("run", "/nonexistent"))):
            with suppress(psutil.Error):
                user, command = process.username(), " ".join(process.cmdline())
                yield Finding("ok", f"Process {process.pid} runs as {user}: {command}")


CHECKS = [data_folder, programs, owner, servers, users]


def address() -> str:
    """Where the server of this data folder is reached; empty when none runs."""
    return str((_owner() or {}).get("url") or "")


def database() -> str:
    """The URL of the database that runs; empty when none does."""
    return environment.text("DATABASE_URL") or str((_owner() or {}).get("database_url") or "")


def _owner() -> dict[str, Any] | None:
    return Lock(environment.data_folder()).owner()
