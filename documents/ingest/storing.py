"""Writing what was read: chunks with their words and vectors, and taking them away again."""

import uuid
from array import array
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice
from typing import Any, Protocol

import numpy as np
import pgvector
from django.db import connection, transaction
from django.db.models import Count

from documents import readers
from documents.files import originals
from documents.files.deletion_receipt import Receipt
from documents.ingest import term_counts
from documents.ingest.chunking import Piece
from documents.models import CachedVector, Chunk, Content, Document, Index, Version
from documents.pages import flags, page_states, pictures
from documents.pages.recognised import Recognised
from documents.readers.common import hidden
from documents.readers.page import Reading
from documents.text import about, words

Vector = array  # of single floats, as they are stored: a list takes eight times the memory
ASKED_AT_ONCE = 500  # hashes whose vectors are looked for
OPENING_CHUNKS = 3  # of the content, from which is read what it is

# The hashes as one value: a condition for each would take longer than looking them up.
_KNOWN_VECTORS = """
SELECT text_hash, VECTOR FROM documents_chunk AS chunk
WHERE owner_id = %(owner)s AND text_hash = ANY (%(asked)s) AND VECTOR IS NOT NULL AND WITH_IT
UNION ALL
SELECT text_hash, embedding FROM documents_cachedvector AS chunk
WHERE owner_id = %(owner)s AND digest = %(digest)s AND text_hash = ANY (%(asked)s)
AND WITH_IT""".replace(
    "WITH_IT",
    """EXISTS (
    SELECT FROM documents_content AS content
    WHERE content.id = chunk.content_id AND content.apart_id IS NOT DISTINCT FROM %(apart)s
)""",
)

_ANY_THERE = """
SELECT EXISTS (SELECT FROM documents_chunk WHERE content_id = ANY (%(contents)s))
OR EXISTS (SELECT FROM documents_cachedvector WHERE content_id = ANY (%(contents)s))"""

# Rows of chunks are many and wide: this takes a third of the time that INSERT does.
_COPY_CHUNKS = """
COPY documents_chunk (
    owner_id, content_id, position, page, start, "end",
    heading, context, text, text_hash, words, length, VECTOR
) FROM STDIN (FORMAT BINARY)"""
_TYPES = (
    *("int4", "int8", "int4", "int4", "int4", "int4"),  # users' ids are the short ones
    *("varchar", "varchar", "text", "varchar", "bytea", "int4", "bytea"),  # bytes as they are
)


class Row(Protocol):
    @property
    def piece(self) -> Piece: ...

    @property
    def context(self) -> str: ...

    @property
    def hash(self) -> str: ...

    @property
    def searchable(self) -> str: ...


def known_vectors(content: Content, index: Index, hashes: Iterable[str]) -> dict[str, Vector]:
    """Vectors that there are already for texts with these hashes, by hash.

    The owner's, or those of the collection in which the content is kept apart.
    """
    known: dict[str, Vector] = {}
    wanted = list(dict.fromkeys(hashes))
    facts: dict[str, Any] = {"owner": content.owner_id, "digest": index.digest}
    facts["apart"] = content.apart_id
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), ASKED_AT_ONCE):
            asked = wanted[start : start + ASKED_AT_ONCE]
            cursor.execute(_of(index, _KNOWN_VECTORS), {**facts, "asked": asked})
            for text_hash, found in cursor.fetchall():
                known[text_hash] = packed(pgvector.Vector.from_text(found).to_list())
    return known


def _of(index: Index, sql: str) -> str:
    return sql.replace("VECTOR", Index.Column(index.column).value)


def packed(vector: Iterable[float]) -> Vector:
    return array("f", vector)


def cache_vectors(content: Content, index: Index, made: dict[str, Vector]) -> None:
    CachedVector.objects.bulk_create(
        [
            CachedVector(
                owner_id=content.owner_id,
                content=content,
                digest=index.digest,
                text_hash=text_hash,
                embedding=list(vector),
            )
            for text_hash, vector in made.items()
        ],
        ignore_conflicts=True,
    )


def replace_chunks(
    content: Content, index: Index, reading: Reading, rows: Sequence[tuple[Row, Vector | None]]
) -> None:
    """Store the content's chunks in place of older ones, to be counted by `term_counts` later.

    Runs in the caller's transaction.
    """
    remove_chunks(content.pk)
    with connection.cursor() as cursor, cursor.copy(_of(index, _COPY_CHUNKS)) as copy:
        copy.set_types(_TYPES)
        for position, (row, vector) in enumerate(rows):
            place = (content.owner_id, content.pk, position)
            columns = _columns(row, words.vectorise(row.searchable))
            sent = None if vector is None else pgvector.Vector(np.asarray(vector)).to_binary()
            copy.write_row((*place, *columns, sent))
    content.title = reading.title[:300]
    page_states.put(content, reading.pages)
    content.flags = flags.found(row.piece for row, _ in rows)
    content.passages = len(rows)
    seen = (hidden.visible(row.piece.text) for row, _ in rows)  # a date of it would not say so
    content.description = about.line(reading.title, _beginning(seen))
    content.indexed, content.counted = index, False
    content.reader = readers.VERSION
    kept = ["title", "flags", "passages", "description", "indexed", "counted", "reader"]
    content.save(update_fields=[*kept, *page_states.FIELDS])


def _columns(row: Row, found: words.Words) -> tuple[object, ...]:
    piece = row.piece
    heading, text = piece.heading[:500], piece.text
    place = (piece.page, piece.start, piece.end)
    return (*place, heading, row.context, text, row.hash, found.packed, found.length)


def tell_about(version: Version, name: str, texts: Sequence[str] = ()) -> None:
    """Keep what the version says of itself; its content has been stored, `texts` of it just now."""
    content = version.content
    title, beginning = "", ""
    # Title and beginning of a short document say nothing more: each of its passages is about it.
    if content.passages > about.SHORT:
        stored = content.chunks.order_by("position").values_list("text", flat=True)
        title, beginning = content.title, _beginning(texts or stored[:OPENING_CHUNKS])
    version.about = about.terms(name, title, beginning)
    version.save(update_fields=["about"])


def _beginning(texts: Iterable[str]) -> str:
    return "\n".join(islice(texts, OPENING_CHUNKS))


def remove_chunks(*contents: int) -> Receipt:
    """Take the chunks of these contents out of everything that finds them."""
    ids = list(contents)
    chunks = Chunk.objects.filter(content__in=ids)
    vectors = CachedVector.objects.filter(content__in=ids)
    with connection.cursor() as cursor:
        cursor.execute(_ANY_THERE, {"contents": ids})
        if not cursor.fetchone()[0]:
            return Receipt()
    counted = chunks.aggregate(
        passages=Count("pk"), vectors=Count("embedding") + Count("other_embedding")
    )
    terms = term_counts.take_off(*ids)
    chunks.only("pk").delete()
    cached = vectors.delete()[0]
    counted["vectors"] += cached
    return Receipt(terms=terms, **counted)


def retire_versions(document: Document, current: Version) -> None:
    """Remove versions that nothing points to: neither the document nor an answer."""
    if current.number == 1:
        return
    old = document.versions.exclude(pk=current.pk).filter(number__lt=current.number)
    contents = list(old.filter(citations=None).values_list("content", flat=True))
    old.filter(citations=None).delete()
    remove_orphans(contents)


def remove_orphans(contents: Iterable[int]) -> Receipt:
    """Remove those of the contents that no version points to; their files go on commit."""
    wanted = set(contents)
    orphans = list(Content.objects.filter(pk__in=wanted).orphans().order_by("pk"))
    if not orphans:
        return Receipt(shared=len(wanted))
    removed = remove_chunks(*(content.pk for content in orphans))
    Content.objects.filter(pk__in=[content.pk for content in orphans]).delete()
    for content in orphans:
        transaction.on_commit(partial(_remove_files, content.stored))
    return removed._replace(
        bytes=sum(content.size for content in orphans),
        pictures=sum(pictures.count(content.stored) for content in orphans),
        shared=len(wanted) - len(orphans),
    )


def _remove_files(stored: uuid.UUID) -> None:
    originals.remove(stored)
    pictures.forget(stored)
    Recognised(stored).forget()


def without_vector(index: Index, limit: int) -> list[Chunk]:
    return list(Chunk.objects.without_vector(index).order_by("pk")[:limit])


def set_vectors(index: Index, chunks: Sequence[Chunk], vectors: Sequence[list[float]]) -> None:
    for chunk, vector in zip(chunks, vectors, strict=True):
        setattr(chunk, index.column, vector)
    Chunk.objects.bulk_update(chunks, [index.column])
