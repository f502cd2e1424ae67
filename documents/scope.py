"""What one search may look at: the passages of one person, narrowed by what was asked for."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import connection

from documents.models import Index

LARGEST = 2**63  # what a row's number can be

_FOUND_IN = """
SELECT DISTINCT ON (version.content_id)
    version.content_id, document.id, version.id, document.name
FROM documents_document AS document
JOIN documents_version AS version ON version.id = document.current_id
JOIN documents_collection AS collection ON collection.id = document.collection_id
WHERE document.owner_id = %(owner)s
AND (%(collection)s::text IS NULL OR upper(collection.name) = upper(%(collection)s))
AND (%(documents)s::bigint[] IS NULL OR document.id = ANY (%(documents)s::bigint[]))
ORDER BY version.content_id, document.id"""

# Every statement about chunks begins so: none is reached but through a document of its owner.
MINE = """
WITH scope AS MATERIALIZED (
    SELECT unnest(%(contents)s::bigint[]) AS content_id
), mine AS NOT MATERIALIZED (
    SELECT chunk.* FROM documents_chunk AS chunk
    WHERE chunk.owner_id = %(owner)s AND chunk.index_id = %(index)s
    AND chunk.content_id IN (SELECT content_id FROM scope)
)"""

_COUNT = f"{MINE} SELECT count(*) FROM mine"
_COUNTED = "SELECT chunks FROM documents_term WHERE owner_id = %(owner)s AND term = '#chunks'"


class Place(NamedTuple):
    document: int
    version: int
    name: str


class Scope:
    """Runs statements with the facts that they all need."""

    def __init__(
        self, user: User, index: Index, collection: str | None, documents: Sequence[int] | None
    ) -> None:
        self.index = index
        self.narrowed = collection is not None or documents is not None
        self.facts: dict[str, Any] = {"owner": user.pk, "index": index.pk}
        rows = self.rows(
            _FOUND_IN,
            collection=collection and collection.replace("\0", ""),
            documents=None if documents is None else [pk for pk in documents if pk < LARGEST],
        )
        self.places = {content: Place(*place) for content, *place in rows}
        self.facts["contents"] = list(self.places)

    def rows(self, sql: str, **facts: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, {**self.facts, **facts})
            return list(cursor.fetchall())

    def chunks(self) -> int:
        """Without narrowing as they were counted when stored, older versions included."""
        if not self.places:
            return 0
        rows = self.rows(_COUNT if self.narrowed else _COUNTED)
        return int(rows[0][0]) if rows else 0
