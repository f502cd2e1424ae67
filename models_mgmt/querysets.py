"""The vocabulary of pulls and choices."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import User
from django.db import models

from localchat.lib.jobs import JobQuerySet

if TYPE_CHECKING:
    from models_mgmt.models import Tokens


class PullQuerySet(JobQuerySet["Pull"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)


class ChatChoiceQuerySet(models.QuerySet["ChatChoice"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)


class TokensQuerySet(models.QuerySet["Tokens"]):
    def of(self, engine: str, name: str, digest: str) -> "Tokens | None":
        return self.filter(engine=engine, name=name, digest=digest).first()
