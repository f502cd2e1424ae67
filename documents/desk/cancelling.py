"""The front desk for many at once: stop reading them, or read again what failed."""

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from documents import tasks
from documents.ingest import queue_places
from documents.models import Document
from localchat.lib import events
from localchat.lib.heartbeat import Stopped

Status = Document.Status


def cancel(documents: QuerySet[Document]) -> int:
    """End the reading of these; how many were not finished.

    Who only waits is ended here; who is being read is stopped by its worker, within a second.
    """
    ended = Stopped()
    with transaction.atomic():
        unfinished = list(documents.unfinished().values_list("pk", "attempt"))  # type: ignore[attr-defined]
        wanted = Document.objects.filter(pk__in=[pk for pk, _ in unfinished])
        wanted.filter(status__in=Document.WORKING).update(stopping=True)
        wanted.filter(status__in=Document.WAITING).update(
            status=Status.FAILED,
            error=ended.code,
            problem=ended.message,
            waiting="",
            finished=Now(),
        )
    gone = set(wanted.filter(error=ended.code).values_list("pk", flat=True))
    facts = {"type": "failed", "error": ended.code, "message": ended.message}
    events.tell((f"document:{pk}", attempt, facts) for pk, attempt in unfinished if pk in gone)
    queue_places.tell()
    return len(unfinished)


@transaction.atomic
def retry_failed(documents: QuerySet[Document]) -> int:
    """Read again those of these documents that failed; how many that were."""
    readable = Q(incoming__isnull=False) | Q(current__isnull=False)
    failed = documents.filter(readable, status=Status.FAILED)
    ids = sorted(failed.select_for_update(of=("self",)).values_list("pk", flat=True))
    begin_anew(ids)
    return len(ids)


def begin_anew(ids: list[int]) -> None:
    """Put these documents, whose rows the caller has locked, in the line of those to be read."""
    Document.objects.filter(pk__in=ids).update(
        status=Status.QUEUED,
        attempt=F("attempt") + 1,
        heartbeat=Now(),
        tries=0,
        error="",
        problem="",
        waiting="",
        stopping=False,
        done=0,
        total=0,
    )
    transaction.on_commit(lambda: _enqueue(ids))


def _enqueue(ids: list[int]) -> None:
    for pk in ids:
        tasks.ingest.delay(pk)
