"""Pages of one document, as their passages hold them."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.db.models.functions import Left

from documents.finding.search import Passage
from documents.finding.whole_documents import passage_of
from documents.models import Chunk, Document

BEGINNING = 450  # characters


def beginnings(user: User, document: int) -> list[tuple[int, str]]:
    """What each page begins with, in order; nothing of a document that has no pages."""
    rows = _chunks(user, document).filter(page__isnull=False, start=0)
    found = rows.annotate(beginning=Left("text", BEGINNING))
    return [(page or 0, text) for page, text in found.values_list("page", "beginning")]


def passages(user: User, document: int, pages: Sequence[int]) -> list[Passage]:
    """Of these pages, in order."""
    mine = Document.objects.for_user(user).filter(pk=document).first()
    if mine is None:
        return []
    rows = _chunks(user, document).filter(page__in=pages)
    rows = rows.defer("embedding", "other_embedding", "words", "context", "text_hash")
    return [passage_of(chunk, mine)._replace(score=0.0) for chunk in rows]


def _chunks(user: User, document: int) -> QuerySet[Chunk]:
    content = Document.objects.for_user(user).filter(pk=document).values("current__content")
    rows = Chunk.objects.for_user(user).filter(content__in=content)
    return rows.order_by("position")
