"""What was noted from the parts of a content, so that it is not read again for the same task."""

from typing import Self

from django.contrib.auth.models import User
from django.db import models

from documents.models import Content


class KeptNoteQuerySet(models.QuerySet["KeptNote"]):
    def for_user(self, user: User) -> Self:
        return self.filter(content__owner=user)


class KeptNote(models.Model):
    content = models.ForeignKey(Content, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, help_text="sha256 of model, instructions, task and text")
    text = models.TextField()
    created = models.DateTimeField(auto_now_add=True)

    objects = KeptNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content", "key"], name="kept_note_once_per_content"),
        ]

    def __str__(self) -> str:
        return f"{self.content_id} {self.key[:12]}"
