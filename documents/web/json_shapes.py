"""Documents as clients see them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Avg, Count, Q
from django.db.models.functions import Length

from documents.ingest import queue_places
from documents.models import Chunk, Document, Index
from documents.pages import flags, page_states, unread
from localchat.lib.sentences import Sentence, counted
from localchat.lib.wording import in_words


def documents(user: User, rows: Iterable[Document]) -> list[dict[str, Any]]:
    """Rows of `with_details()`."""
    found = list(rows)
    waits = any(row.status == Document.Status.QUEUED for row in found)
    places = queue_places.places() if waits else {}
    return [_document(user, row, places.get(row.pk)) for row in found]


def document(user: User, row: Document) -> dict[str, Any]:
    """A row of `with_found()`, or of `with_details()`."""
    return _document(user, row, queue_places.place(row))


def _document(user: User, row: Document, place: int | None) -> dict[str, Any]:
    version = row.current or row.incoming
    content = version.content if version else None
    return {
        "id": row.pk,
        "name": row.name,
        "collection": row.collection.called_by(user),
        "collection_id": row.collection_id,
        "shared_by": "" if row.owner_id == user.pk else row.collection.owner.get_username(),
        "status": row.status,
        "pages": content.pages if content else None,
        "empty_pages": content.empty_pages if content else 0,
        "unread_pages": content.unread_pages if content else 0,
        "page_states": page_states.counts(content) if content else {},
        "shortfall": in_words(page_states.shortfall(content)),
        "unread": content.unread if content else {},
        "not_read": unread.sentence(content),
        "flags": content.flags if content else [],
        "flagged": flags.sentence(content),
        "chunks": row.chunks,
        "problem": in_words(row.problem),
        "error": row.error,
        "waiting": row.waiting,
        "place": place,
        "stage_done": row.done,
        "stage_total": row.total,
        "version": version.number if version else 0,
        "size": content.size if content else 0,
        "kind": content.kind if content else "",
        "near": near(row),
        "parent": row.parent_id,
        "topic": row.topic,
        "created": row.created.isoformat(),
        "finished": row.finished.isoformat() if row.finished else None,
    }


def near(row: Document) -> dict[str, Any] | None:
    """The document that it is nearly the same as, while nobody has said what that means."""
    if row.near is None:
        return None
    return {"document": row.near.pk, "name": row.near.name, "share": row.near_share}


def settled(choice: str, name: str, stays: str) -> str:
    return {
        "version": Sentence("%(name)s is the new version of %(stays)s.", name=name, stays=stays),
        "keep": Sentence("%(name)s stays beside the other.", name=name),
        "skip": Sentence(
            "%(name)s was deleted; %(stays)s stays as it was.", name=name, stays=stays
        ),
    }[choice]


def welcome(name: str, news: str, chunks: int) -> str:
    """The sentence that ends an upload well."""
    if news == "already there":
        return Sentence("%(name)s was already there; nothing had to be done.", name=name)
    if news == "new version":
        return counted(
            "A new version of %(name)s is ready: %(n)s passage can be found.",
            "A new version of %(name)s is ready: %(n)s passages can be found.",
            chunks,
            name=name,
        )
    return counted(
        "%(name)s is ready: %(n)s passage can be found.",
        "%(name)s is ready: %(n)s passages can be found.",
        chunks,
        name=name,
    )


def statistics(user: User) -> dict[str, Any]:
    """Counts of the documents that a person may read, in the words of the original's road."""
    index = Index.objects.current()
    column = index.column if index else Index.Column.FIRST.value
    found = Chunk.objects.for_user(user).aggregate(
        total=Count("pk"),
        embedded=Count("pk", filter=Q(**{f"{column}__isnull": False})),
        length=Avg(Length("text")),
    )
    sample = Chunk.objects.for_user(user).order_by("?")[:3]
    return {
        "document_count": Document.objects.for_user(user).count(),
        "chunk_count": found["total"],
        "chunk_statistics": {
            "total_chunks": found["total"],
            "chunks_with_embeddings": found["embedded"],
            "chunks_without_embeddings": found["total"] - found["embedded"],
            "avg_chunk_length": round(found["length"] or 0, 1),
            "sample_chunks": [
                {
                    "filename": _name(user, each),
                    "chunk_index": each.position,
                    "preview": each.text[:200],
                    "length": len(each.text),
                    "has_embedding": getattr(each, column) is not None,
                }
                for each in sample
            ],
        },
    }


def chunks_with(user: User, text: str, limit: int) -> list[dict[str, Any]]:
    found = Chunk.objects.for_user(user).filter(text__icontains=text.replace("\0", ""))
    return [
        {
            "filename": _name(user, each),
            "chunk_index": each.position,
            "preview": each.text[:200],
            "full_text": each.text,
            "length": len(each.text),
        }
        for each in found.order_by("content", "position")[:limit]
    ]


def _name(user: User, chunk: Chunk) -> str:
    named = Document.objects.for_user(user).filter(current__content=chunk.content_id)
    return named.values_list("name", flat=True).first() or ""
