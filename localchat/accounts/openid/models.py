"""Which account of a provider is which account here."""

from typing import Self

from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Now


class IdentityQuerySet(models.QuerySet["Identity"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)


class Identity(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=500, help_text="The provider's address")
    subject = models.CharField(max_length=255, help_text="The account's number there")
    created = models.DateTimeField(db_default=Now(), editable=False)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_is_of_one_user"),
            models.UniqueConstraint(fields=["issuer", "user"], name="identity_one_a_provider"),
        ]

    def __str__(self) -> str:
        return f"identity {self.pk}"
