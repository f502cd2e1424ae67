"""The tables of a content, every cell of them, as they are computed over."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import User
from django.db import models

from documents.models.querysets import CONTENTS
from documents.models.rights import Right

if TYPE_CHECKING:
    from documents.models import Content  # noqa: F401


class SheetQuerySet(models.QuerySet["Sheet"]):
    def for_user(self, user: User) -> Self:
        """Those of the current versions of the documents that the person may read."""
        return self.filter(content__in=Right.objects.of(user).values(CONTENTS))


class Sheet(models.Model):
    content = models.ForeignKey("documents.Content", models.CASCADE, related_name="sheets")
    position = models.PositiveIntegerField(help_text="Order within the content, from 0")
    page = models.PositiveIntegerField(null=True, help_text="From 1; null without sheets")
    name = models.CharField(max_length=200, blank=True)
    exact = models.BooleanField(help_text="A program wrote the numbers, with a decimal point")
    columns = models.JSONField(default=list, help_text="Names; none where this is no table")
    left_out = models.JSONField(default=list, help_text="Beginnings of totals and notes at the end")
    rows = models.PositiveIntegerField(default=0)
    cells = models.BinaryField(help_text="Columns of texts, as compressed JSON")

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["content", "position"]
        constraints = [
            models.UniqueConstraint(fields=["content", "position"], name="sheet_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.content_id}/{self.position}"
