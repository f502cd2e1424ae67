"""Database work from the event loop."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import connections

P = ParamSpec("P")
R = TypeVar("R")


def threaded(function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """The function, to be awaited: it runs in a pool's thread and gives its connection back.

    Not in the request's own thread, as is usual in Django: that one ends with the request, and
    what is started here outlives it.
    """

    @wraps(function)
    def work(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        finally:
            # In here, since a connection is known only in the context that opened it.
            connections.close_all()

    return sync_to_async(work, thread_sensitive=False)
