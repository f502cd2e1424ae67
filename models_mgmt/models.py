"""What the program remembers of models: pulls, and which chat model each person uses."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from localchat.lib.jobs import Job
from models_mgmt.querysets import ChatChoiceQuerySet, PullQuerySet, TokensQuerySet


class Pull(Job):
    class Status(models.TextChoices):
        QUEUED = "queued"
        PULLING = "pulling"
        READY = "ready"
        FAILED = "failed"
        STOPPED = "stopped"

    WAITING = (Status.QUEUED,)
    WORKING = (Status.PULLING,)
    CLAIMED = {"status": Status.PULLING, "error": "", "problem": ""}

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="pulls")
    name = models.CharField(max_length=200)
    engine = models.CharField(max_length=20, blank=True, help_text="That pulls it, once one does")
    place = models.CharField(
        max_length=200, blank=True, help_text="Address of its server, if not the usual one"
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    stage = models.CharField(max_length=200, blank=True, help_text="In the engine's own words")
    completed = models.BigIntegerField(default=0, help_text="Bytes")
    total = models.BigIntegerField(default=0, help_text="Bytes; 0 while unknown")
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True, blank=True)

    objects = PullQuerySet.as_manager()

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(status__in=["queued", "pulling"]),
                name="pull_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        return f"pull:{self.pk}"

    @property
    def is_live(self) -> bool:
        return self.status in {*self.WAITING, *self.WORKING}


class ChatChoice(models.Model):
    """The chat model that a person chose last, or that answered last who has not chosen."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="chat_choice"
    )
    engine = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    is_wish = models.BooleanField(default=True, help_text="Chosen, not only used")

    objects = ChatChoiceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Tokens(models.Model):
    """What was learned of how a chat model counts; sums only, nothing of any text."""

    engine = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=80)
    seen = models.PositiveIntegerField(default=0, help_text="Prompts that it was learned from")
    errors = models.FloatField(default=0.0, help_text="Mean square of the relative error")
    squares = models.JSONField(default=list)
    products = models.JSONField(default=list)

    objects = TokensQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tokens"
        constraints = [
            models.UniqueConstraint(
                fields=["engine", "name", "digest"], name="tokens_once_per_model"
            ),
        ]

    def __str__(self) -> str:
        return self.name
