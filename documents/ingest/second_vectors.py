"""Vectors by another model, beside those in use; one atomic switch when they are complete.

Every question is answered by the index in use meanwhile, and new documents are read into it. Only
chunks that have no vector in the other column yet are embedded: so it goes on where it broke off.
"""

import logging
import time
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now

from documents.finding import candidates
from documents.ingest import embedding_model
from documents.models import Chunk, Content, Index, Reembedding
from localchat.lib import events, heartbeat
from localchat.lib.errors import AWAY, BROKEN, LocalChatError, ModelMissing
from localchat.lib.heartbeat import Beat, Lost, Stopped

logger = logging.getLogger(__name__)

BATCH = 32
CLEARED_AT_ONCE = 1000
SHOW_SECONDS = 0.25
ROUNDS = 5  # what came meanwhile is made up for so often; the rest right after the switch

_CLEAR = """
UPDATE documents_chunk SET VECTOR = NULL
WHERE id > %(after)s AND id <= %(upto)s AND VECTOR IS NOT NULL"""
# A chunk that is called otherwise by now is left for the next round.
_PUT = """
UPDATE documents_chunk AS chunk SET VECTOR = made.vector::vector
FROM unnest(%(ids)s::bigint[], %(contexts)s::text[], %(vectors)s::text[])
    AS made(id, context, vector)
WHERE chunk.id = made.id AND chunk.context = made.context"""


def reembed(job: Reembedding) -> None:
    """Take the claimed job to ready, done, failed or stopped. Another process may take it over."""
    log = events.Log(job.topic, job.attempt)
    if job.attempt > 1:
        log.publish("restart")
    with heartbeat.kept(job) as beat:
        try:
            _Reembed(job, beat, log).run()
        except Lost:
            logger.info("reembedding %d was taken over", job.pk)
        except Stopped as error:
            _end(job, log, error, Reembedding.Status.STOPPED)
        except (*AWAY, *BROKEN) as error:
            _wait(job, log, error)
        except LocalChatError as error:
            _end(job, log, error, Reembedding.Status.FAILED)
        except DatabaseError:
            raise  # the row cannot be written either: the sweeper finds it
        except Exception:
            _end(job, log, LocalChatError(), Reembedding.Status.FAILED)
            raise


def _end(job: Reembedding, log: events.Log, error: LocalChatError, status: str) -> None:
    changes = {"status": status, "error": error.code, "problem": error.message}
    if Reembedding.objects.held(job).update(**changes, stopping=False, finished=Now()):
        logger.info("reembedding %d %s: %s", job.pk, status, error.code)
        log.publish("failed", error=error.code, message=error.message)


def _wait(job: Reembedding, log: events.Log, error: LocalChatError) -> None:
    """Give the claim back: the sweeper has it tried again until the engine answers."""
    waiting = {"status": Reembedding.Status.QUEUED, "problem": error.message}
    Reembedding.objects.held(job).update(**waiting, heartbeat=Now())
    log.publish("progress", stage="waiting", done=job.done, total=job.total)


class _Reembed:
    def __init__(self, job: Reembedding, beat: Beat, log: events.Log) -> None:
        self.job, self.beat, self.log = job, beat, log
        self.index: Index = job.index
        self.column = Index.Column(self.index.column).value
        self.shown = 0.0

    def run(self) -> None:
        began = time.monotonic()
        if not self.index.in_use:
            self.check_model()
            self.clear()
            self.fill()
            if candidates.wants_vector_index(self.index):
                candidates.ensure_vector_index(self.index)
        self.finish()
        seconds = time.monotonic() - began
        logger.info("reembedding %d: %d passages in %.1f s", self.job.pk, self.job.total, seconds)

    def check_model(self) -> None:
        """Raises ModelChanged where the name means another model since this was asked for."""
        if not embedding_model.can_embed(self.index):
            raise ModelMissing
        embedding_model.check_unchanged(self.index)

    def clear(self) -> None:
        """Take away what a third model has left in the column."""
        if self.job.cleared:
            return
        candidates.drop_vector_indexes(self.column)
        last = Chunk.objects.aggregate(last=Max("pk"))["last"] or 0
        for after in range(0, last, CLEARED_AT_ONCE):
            self.look()
            upto = min(after + CLEARED_AT_ONCE, last)
            self.write(_CLEAR, after=after, upto=upto)
            self.show("clearing", upto, last)
        Reembedding.objects.held(self.job).update(cleared=True)

    def fill(self) -> None:
        for _ in range(ROUNDS):
            missing = Chunk.objects.without_vector(self.index)
            self.job.total = Chunk.objects.count()
            self.job.done = self.job.total - missing.count()
            last = 0
            while chunks := list(
                missing.filter(pk__gt=last).order_by("pk").only("pk", "context", "text")[:BATCH]
            ):
                self.look()
                self.embed(chunks)
                last = chunks[-1].pk
                self.job.done += len(chunks)
                self.show("embedding", self.job.done, self.job.total)
            if not missing.exists():
                return

    def embed(self, chunks: list[Chunk]) -> None:
        vectors = embedding_model.embed(self.index, [chunk.searchable for chunk in chunks])
        self.write(
            _PUT,
            ids=[chunk.pk for chunk in chunks],
            contexts=[chunk.context for chunk in chunks],
            vectors=[str(vector) for vector in vectors],
        )

    def write(self, sql: str, **facts: Any) -> None:
        """Only while the column is this index's. Raises Lost."""
        with transaction.atomic(), connection.cursor() as cursor:
            mine = Index.objects.select_for_update(no_key=True).filter(pk=self.index.pk)
            if not mine.exists():
                raise Lost
            cursor.execute(sql.replace("VECTOR", self.column), facts)

    def look(self) -> None:
        """Sees a stop sooner than the heart, which beats once a second."""
        self.beat.check()
        if not Reembedding.objects.held(self.job).filter(stopping=False).exists():
            raise Stopped if Reembedding.objects.held(self.job).exists() else Lost

    def show(self, stage: str, done: int, total: int) -> None:
        if time.monotonic() - self.shown < SHOW_SECONDS:
            return
        self.shown = time.monotonic()
        if stage == "embedding":
            Reembedding.objects.held(self.job).update(done=done, total=total)
        self.log.publish("progress", stage=stage, done=done, total=total)

    def finish(self) -> None:
        """Ready, or into use in one moment with all that is read into it."""
        with transaction.atomic():
            held = Reembedding.objects.held(self.job)
            row = held.select_for_update(of=("self",)).first()
            if row is None:
                raise Lost
            if row.stopping:
                raise Stopped
            if row.switch and not self.index.in_use:
                _switch(self.index)
            is_used = row.switch or self.index.in_use
            status = Reembedding.Status.DONE if is_used else Reembedding.Status.READY
            total = self.job.total
            held.update(status=status, done=total, total=total, finished=Now())
        self.log.publish("done", status=status.value, chunks=total)


def _switch(index: Index) -> None:
    former = Index.objects.select_for_update(no_key=True).get(in_use=True)
    Index.objects.filter(pk=former.pk).update(in_use=False)
    Index.objects.filter(pk=index.pk).update(in_use=True, chosen=True)
    Content.objects.filter(indexed=former).update(indexed=index)
