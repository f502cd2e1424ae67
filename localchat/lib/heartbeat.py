"""One thread for each process that beats the hearts of the jobs it has claimed.

A beat also brings news: that the job was taken over by another process, or should stop.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_

from django.db import Error as DatabaseError
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from localchat.lib import db_threads
from localchat.lib.errors import LocalChatError
from localchat.lib.jobs import Job

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
IDLE_BEATS = 10  # without a claim, after which the thread ends


class Lost(LocalChatError):
    """Another process has taken this work over."""

    status, code = 409, "lost"


class Stopped(LocalChatError):
    """It was stopped."""

    status, code = 409, "stopped"


class Beat:
    """What the process knows of one claim. `changed` runs once, in the beating thread."""

    def __init__(self, job: Job, changed: Callable[[], None] | None) -> None:
        self.model, self.pk, self.attempt = type(job), job.pk, job.attempt
        self.changed = changed
        self.lost = False
        self.stopping = False

    def check(self) -> None:
        """Raises Lost or Stopped when the work should not go on."""
        if self.lost:
            raise Lost
        if self.stopping:
            raise Stopped

    def tell(self, *, lost: bool = False, stopping: bool = False) -> None:
        first = not (self.lost or self.stopping)
        self.lost, self.stopping = self.lost or lost, self.stopping or stopping
        if first and self.changed:
            self.changed()


_beats: set[Beat] = set()
_lock = threading.Lock()
_thread: threading.Thread | None = None


@contextlib.contextmanager
def kept(job: Job, changed: Callable[[], None] | None = None) -> Iterator[Beat]:
    """Keep the job's heart beating while its work is done here."""
    global _thread
    beat = Beat(job, changed)
    with _lock:
        _beats.add(beat)
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_run, name="heartbeat", daemon=True)
            _thread.start()
    try:
        yield beat
    finally:
        with _lock:
            _beats.discard(beat)


def _run() -> None:
    """Beat until nothing has been claimed for a while."""
    global _thread
    idle = 0
    while True:
        time.sleep(BEAT_SECONDS)
        with _lock:
            beats = list(_beats)
            idle = 0 if beats else idle + 1
            if idle > IDLE_BEATS:
                _thread = None
                connection.close()
                return
        if beats:
            _beat_all(beats)


def _beat_all(beats: list[Beat]) -> None:
    """Two statements for all jobs of a kind."""
    try:
        db_threads.refresh()
        for model in {beat.model for beat in beats}:
            _beat_kind(model, [beat for beat in beats if beat.model is model])
    except DatabaseError as error:
        logger.warning("no heartbeat: %s", type(error).__name__)
        connection.close()


def _beat_kind(model: type[Job], beats: list[Beat]) -> None:
    claims = reduce(or_, (Q(pk=beat.pk, attempt=beat.attempt) for beat in beats))
    mine = model._default_manager.filter(claims)
    mine.update(heartbeat=Now())
    stopping = dict(mine.values_list("pk", "stopping"))
    for beat in beats:
        if beat.pk not in stopping:
            beat.tell(lost=True)
        elif stopping[beat.pk]:
            beat.tell(stopping=True)
