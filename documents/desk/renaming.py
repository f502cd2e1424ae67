"""The front desk for what a document is called, and where it lies."""

from django.db import transaction

from documents import tasks
from documents.desk import uploading
from documents.ingest import relabelling, storing
from documents.models import Document
from localchat.lib.errors import Conflict
from localchat.lib.sentences import Sentence


@transaction.atomic
def rename(document: Document, name: str = "", collection: str = "") -> Document:
    """Give it the name, put it into the collection (made if need be); empty: as it is.

    Raises Conflict when another document there is called so.
    """
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    former = document.name
    if name.strip():
        document.name = uploading.clean_name(name)
    if collection.strip():
        document.collection = uploading.collection_of(document.owner, collection)
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
    for child in document.attachments.all():
        if child.name.startswith(f"{former}/"):
            called = document.name + child.name.removeprefix(former)
            rename(child, called, document.collection.name)
    version = document.current
    if version and document.name != former:
        storing.tell_about(version, document.name)
        if relabelling.relabel([version.content_id]):
            transaction.on_commit(tasks.embed_relabelled.delay)
    return document
