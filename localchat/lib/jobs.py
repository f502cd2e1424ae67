"""A job is a row: who works on it has claimed one attempt of it and beats its heart."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from localchat.lib.wording import SentenceField


class Job(models.Model):
    """Fields that every job has. `status` is the subclass's own."""

    WAITING: ClassVar[Sequence[str]]  # statuses that wait for somebody to claim them
    WORKING: ClassVar[Sequence[str]]  # statuses that somebody should be working on
    CLAIMED: ClassVar[dict[str, Any]]  # what a claim sets

    attempt = models.PositiveIntegerField(default=0, editable=False)
    heartbeat = models.DateTimeField(db_default=Now(), editable=False)
    stopping = models.BooleanField(default=False, editable=False)
    error = models.CharField(max_length=40, blank=True, editable=False)
    problem = SentenceField(default=str, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def topic(self) -> str:
        raise LookupError(type(self).__name__)


J = TypeVar("J", bound=Job)


class JobQuerySet(models.QuerySet[J]):
    """Vocabulary of jobs. Subclasses say what their statuses mean."""

    def unfinished(self) -> Self:
        return self.filter(status__in=[*self.model.WAITING, *self.model.WORKING])

    def stale(self) -> Self:
        """Claimed by a process that has not given a sign of life for STALE_SECONDS."""
        limit = Now() - timedelta(seconds=settings.STALE_SECONDS)
        return self.filter(status__in=self.model.WORKING, heartbeat__lt=limit)

    def claimable(self) -> Self:
        limit = Now() - timedelta(seconds=settings.STALE_SECONDS)
        deserted = Q(status__in=self.model.WORKING, heartbeat__lt=limit)
        return self.filter(Q(status__in=self.model.WAITING) | deserted)

    def claim(self, pk: int) -> J | None:
        """Take the job for one attempt; None when it is finished or somebody has it.

        Raises `attempt`, so that the next write of an earlier run matches no row.
        """
        mine = {"attempt": F("attempt") + 1, "heartbeat": Now(), **self.model.CLAIMED}
        taken = self.claimable().filter(pk=pk).update(**mine)
        return self.get(pk=pk) if taken else None

    def held(self, job: J) -> Self:
        """The job's row while nobody else has claimed it; every write of a workshop goes here."""
        return self.filter(pk=job.pk, attempt=job.attempt)
