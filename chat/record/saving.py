"""The texts of answers that are being written, saved together: one statement for all of a process.

How an answer ends is saved by a statement of its own, see `Draft.save`.
"""

import asyncio
import logging
from contextvars import Context
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection

from localchat.lib.db_threads import threaded

if TYPE_CHECKING:
    from chat.record.draft import Draft

logger = logging.getLogger(__name__)

SAVE_SECONDS = 1.0  # in which all that have grown are saved once

# What somebody has locked is saved the next time: all others would wait for it.
_SAVE = """
WITH new AS (
    SELECT * FROM unnest(
        %s::bigint[], %s::integer[], %s::text[], %s::text[], %s::text[]
    ) AS new (id, attempt, text, thinking, cursor)
), ours AS (
    SELECT message.id FROM chat_message AS message JOIN new USING (id, attempt)
    WHERE message.status = 'writing'
), free AS (
    SELECT message.id FROM chat_message AS message JOIN new USING (id, attempt)
    WHERE message.status = 'writing' FOR UPDATE OF message SKIP LOCKED
), saved AS (
    UPDATE chat_message AS message
    SET text = new.text, thinking = new.thinking, cursor = new.cursor
    FROM new JOIN free USING (id) WHERE message.id = new.id
)
SELECT id FROM ours"""


class Saver:
    def __init__(self) -> None:
        self.due: set[Draft] = set()
        self.held: set[Draft] = set()  # by the statement that runs
        self.free = asyncio.Event()  # of a statement
        self.running: asyncio.Task[None] | None = None

    def soon(self, draft: "Draft") -> None:
        """Save what it has within SAVE_SECONDS and the time of a statement."""
        self.due.add(draft)
        if self.running is None or self.running.done():
            self.running = asyncio.create_task(self._run(), context=Context())

    async def left(self, draft: "Draft") -> None:
        """Save it no more, and wait until no statement holds what it had."""
        self.due.discard(draft)
        if draft in self.held:
            await self.free.wait()

    async def _run(self) -> None:
        while self.due:
            await asyncio.sleep(SAVE_SECONDS)
            self.held, self.due = self.due, set()
            self.free.clear()
            try:
                await self._save(list(self.held))
            finally:
                self.held = set()
                self.free.set()

    async def _save(self, drafts: "list[Draft]") -> None:
        rows = [
            (each.answer.pk, each.answer.attempt, each.text, each.thinking, each.writer.cursor)
            for each in drafts
        ]
        if not rows:
            return
        try:
            kept = await threaded(_saved)(rows)
        except DatabaseError as error:
            logger.warning("%d messages not saved: %s", len(rows), type(error).__name__)
            return
        for draft in drafts:
            if draft.answer.pk not in kept:
                draft.writer.lose()


def _saved(rows: list[tuple[int, int, str, str, str]]) -> set[int]:
    """Write them; returns those that are still this attempt's."""
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [list(column) for column in zip(*rows, strict=True)])
        return {pk for (pk,) in cursor.fetchall()}


_savers: "WeakKeyDictionary[asyncio.AbstractEventLoop, Saver]" = WeakKeyDictionary()


def saver() -> Saver:
    """The saver of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _savers:
        _savers[loop] = Saver()
    return _savers[loop]
