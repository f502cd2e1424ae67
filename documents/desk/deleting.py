"""Taking documents away, with everything that was made of them."""

from collections.abc import Iterable

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from documents import tasks
from documents.files.deletion_receipt import Receipt
from documents.ingest import relabelling, storing
from documents.models import Document, Role, Version
from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note_each
from localchat.lib import events, forgetting

AT_ONCE = 200  # documents in a transaction


def delete(document: Document) -> Receipt:
    """Delete the document. What is being done for it ends, its topic is forgotten."""
    return _delete([document.pk])


def delete_all(documents: Iterable[Document]) -> Receipt:
    """Delete these documents, some at a time: what was deleted stays deleted if it breaks off."""
    ids = [document.pk for document in documents]
    receipt = Receipt()
    for start in range(0, len(ids), AT_ONCE):
        receipt = receipt.plus(_delete(ids[start : start + AT_ONCE]))
    return receipt


def clear(user: User) -> Receipt:
    """Delete all documents in a person's own collections."""
    return delete_all(Document.objects.for_user(user, Role.OWNER).only("pk"))


@transaction.atomic
def _delete(ids: list[int]) -> Receipt:
    ids = Document.objects.filter(pk__in=ids).with_attachments()
    found = Document.objects.filter(pk__in=ids)
    found.update(attempt=F("attempt") + 1)
    gone = list(found.only("pk"))
    topics = [document.topic for document in gone]
    contents = set(Version.objects.filter(document__in=ids).values_list("content", flat=True))
    told = forgetting.forget(ids)
    versions = Version.objects.filter(document__in=ids).count()
    found.delete()
    forget_names("document", ids)
    note_each(Act.DOCUMENT_DELETED, "document", [each.pk for each in gone])
    removed = storing.remove_orphans(contents)
    if relabelling.relabel(list(contents)):  # what stays is not called by the name that went
        transaction.on_commit(tasks.embed_relabelled.delay)
    transaction.on_commit(lambda: events.forget(*topics))
    return removed._replace(
        documents=len(topics),
        versions=versions,
        **{name: told[name] for name in ("answers_that_cite", "quotes")},
    )


def forget_names(kind: str, ids: Iterable[int]) -> None:
    """The admin keeps a history, with the name of what was added, changed and deleted."""
    entries = LogEntry.objects.filter(
        content_type__app_label="documents",
        content_type__model=kind,
        object_id__in=[str(pk) for pk in ids],
    )
    entries.update(object_repr=Concat(Value(f"{kind} "), "object_id"))
