"""What is kept of accounts beside Django's own rows."""

from datetime import timedelta
from typing import Self

from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

USED_EVERY = timedelta(minutes=1)  # `last_used` is written no more often


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def for_user(self, user: User) -> Self:
        return self.filter(owner=user)

    def valid(self) -> Self:
        """Neither revoked nor past its time, of a person who may come in."""
        lasting = Q(expires=None) | Q(expires__gt=Now())
        return self.filter(lasting, revoked=None, owner__is_active=True)

    def past(self) -> Self:
        return self.filter(expires__lt=Now())


class ApiKey(models.Model):
    """A key by which programs come in as its owner. The key itself is nowhere.

    Its SHA-256 is enough: a key has 256 random bits, so that nobody gets from the digest to the
    key by trying, however quick each try is. A slow hash is for passwords, which people choose;
    here it would only make each request slow, and a digest can be looked up in one index.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80, help_text="What it is for")
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256, hex")
    ending = models.CharField(max_length=4, editable=False, help_text="Its last characters")
    scopes = ArrayField(
        models.CharField(max_length=20), help_text="See `localchat.accounts.scopes`"
    )
    # Ids, so that what is deleted is missed and does not widen the key without a word.
    collections = ArrayField(
        models.BigIntegerField(), null=True, blank=True, help_text="Only these; empty: all"
    )
    of_login = models.BooleanField(default=False, editable=False, help_text="Of /api/auth/login")
    created = models.DateTimeField(db_default=Now(), editable=False)
    expires = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, editable=False)
    revoked = models.DateTimeField(null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = "API key"
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"), name="digest_is_hex"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="api_key_has_a_name"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="api_key_has_a_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (…{self.ending})"
