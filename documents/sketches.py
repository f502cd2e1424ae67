"""What is kept of a text to know another that is nearly the same."""

from typing import Self

from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

_SHARED_KEYS = "cardinality(ARRAY(SELECT unnest(keys) INTERSECT SELECT unnest(%s::bigint[])))"


class SketchQuerySet(models.QuerySet["Sketch"]):
    def for_user(self, user: User) -> Self:
        return self.filter(content__owner=user)

    def like(self, keys: list[int], limit: int) -> Self:
        """Those that share the most of these keys, at least one."""
        shared = models.Func(
            models.Value(keys, ArrayField(models.BigIntegerField())),
            template=_SHARED_KEYS.replace("%s", "%(expressions)s"),
            output_field=models.IntegerField(),
        )
        return self.filter(keys__overlap=keys).order_by(shared.desc(), "pk")[:limit]


class Sketch(models.Model):
    """The smallest hashes of the runs of words in a content; see `sketching`."""

    content = models.OneToOneField("Content", models.CASCADE, related_name="sketch")
    hashes = ArrayField(models.BigIntegerField(), help_text="Ascending")
    keys = ArrayField(models.BigIntegerField(), help_text="The first of them, to be found by")

    objects = SketchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "sketches"
        indexes = [GinIndex(fields=["keys"], name="sketch_keys")]

    def __str__(self) -> str:
        return str(self.content_id)
