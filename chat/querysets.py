"""The vocabulary of conversations. Every one that returns rows of a person takes that person."""

from typing import Self

from django.contrib.auth.models import User
from django.db import models

from localchat.lib.jobs import JobQuerySet


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)


class MessageQuerySet(JobQuerySet["Message"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)

    def answers(self) -> Self:
        return self.filter(role="assistant")


class SourceQuerySet(models.QuerySet["Source"]):
    def for_user(self, user: User) -> Self:
        return self.filter(message__owner=user)


class ProvenanceQuerySet(models.QuerySet["Provenance"]):
    def for_user(self, user: User) -> Self:
        return self.filter(message__owner=user)
