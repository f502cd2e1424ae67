"""Database work from the event loop."""

import asyncio
import select
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection

P = ParamSpec("P")
R = TypeVar("R")

THREADS = 8  # each keeps a connection to the database

_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="database")


def threaded(function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """The function, to be awaited: it runs in a pool's thread, which keeps its connection.

    Not in the request's own thread, as is usual in Django: that one ends with the request, and
    what is started here outlives it. Nor in the caller's context, with which a connection goes.
    """

    @wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        work = partial(_connected, partial(function, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(_pool, work)

    return run


def _connected(work: Callable[[], R]) -> R:
    refresh()
    return work()


def refresh() -> None:
    """Let go of this thread's connection if the database has gone away since it was last used.

    The pool, to which it goes back, looks whether it is still good before it gives it out again.
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
