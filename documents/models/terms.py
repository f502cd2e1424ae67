"""How often terms stand in what a person may read."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.models.library import Collection
from documents.models.querysets import TermQuerySet

OWNER = settings.AUTH_USER_MODEL


class Term(models.Model):
    """In how many of an owner's chunks a term stands; in a collection kept apart, of its own."""

    owner = models.ForeignKey(OWNER, models.CASCADE, related_name="+", db_index=False)  # it has one
    apart = models.ForeignKey(
        Collection, models.CASCADE, null=True, related_name="+", db_index=False
    )
    term = models.CharField(max_length=80)
    chunks = models.IntegerField()

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "term", "apart"], name="term_once", nulls_distinct=False
            ),
        ]
        indexes = [
            models.Index(
                fields=["apart", "term"], condition=Q(apart__isnull=False), name="term_apart"
            ),
        ]

    def __str__(self) -> str:
        return self.term
