"""Every passage of whole documents, in order."""

from collections.abc import Sequence

from django.contrib.auth.models import User

from documents.finding.search import Passage
from documents.models import Chunk, Document


def passages(user: User, documents: Sequence[Document]) -> list[Passage]:
    """All of them, document by document, in order."""
    by_content = {each.current.content_id: each for each in documents if each.current}
    order = {content: place for place, content in enumerate(by_content)}
    rows = Chunk.objects.for_user(user).filter(content__in=order)
    rows = rows.defer("embedding", "other_embedding", "words", "context", "text_hash")
    found = sorted(rows, key=lambda chunk: (order[chunk.content_id], chunk.position))
    return [passage_of(chunk, by_content[chunk.content_id]) for chunk in found]


def passage_of(chunk: Chunk, document: Document) -> Passage:
    """A passage that nobody searched for."""
    return Passage(
        chunk=chunk.pk,
        document=document.pk,
        version=document.current_id or 0,
        filename=document.name,
        page=chunk.page,
        start=chunk.start,
        end=chunk.end,
        heading=chunk.heading,
        text=chunk.text,
        score=1.0,
        stages={},
    )
