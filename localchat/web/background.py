"""What a web process does beside its requests: listen for hints, sweep, see to the drawing of pages.

Sweeping makes up for what a dead process left undone; every process may do it, one at a time does.
"""

import asyncio
import logging
from contextvars import Context
from typing import Any
from weakref import WeakKeyDictionary

from django.db import Error as DatabaseError
from redis.exceptions import RedisError

import models_mgmt.topics
from chat import answering, pictures
from chat.keeping import deleting, titling
from documents import readers
from documents.desk import sweeping
from localchat import tasks
from localchat.accounts.audit import noting as audit_log
from localchat.accounts.directory import syncing
from localchat.accounts.sign_ins import noting as sign_ins
from localchat.backups import schedule
from localchat.lib.advisory_lock import alone
from localchat.lib.db_threads import threaded
from localchat.lib.hub import hub

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 10


class Background:
    """ASGI: begins with the first thing that the server asks for, whichever server it is."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.tasks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[None]] = (
            WeakKeyDictionary()
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        loop = asyncio.get_running_loop()
        if loop not in self.tasks:
            hub().start_reading()
            self.tasks[loop] = asyncio.create_task(sweep_for_ever(), context=Context())
        if scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            await self.app(scope, receive, send)


async def _live(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def sweep_for_ever() -> None:
    while True:
        try:
            await sweep()
        except (DatabaseError, RedisError, OSError) as error:
            logger.warning("not swept: %s", type(error).__name__)
        except Exception:
            logger.exception("the sweeper failed")
        await asyncio.sleep(SWEEP_SECONDS)


async def sweep() -> None:
    for answer in await threaded(answering.deserted)():
        answering.start(answer)
    await threaded(sweep_jobs)()
    await threaded(readers.stand_by)()
    titling.begin()


def sweep_jobs() -> None:
    """Conversations, documents and pulls, by the one process that gets the lock for this round."""
    with alone("sweeper") as mine:
        if mine:
            deleting.sweep()
            pictures.sweep()
            sweeping.sweep()
            models_mgmt.topics.sweep()
            if schedule.due():
                tasks.back_up.delay()
            if syncing.due():
                tasks.sync_directory.delay()
            audit_log.sweep()
            sign_ins.sweep()
