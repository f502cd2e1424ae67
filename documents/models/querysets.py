"""The vocabulary of documents. Every one that returns rows of a person takes that person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import User
from django.db import connection, models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from documents.models.rights import NUMBERED, Right, Role
from localchat.lib import within
from localchat.lib.errors import NotFound
from localchat.lib.jobs import JobQuerySet

if TYPE_CHECKING:
    from documents.models import Collection, Document, Index

MESSAGES = (
    "eml",
    "mbox",
    "wrapped",
    "ole",
    "doc",
    "xls",
    "ppt",
    "pdf",
)  # whatever the name says, one may be in each
CONTENTS = "collection__documents__current__content"  # of a right, those that it opens
_COUNT_CHUNKS = """
INSERT INTO documents_term AS known (owner_id, apart_id, term, chunks)
SELECT content.owner_id, content.apart_id, term, %(sign)s * sum(chunks) FROM (
    SELECT content_id, found.lexeme AS term, 1 AS chunks
    FROM documents_chunk, unnest(words) AS found WHERE content_id = ANY (%(contents)s)
    UNION ALL
    SELECT content_id, '#chunks', 1 FROM documents_chunk WHERE content_id = ANY (%(contents)s)
    UNION ALL
    SELECT content_id, '#terms', length FROM documents_chunk WHERE content_id = ANY (%(contents)s)
) AS counted JOIN documents_content AS content ON content.id = content_id
GROUP BY content.owner_id, content.apart_id, term ORDER BY term
ON CONFLICT (owner_id, term, apart_id) DO UPDATE SET chunks = known.chunks + excluded.chunks
"""
_REMOVE_UNCOUNTED = """
DELETE FROM documents_term WHERE id IN (
    SELECT known.id FROM documents_term AS known WHERE chunks <= 0 AND EXISTS (
        SELECT FROM documents_content AS content
        WHERE content.id = ANY (%(contents)s) AND content.owner_id = known.owner_id
        AND content.apart_id IS NOT DISTINCT FROM known.apart_id
    ) AND term IN (
        SELECT found.lexeme
        FROM documents_chunk, unnest(words) AS found WHERE content_id = ANY (%(contents)s)
    )
    ORDER BY term FOR UPDATE
)
"""


class CollectionQuerySet(models.QuerySet["Collection"]):
    def for_user(self, user: User, role: Role = Role.READER) -> Self:
        """Those in which the person has that role, or more."""
        return self.filter(pk__in=Right.objects.of(user, role).values("collection"))

    def with_role(self, user: User) -> Self:
        """`role`: what the person may do there."""
        held = Right.objects.of(user).filter(collection=OuterRef("pk")).order_by("-role")
        return self.select_related("owner").annotate(role=Subquery(held.values("role")[:1]))

    def called(self, user: User, name: str) -> Self:
        return self.filter(pk__in=Right.objects.called(user, name).values("collection"))

    def pinned(self, pk: int) -> "Collection":
        """The row, of which nobody changes until this transaction ends whether it is kept apart.

        Raises NotFound. Others may pin it too; who shares it for the first time waits.
        """
        rows = self.raw("SELECT * FROM documents_collection WHERE id = %s FOR KEY SHARE", [pk])
        if found := next(iter(rows), None):
            return found
        raise NotFound

    def named(self, user: User, name: str) -> "Collection":
        """The collection that is called so, made if it is not there.

        Raises NotFound for who is held to some of them, of which it is none.
        """
        if found := self.called(user, name).first():
            return found
        if within.collections(user) is not None or NUMBERED.fullmatch(name):
            raise NotFound
        return self.get_or_create(owner=user, name=name)[0]


class IndexQuerySet(models.QuerySet["Index"]):
    def current(self) -> "Index | None":
        return self.filter(in_use=True).first()


class ContentQuerySet(models.QuerySet["Content"]):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def uncounted(self) -> Self:
        """Whose chunks are not in the counts of terms yet; see `term_counts`."""
        return self.filter(counted=False)

    def orphans(self) -> Self:
        """Contents that no version points to any more."""
        return self.filter(versions=None)


class DocumentQuerySet(JobQuerySet["Document"]):
    def for_user(self, user: User, role: Role = Role.READER) -> Self:
        """Those in collections in which the person has that role, or more."""
        return self.filter(collection__in=Right.objects.of(user, role).values("collection"))

    def permitted(self, user: User, documents: Sequence[int] | None) -> Sequence[int] | None:
        """These (None: all), or those of them to which the person is held."""
        if within.collections(user) is None:
            return documents
        mine = self.for_user(user)
        named = mine if documents is None else mine.filter(pk__in=documents)
        return list(named.order_by("pk").values_list("pk", flat=True))

    def with_versions(self) -> Self:
        """What a row of the table shows, in one query."""
        return self.select_related(
            "collection__owner", "current__content", "incoming__content", "near"
        )

    def with_bytes(self) -> Self:
        """With the bytes that are to be read, in one query."""
        return self.select_related("incoming__content")

    def with_details(self) -> Self:
        """The same; `chunks` counts those to be found."""
        return self.with_versions().with_chunks()

    def with_found(self) -> Self:
        """As details, for one row: what it does not have for the most part is left to be asked."""
        return self.select_related("collection__owner", "current__content").with_chunks()

    def with_chunks(self) -> Self:
        return self.annotate(chunks=Coalesce("current__content__passages", 0))

    def packed(self) -> Self:
        """Messages that were read, and whose attachments are not documents yet."""
        return self.filter(
            status="ready", current__content__kind__in=MESSAGES, current__unpacked=False
        )

    def with_attachments(self) -> list[int]:
        """Their ids, and those of everything that is inside of them."""
        found = level = list(self.values_list("pk", flat=True))
        while level:
            level = list(self.model.objects.filter(parent__in=level).values_list("pk", flat=True))
            found = found + level
        return list(dict.fromkeys(found))

    def in_line(self) -> Self:
        """Those that wait their turn, who is next first."""
        return self.filter(status="queued").order_by("heartbeat", "pk")

    def before(self, document: "Document") -> Self:
        earlier = Q(heartbeat__lt=document.heartbeat)
        return self.filter(earlier | Q(heartbeat=document.heartbeat, pk__lt=document.pk))

    def in_scope(
        self,
        user: User,
        *,
        collection: str | None = None,
        documents: Sequence[int] | None = None,
    ) -> Self:
        """The person's: only those in the collection called so, and only those with these ids."""
        found = self.for_user(user)
        if collection is not None:
            called = Right.objects.called(user, collection)
            found = found.filter(collection__in=called.values("collection"))
        return found if documents is None else found.filter(pk__in=documents)


class ChunkQuerySet(models.QuerySet["Chunk"]):
    def for_user(self, user: User) -> Self:
        """Those of the current versions of the documents that the person may read."""
        return self.filter(content__in=Right.objects.of(user).values(CONTENTS))

    def of_document(self, document: "Document") -> Self:
        """The chunks of the version that can be found now, in order."""
        content = document.current.content_id if document.current else None
        return self.filter(content=content).order_by("position")

    def without_vector(self, index: "Index") -> Self:
        return self.filter(**{index.column: None})


class TermQuerySet(models.QuerySet["Term"]):
    def count_chunks(self, *contents: int, sign: int) -> int:
        """Add (1) or take off (-1) the chunks that the contents have now, before they are deleted.

        The reserved terms #chunks and #terms count chunks and terms as such. Returns how many
        terms are gone thereby.
        """
        facts: dict[str, Any] = {"contents": list(contents), "sign": sign}
        with connection.cursor() as cursor:
            # In the order of terms: two ingests at once wait for each other, never crosswise.
            cursor.execute(_COUNT_CHUNKS, facts)
            if sign > 0:
                return 0
            cursor.execute(_REMOVE_UNCOUNTED, facts)
            return int(cursor.rowcount)
