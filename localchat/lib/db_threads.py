"""Database work from the event loop."""

import asyncio
import select
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

P = ParamSpec("P")
R = TypeVar("R")

_carried: list[ContextVar[Any]] = []
THREADS = 8  # each keeps a connection to the database


def unpooled(alias: str = DEFAULT_DB_ALIAS) -> DatabaseWrapper:
    """A connection that is nobody else's, and fails at once where there is no database."""
    asked = connection.settings_dict
    options = {name: value for name, value in asked["OPTIONS"].items() if name != "pool"}
    return DatabaseWrapper({**asked, "OPTIONS": options}, alias=alias)


def keep_own_connection() -> None:
    """To be called first in a thread that stays.

    Requests wait for these threads, and with the pool's connections all taken by requests that wait
    these would never get one.
    """
    connections[DEFAULT_DB_ALIAS] = unpooled()


_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="database", initializer=keep_own_connection)


def threaded(function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """The function, to be awaited: it runs in a pool's thread, which keeps its connection.

    Not in the request's own thread, as is usual in Django: that one ends with the request, and
    what is started here outlives it. Nor in the caller's context, with which a connection goes; of
    that only the variables of `carry` go along.
    """

    @wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        values = [(each, each.get()) for each in _carried]
        work = partial(_connected, partial(function, *args, **kwargs), values)
        return await asyncio.get_running_loop().run_in_executor(_pool, work)

    return run


def carry(variable: ContextVar[Any]) -> None:
    """Have the caller's value of it go along to where `threaded` works. It needs a default."""
    _carried.append(variable)


def _connected(work: Callable[[], R], values: Sequence[tuple[ContextVar[Any], Any]]) -> R:
    refresh()
    before = [(each, each.set(value)) for each, value in values]
    try:
        return work()
    finally:
        for each, token in before:
            each.reset(token)


def refresh() -> None:
    """Let go of this thread's connection if the database has gone away since it was last used.

    A pool, where it goes back to one, looks whether it is still good before it gives it out again.
    """
    if connection.connection is not None and not connection.in_atomic_block and _speaks():
        connection.close()


def _speaks() -> bool:
    """Whether the database has said something unasked, as it does when it takes its leave.

    To ask it each time how it is would cost as much as what it is wanted for.
    """
    if connection.connection.closed:
        return True
    line = select.poll()
    line.register(connection.connection.fileno(), select.POLLIN)
    return bool(line.poll(0))
