"""On whose behalf the present work is done, for what is noted of it deep inside."""

from contextvars import ContextVar
from typing import NamedTuple

from localchat.lib.db_threads import carry


class Caller(NamedTuple):
    user_id: int | None  # None: nobody who is known
    address: str  # of the client
    is_owner: bool = False  # who works alone


current: ContextVar[Caller | None] = ContextVar("caller", default=None)  # None: no request
carry(current)
