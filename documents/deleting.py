"""Taking a document away, with everything that was made of it."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from documents import storing
from documents.models import Document
from localchat.lib import events


@transaction.atomic
def delete(document: Document) -> None:
    """Delete the document. What is being done for it ends, its topic is forgotten."""
    Document.objects.filter(pk=document.pk).update(attempt=F("attempt") + 1)
    contents = list(document.versions.values_list("content", flat=True))
    topic = document.topic
    document.delete()
    storing.remove_orphans(contents)
    transaction.on_commit(lambda: events.forget(topic))


def clear(user: User) -> int:
    """Delete all documents of a person; returns how many there were."""
    documents = list(Document.objects.for_user(user))
    for document in documents:
        delete(document)
    return len(documents)
