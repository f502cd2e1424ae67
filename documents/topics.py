"""Who may follow a document's progress, or new vectors', and what the row shows now."""

from django.contrib.auth.models import User

from documents.desk import cancelling, reembedding
from documents.ingest import queue_places
from documents.models import Document, Reembedding, Role, rights
from localchat.lib import events, following
from localchat.lib.errors import NotFound
from localchat.lib.following import Snapshot


class DocumentTopics:
    lossless = False

    def snapshot(self, user: User, pk: int) -> Snapshot | None:
        document = Document.objects.for_user(user).filter(pk=pk).first()
        if document is None:
            return None
        if document.status == Document.Status.READY:
            end = {"type": "done", "status": "ready", "chunks": _chunks(document)}
            return Snapshot([end], f"{document.attempt}-1000000000", True)
        if document.status == Document.Status.FAILED:
            end = {"type": "failed", "error": document.error, "message": document.problem}
            return Snapshot([end], f"{document.attempt}-1000000000", True)
        stage = "waiting" if document.waiting else document.status
        now = {"type": "progress", "stage": stage, "done": document.done, "total": document.total}
        if place := queue_places.place(document):
            now["place"] = place
        return Snapshot([now], events.before(document.attempt), False)

    def stop(self, user: User, pk: int) -> None:
        document = Document.objects.for_user(user).filter(pk=pk).first()
        if document is None:
            raise NotFound
        rights.require(user, Role.WRITER, document.collection_id)
        cancelling.cancel(Document.objects.filter(pk=pk))


class ReembeddingTopics:
    lossless = False

    def snapshot(self, user: User, pk: int) -> Snapshot | None:
        job = Reembedding.objects.for_user(user).filter(pk=pk).first()
        if job is None:
            return None
        if job.is_live:
            counts = {"done": job.done, "total": job.total}
            now = {"type": "progress", "stage": job.status, **counts}
            return Snapshot([now], events.before(job.attempt), False)
        end: events.Event = {"type": "done", "status": job.status, "chunks": job.total}
        if job.problem:
            end = {"type": "failed", "error": job.error, "message": job.problem}
        return Snapshot([end], f"{job.attempt}-1000000000", True)

    def stop(self, user: User, pk: int) -> None:
        job = Reembedding.objects.for_user(user).filter(pk=pk).first()
        if job is None:
            raise NotFound
        reembedding.stop(job)


def _chunks(document: Document) -> int:
    found = Document.objects.filter(pk=document.pk)
    return found.values_list("current__content__passages", flat=True).get() or 0


def register() -> None:
    following.register("document", DocumentTopics())
    following.register("reembedding", ReembeddingTopics())
