"""What is kept of a text to know another that is nearly the same."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models

if TYPE_CHECKING:
    from documents.models import Content, Document

_KEEP = """
INSERT INTO documents_sketch (content_id, hashes, keys) VALUES (%(content)s, %(hashes)s, %(keys)s)
ON CONFLICT (content_id) DO UPDATE SET hashes = excluded.hashes, keys = excluded.keys"""
_LIKE = """
SELECT content_id, hashes FROM documents_sketch AS sketch
WHERE keys && %(keys)s::bigint[] AND content_id <> %(content)s AND EXISTS (
    SELECT FROM documents_document AS other JOIN documents_version ON current_id = documents_version.id
    JOIN documents_content AS content ON content.id = documents_version.content_id
    WHERE content.id = sketch.content_id AND content.apart_id IS NOT DISTINCT FROM %(apart)s
    AND other.owner_id = %(owner)s AND other.id <> %(document)s
)
ORDER BY cardinality(ARRAY(SELECT unnest(keys) INTERSECT SELECT unnest(%(keys)s::bigint[]))) DESC, id
LIMIT %(limit)s"""


class SketchManager(models.Manager["Sketch"]):
    """Statements as they are sent: for each document that comes in, to compose them took longer."""

    def keep(self, content: "Content", hashes: Sequence[int], keys: Sequence[int]) -> None:
        facts: dict[str, int | str] = {"content": content.pk, "hashes": _array(hashes)}
        facts["keys"] = _array(keys)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, facts)

    def like(
        self, document: "Document", content: "Content", keys: Sequence[int], limit: int
    ) -> dict[int, list[int]]:
        """Hashes by content, of those that share the most of these keys, at least one.

        Each is current in another document of the same owner, and kept apart with this one if at
        all.
        """
        facts: dict[str, int | str | None] = {
            "owner": document.owner_id,
            "apart": content.apart_id,
            "document": document.pk,
            "content": content.pk,
            "keys": _array(keys),
            "limit": limit,
        }
        with connection.cursor() as cursor:
            cursor.execute(_LIKE, facts)
            return dict(cursor.fetchall())


def _array(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


class Sketch(models.Model):
    """The smallest hashes of the runs of words in a content; see `overlap`."""

    content = models.OneToOneField("Content", models.CASCADE, related_name="sketch")
    hashes = ArrayField(models.BigIntegerField(), help_text="Ascending")
    keys = ArrayField(models.BigIntegerField(), help_text="The first of them, to be found by")

    objects = SketchManager()

    class Meta:
        verbose_name_plural = "sketches"
        indexes = [GinIndex(fields=["keys"], name="sketch_keys")]

    def __str__(self) -> str:
        return str(self.content_id)
