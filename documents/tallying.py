"""In how many chunks each term stands, and where: for several contents at a time.

A text has a thousand terms, most of which the next one has too, and while they are counted
everybody else who counts for that person waits. The same with the index of words, into which a
term is sorted once for all chunks that have it. What is neither counted nor sorted in yet is looked
through by whoever asks a question, so it has to stay little.
"""

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Sum

from documents.models import Content, Document, Term

FEW = 500  # passages that may wait to be counted


def add_soon(document: Document) -> None:
    """Count what waits to be, if it is no longer few or nothing else is coming."""
    waiting = Content.objects.for_user(document.owner).uncounted()
    passages = waiting.aggregate(passages=Sum("passages", default=0))["passages"]
    others = Document.objects.for_user(document.owner).unfinished().exclude(pk=document.pk)
    if passages >= FEW or not others.exists():
        add_all(document.owner)


@transaction.atomic
def add_all(owner: User) -> None:
    """Count all that waits to be, but for what somebody else has in hand."""
    waiting = Content.objects.for_user(owner).uncounted()
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
