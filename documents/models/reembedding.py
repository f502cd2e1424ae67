"""Making vectors by another model beside those in use, as a job."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models

from documents.models.index import Index
from localchat.lib.jobs import Job, JobQuerySet


class ReembeddingQuerySet(JobQuerySet["Reembedding"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)


class Reembedding(Job):
    """The way of one index from no vectors to all of them, and into use."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        EMBEDDING = "embedding"
        READY = "ready"  # complete, and not in use
        DONE = "done"  # in use
        FAILED = "failed"
        STOPPED = "stopped"

    WAITING = (Status.QUEUED,)
    WORKING = (Status.EMBEDDING,)
    CLAIMED = {"status": Status.EMBEDDING, "error": "", "problem": ""}

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    index = models.OneToOneField(Index, models.CASCADE, related_name="reembedding")
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    switch = models.BooleanField(default=False, help_text="Into use as soon as it is complete")
    cleared = models.BooleanField(default=False, help_text="The column has nothing of another")
    done = models.PositiveIntegerField(default=0, help_text="Passages")
    total = models.PositiveIntegerField(default=0)
    comparison = models.JSONField(default=dict, help_text="With the index in use")
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True, blank=True)

    objects = ReembeddingQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.index)

    @property
    def topic(self) -> str:
        return f"reembedding:{self.pk}"

    @property
    def is_live(self) -> bool:
        return self.status in {*self.WAITING, *self.WORKING}

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0
