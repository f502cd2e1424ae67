"""In how many chunks each term stands, and where: for several contents at a time.

A text has a thousand terms, most of which the next one has too, and while they are counted
everybody else who counts for that person waits. The same with the index of words, into which a
term is sorted once for all chunks that have it. What is neither counted nor sorted in yet is looked
through by whoever asks a question, so it has to stay little.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from documents.models import Content, Document, Term

ENDED = [Document.Status.READY.value, Document.Status.FAILED.value]
FEW = 1500  # passages that may wait to be counted


_DUE = """
SELECT sum(passages) >= %(few)s OR NOT EXISTS (
    SELECT FROM documents_document
    WHERE owner_id = %(owner)s AND status <> ALL (%(ended)s) AND id <> %(document)s
)
FROM documents_content WHERE owner_id = %(owner)s AND NOT counted"""


def add_soon(document: Document) -> None:
    """Count what waits to be, if it is no longer few or nothing else is coming."""
    facts: dict[str, Any] = {"few": FEW, "owner": document.owner_id, "ended": ENDED}
    facts["document"] = document.pk
    with connection.cursor() as cursor:
        cursor.execute(_DUE, facts)
        (due,) = cursor.fetchone()
    if due:
        add_all(document.owner)


@transaction.atomic
def add_all(owner: User) -> None:
    """Count all that waits to be, but for what somebody else has in hand."""
    waiting = Content.objects.owned_by(owner).uncounted()
    locked = waiting.select_for_update(skip_locked=True, no_key=True)
    if ids := list(locked.values_list("pk", flat=True)):
        Term.objects.count_chunks(*ids, sign=1)
        Content.objects.filter(pk__in=ids).update(counted=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('chunk_words')")


def take_off(*contents: int) -> int:
    """Before their chunks are deleted. Returns how many terms are gone thereby."""
    locked = Content.objects.select_for_update(no_key=True).filter(pk__in=contents, counted=True)
    ids = list(locked.order_by("pk").values_list("pk", flat=True))
    return Term.objects.count_chunks(*ids, sign=-1) if ids else 0


def sweep() -> None:
    """Count what nobody came to count."""
    for owner in User.objects.filter(contents__counted=False).distinct():
        add_all(owner)
