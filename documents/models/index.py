"""Which embedding model the vectors of all documents belong to."""

from django.db import models
from django.db.models import Q

from documents.models.querysets import IndexQuerySet
from models_mgmt import builtin
from models_mgmt.engines import embedding_families


class Index(models.Model):
    """The embedding model that vectors belong to. One is in use at a time.

    Another one may have vectors beside, in the other column: such as are being made, or are kept.
    """

    class Column(models.TextChoices):
        FIRST = "embedding"
        SECOND = "other_embedding"

    engine = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=80)
    dimensions = models.PositiveIntegerField(help_text="0 until the first vector is made")
    window = models.PositiveIntegerField(help_text="Tokens that one text may have")
    in_use = models.BooleanField(default=True)
    column = models.CharField(
        max_length=20, choices=Column, default=Column.FIRST, help_text="Of a chunk, for its vectors"
    )
    chosen = models.BooleanField(default=False, help_text="By a person, not by what was there")
    created = models.DateTimeField(auto_now_add=True)

    objects = IndexQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "indexes"
        constraints = [
            # So that vectors of two models never meet.
            models.UniqueConstraint(fields=["column"], name="index_one_for_each_column"),
            models.UniqueConstraint(
                fields=["in_use"], condition=Q(in_use=True), name="index_one_in_use"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def knows_english_alone(self) -> bool:
        return embedding_families.of(self.name).english

    @property
    def is_usual(self) -> bool:
        """Whether its cosines are of the kind that answerability was tuned with."""
        return self.engine == "builtin" and self.name.lower() == builtin.MINILM.name
