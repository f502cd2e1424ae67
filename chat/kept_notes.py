"""What was noted from the parts of a content, so that it is not read again for the same task."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models

from documents.models import Content


class KeptNoteQuerySet(models.QuerySet["KeptNote"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)


class KeptNote(models.Model):
    # Of one person, since what they asked is in it; others read the same content.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content = models.ForeignKey(Content, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, help_text="sha256 of model, instructions, task and text")
    text = models.TextField()
    created = models.DateTimeField(auto_now_add=True)

    objects = KeptNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "content", "key"], name="kept_note_once"),
        ]

    def __str__(self) -> str:
        return f"{self.content_id} {self.key[:12]}"
