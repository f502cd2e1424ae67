"""The front desk for what a document is called, and where it lies."""

from django.contrib.auth.models import User
from django.db import transaction

from documents import tasks
from documents.desk import collections, uploading
from documents.ingest import relabelling, storing
from documents.models import Collection, Document
from localchat.lib.errors import Conflict
from localchat.lib.sentences import Sentence


@transaction.atomic
def rename(
    document: Document, name: str = "", collection: str = "", by: User | None = None
) -> Document:
    """Give it the name, put it into the collection (made if need be); empty: as it is.

    The collection is the one that `by`, else the owner, calls so. Raises Conflict when another
    document there is called so, or the collection is somebody else's.
    """
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    former, from_there = document.name, document.collection_id
    if name.strip():
        document.name = uploading.clean_name(name)
    if collection.strip():
        _put_into(document, uploading.collection_of(by or document.owner, collection))
    others = document.collection.documents.exclude(pk=document.pk)
    if others.filter(name=document.name).exists():
        raise Conflict(
            Sentence(
                "In %(collection)s the name %(name)s is taken.",
                collection=document.collection.name,
                name=document.name,
            )
        )
    document.save(update_fields=["name", "collection"])
    if document.collection_id != from_there:
        collections.moved(document.collection, [document.pk], [from_there])
    for child in document.attachments.filter(name__startswith=f"{former}/"):
        called = document.name + child.name.removeprefix(former)
        rename(child, called, document.collection.name)
    if document.name != former:
        _tell(document)
    return document


def _put_into(document: Document, collection: Collection) -> None:
    if collection.owner_id != document.owner_id:
        raise Conflict(collections.ELSEWHERE)
    document.collection = collection


def _tell(document: Document) -> None:
    """What is found by the name."""
    document.refresh_from_db(fields=["current"])  # it may be kept apart now
    if version := document.current:
        storing.tell_about(version, document.name)
        if relabelling.relabel([version.content_id]):
            transaction.on_commit(tasks.embed_relabelled.delay)
