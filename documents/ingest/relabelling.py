"""Chunks of a document that is called otherwise now: their words at once, their vectors later."""

from collections.abc import Iterator, Sequence

from django.db import transaction

from documents.ingest import chunk_context, embedding_model, term_counts
from documents.models import Chunk, Content, Document, Index, Term, in_context
from documents.text import words
from localchat.lib.advisory_lock import alone

BATCH = 32


@transaction.atomic
def relabel(contents: Sequence[int]) -> bool:
    """Make context and words anew, by the names that these contents have now.

    True when vectors are to follow; until then the former ones are found by.
    """
    # Locked: they may just be counted.
    locked = Content.objects.select_for_update(no_key=True).filter(pk__in=contents).order_by("pk")
    changed = [_relabelled(content) for content in locked]
    return any(changed)


def _relabelled(content: Content) -> bool:
    """A content with several names is called by that of its oldest document."""
    called = Document.objects.filter(current__content=content).order_by("pk").first()
    if called is None:
        return False
    count = embedding_model.counter()
    changed = []
    for chunk in content.chunks.only("pk", "heading", "context", "text"):
        line = chunk_context.line(called.name, chunk.heading, count)
        if line != chunk.context:
            made = words.vectorise(in_context(line, chunk.text))
            chunk.context, chunk.words, chunk.length = line, made.vector, made.length
            changed.append(chunk)
    if changed:
        term_counts.take_off(content.pk)
        Chunk.objects.bulk_update(changed, ["context", "words", "length"], batch_size=500)
        Content.objects.filter(pk=content.pk).update(relabelled=True)
        if content.counted:
            Term.objects.count_chunks(content.pk, sign=1)
    return bool(changed)


def embed_relabelled() -> None:
    """Make the vectors that are behind the words, as far as they can be made."""
    index = embedding_model.index_in_use()
    with alone("embed relabelled") as mine:
        while mine and embedding_model.can_embed(index):
            content = Content.objects.filter(relabelled=True).order_by("pk").first()
            if content is None:
                return
            # Before the work: another change meanwhile puts it back.
            Content.objects.filter(pk=content.pk).update(relabelled=False)
            try:
                _embed(content, index)
            except Exception:
                Content.objects.filter(pk=content.pk).update(relabelled=True)
                raise


def _embed(content: Content, index: Index) -> None:
    for chunks in _behind(content, index):
        vectors = embedding_model.embed(index, [chunk.searchable for chunk in chunks])
        for chunk, vector in zip(chunks, vectors, strict=True):
            chunk.text_hash = chunk_context.text_hash(chunk.context, chunk.text)
            # Those of another model are made again.
            chunk.embedding = chunk.other_embedding = None
            setattr(chunk, index.column, vector)
        Chunk.objects.bulk_update(chunks, ["text_hash", "embedding", "other_embedding"])


def _behind(content: Content, index: Index) -> Iterator[list[Chunk]]:
    """Those whose vector was made of something else, in batches."""
    chunks = content.chunks.exclude(**{index.column: None})
    found = [
        chunk
        for chunk in chunks.only("pk", "content", "context", "text", "text_hash")
        if chunk.text_hash != chunk_context.text_hash(chunk.context, chunk.text)
    ]
    for start in range(0, len(found), BATCH):
        yield found[start : start + BATCH]
