"""The vocabulary of pulls and choices."""

from typing import Self

from django.contrib.auth.models import User
from django.db import models

from localchat.lib.jobs import JobQuerySet


class PullQuerySet(JobQuerySet["Pull"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)


class ChatChoiceQuerySet(models.QuerySet["ChatChoice"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)
