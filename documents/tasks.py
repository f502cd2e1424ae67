"""The belt: ids in, nothing out, safe to run twice."""

from celery import current_app, shared_task

from documents.finding import candidates
from documents.ingest import ingesting, queue_places, relabelling, second_vectors
from documents.models import Document, Index, Reembedding
from documents.models.querysets import MESSAGES
from localchat.lib.advisory_lock import alone

UNPACK = "documents.unpack"
COMPARE = "documents.compare_models"


@shared_task(ignore_result=True)
def ingest(document_id: int) -> None:
    if document := Document.objects.with_bytes().claim(document_id):
        queue_places.tell()
        version = document.newest
        ingesting.ingest(document)
        if version and version.content.kind in MESSAGES:
            unpack_later(document_id)


def unpack_later(document_id: int) -> None:
    """Put the message's attachments on the belt, if it is one and they are not there yet."""
    if Document.objects.packed().filter(pk=document_id).exists():
        # By its name: what unpacks stands at the front desk, where files come in.
        current_app.tasks[UNPACK].delay(document_id)


@shared_task(ignore_result=True)
def embed_missing() -> None:
    ingesting.embed_missing()


@shared_task(ignore_result=True)
def embed_relabelled() -> None:
    relabelling.embed_relabelled()


@shared_task(ignore_result=True)
def reembed(reembedding_id: int) -> None:
    if job := Reembedding.objects.claim(reembedding_id):
        second_vectors.reembed(job)
        if Reembedding.objects.filter(pk=job.pk, status=Reembedding.Status.READY).exists():
            # By its name: what measures stands above.
            current_app.tasks[COMPARE].delay(job.pk)


@shared_task(ignore_result=True)
def build_vector_index() -> None:
    index = Index.objects.current()
    with alone("vector index") as mine:
        if mine and index:
            candidates.ensure_vector_index(index)
