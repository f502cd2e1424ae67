"""The belt: ids in, nothing out, safe to run twice."""

from celery import shared_task

from documents import ingesting
from documents.models import Document


@shared_task(ignore_result=True)
def ingest(document_id: int) -> None:
    if document := Document.objects.claim(document_id):
        ingesting.ingest(document)


@shared_task(ignore_result=True)
def embed_missing() -> None:
    ingesting.embed_missing()
