"""The belt: ids in, nothing out, safe to run twice."""

from celery import shared_task

from documents import halves, ingesting, relabelling, waiting
from documents.models import Document, Index
from localchat.lib.alone import alone


@shared_task(ignore_result=True)
def ingest(document_id: int) -> None:
    if document := Document.objects.claim(document_id):
        waiting.tell()
        ingesting.ingest(document)


@shared_task(ignore_result=True)
def embed_missing() -> None:
    ingesting.embed_missing()


@shared_task(ignore_result=True)
def embed_relabelled() -> None:
    relabelling.embed_relabelled()


@shared_task(ignore_result=True)
def build_vector_index() -> None:
    index = Index.objects.current()
    with alone("vector index") as mine:
        if mine and index:
            halves.ensure_vector_index(index)
