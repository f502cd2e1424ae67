"""Vectors that wait for their document."""

from django.conf import settings
from django.db import models
from pgvector.django import VectorField


class CachedVector(models.Model):
    """A vector of a document that is still being embedded: a second attempt goes on from here."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content = models.ForeignKey("Content", models.CASCADE, related_name="cached_vectors")
    digest = models.CharField(max_length=80, help_text="Of the embedding model")
    text_hash = models.CharField(max_length=64)
    embedding = VectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "content", "digest", "text_hash"], name="cached_vector_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text_hash[:12]
