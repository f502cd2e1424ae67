"""What one search may look at: the passages that a person may read, narrowed by what was asked for."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import connection

from documents.models import Document, Index, Right
from documents.models.rights import RightQuerySet
from localchat.lib import within

LARGEST = 2**63  # what a row's number can be
LISTED = 10_000  # contents up to which a statement gets them as a list

# What may be found: the current versions of the documents in the collections in scope, to which
# the person has a right at the moment of the search.
FOUND_IN = """
FROM documents_document AS document
JOIN documents_version AS version ON version.id = document.current_id
WHERE document.collection_id = ANY (%(collections)s::bigint[])
AND (%(documents)s::bigint[] IS NULL OR document.id = ANY (%(documents)s::bigint[]))"""

_CONTENTS = f"""
SELECT count(*), CASE WHEN count(*) <= %(listed)s THEN array_agg(content_id)::text END
FROM (SELECT DISTINCT version.content_id {FOUND_IN}) AS found"""

# Terms are counted by owner, and by themselves where a collection is kept apart: these are the
# counts that a person may know of.
KNOWN_TERMS = """(
    SELECT term, chunks FROM documents_term
    WHERE owner_id = %(owner)s AND apart_id IS NULL AND {condition}
    UNION ALL
    SELECT term, chunks FROM documents_term
    WHERE apart_id = ANY (%(readable)s::bigint[]) AND {condition}
)"""
UNCOUNTED = """
NOT content.counted AND (
    (content.owner_id = %(owner)s AND content.apart_id IS NULL)
    OR content.apart_id = ANY (%(readable)s::bigint[])
)"""

# Without narrowing as they were counted when stored, older versions included.
_STORED = f"""
SELECT coalesce(sum(chunks), 0) FROM (
    SELECT chunks FROM {KNOWN_TERMS.format(condition="term = '#chunks'")} AS known
    UNION ALL
    SELECT passages FROM documents_content AS content WHERE {UNCOUNTED}
) AS stored"""
_NARROWED = f"""
SELECT coalesce(sum(passages), 0) FROM documents_content
WHERE id IN (SELECT version.content_id {FOUND_IN})"""

_PLACES = f"""
SELECT DISTINCT ON (version.content_id)
    version.content_id, document.id, version.id, document.name {FOUND_IN}
AND version.content_id = ANY (%(ids)s::bigint[])
ORDER BY version.content_id, document.id"""

# Every statement about chunks begins so: none is reached but through a document in scope.
_MINE = """
WITH {scope} mine AS NOT MATERIALIZED (
    SELECT id, content_id, position, page, start, "end", heading, text, words, length,
        VECTOR AS embedding
    FROM documents_chunk AS chunk WHERE {within}
)"""
_LIST = "scope AS MATERIALIZED (SELECT unnest(%(contents)s::bigint[]) AS content_id),"
OF_LIST = _MINE.format(scope=_LIST, within="chunk.content_id IN (SELECT content_id FROM scope)")
# As a mere condition on what an index gives in its own order.
IN_PASSING = _MINE.format(
    scope=_LIST, within="(chunk.content_id IN (SELECT content_id FROM scope)) IS TRUE"
)
OF_MANY = _MINE.format(
    scope="",
    within=f"EXISTS (SELECT 1 {FOUND_IN} AND version.content_id = chunk.content_id OFFSET 0)",
)


class Place(NamedTuple):
    document: int
    version: int
    name: str


def array(numbers: Iterable[int]) -> str:
    """As PostgreSQL writes an array: by far quicker to hand over than a list."""
    return f"{{{','.join(map(str, numbers))}}}"


def _collections(rights: RightQuerySet) -> set[int]:
    return set(rights.values_list("collection", flat=True))


class Scope:
    """Runs statements with the facts that they all need."""

    def __init__(
        self, user: User, index: Index, collection: str | None, documents: Sequence[int] | None
    ) -> None:
        documents = Document.objects.permitted(user, documents)
        self.index = index
        self.named = [pk for pk in documents or () if pk < LARGEST]
        self.is_held = within.collections(user) is not None
        readable = array(_collections(Right.objects.of(user)))
        narrowed = readable
        if collection is not None:
            named = Right.objects.called(user, collection.replace("\0", ""))
            narrowed = array(_collections(named))
        self.facts: dict[str, Any] = {
            "owner": user.pk,
            "readable": readable,
            "collections": narrowed,
            "documents": None if documents is None else array(self.named),
        }
        [(self.documents, contents)] = self.rows(_CONTENTS, listed=LISTED)
        self.facts["contents"] = contents or "{}"
        self.is_listed = self.documents <= LISTED
        is_narrowed = collection is not None or documents is not None or self.is_held
        self.is_collection = collection is not None and documents is None
        counted = self.rows(_NARROWED if is_narrowed else _STORED) if self.documents else []
        self.chunks = int(counted[0][0]) if counted else 0

    def rows(self, sql: str, **facts: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, {**self.facts, **facts})
            return list(cursor.fetchall())

    def mine(
        self,
        sql: str,
        *,
        contents: Iterable[int] | None = None,
        in_passing: bool = False,
        **facts: Any,
    ) -> list[tuple[Any, ...]]:
        """The rows of a statement about `mine`: the chunks in scope, or those of the contents.

        The contents have to be in scope themselves.
        """
        if contents is not None:
            facts["contents"] = array(contents)
            return self.rows(self.vectors(OF_LIST) + sql, **facts)
        if not self.is_listed:
            return self.rows(self.vectors(OF_MANY) + sql, **facts)
        return self.rows(self.vectors(IN_PASSING if in_passing else OF_LIST) + sql, **facts)

    def vectors(self, sql: str) -> str:
        """With the vectors of the index alone."""
        return sql.replace("VECTOR", Index.Column(self.index.column).value)

    def places(self, contents: Iterable[int]) -> dict[int, Place]:
        """Where each of the contents stands: under its first document."""
        rows = self.rows(_PLACES, ids=array(contents))
        return {content: Place(*place) for content, *place in rows}
