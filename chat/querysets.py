"""The vocabulary of conversations. Every one that returns rows of a person takes that person."""

from typing import Self

from django.contrib.auth.models import User
from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from localchat.lib.jobs import JobQuerySet


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)


class MessageQuerySet(JobQuerySet["Message"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)

    def answers(self) -> Self:
        return self.filter(role="assistant")

    def take_up(self, pk: int, text: str) -> bool:
        """Claim an answer that has ended, to write on from this text; False if it is being written.

        Whoever takes it over after this one begins from the same text.
        """
        ended = self.answers().filter(pk=pk).exclude(status="writing")
        taken = ended.update(
            status="writing",
            attempt=F("attempt") + 1,
            heartbeat=Now(),
            begun=text,
            text=text,
            cursor="0-0",
            reason="",
            error="",
            problem="",
            stopping=False,
            finished=None,
        )
        return taken > 0


class SourceQuerySet(models.QuerySet["Source"]):
    def for_user(self, user: User) -> Self:
        return self.filter(message__owner=user)


class ProvenanceQuerySet(models.QuerySet["Provenance"]):
    def for_user(self, user: User) -> Self:
        return self.filter(message__owner=user)
