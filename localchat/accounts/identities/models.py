"""Which account and which group of another program is which one here."""

from typing import Self

from django.contrib.auth.models import Group, User
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

# Issuers that have no address: there is one directory, and one who provisions.
DIRECTORY = "ldap"
SCIM, SCIM_DELETED = "scim", "scim:deleted"


class IdentityQuerySet(models.QuerySet["Identity"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def of(self, issuer: str) -> Self:
        return self.filter(issuer=issuer)


class Identity(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=500, help_text="The provider's address, ldap or scim")
    subject = models.CharField(
        max_length=255, blank=True, help_text="The account's number there; empty: it has none"
    )
    locked = models.BooleanField(default=False, help_text="From there, and not by hand")
    created = models.DateTimeField(db_default=Now(), editable=False)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                condition=~Q(subject=""),
                name="identity_is_of_one_user",
            ),
            models.UniqueConstraint(fields=["issuer", "user"], name="identity_one_a_provider"),
        ]

    def __str__(self) -> str:
        return f"identity {self.pk}"


class GroupIdentityQuerySet(models.QuerySet["GroupIdentity"]):
    def of(self, issuer: str) -> Self:
        return self.filter(issuer=issuer)


class GroupIdentity(models.Model):
    """A group whose members are those that it has elsewhere. One made by hand has no such row."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="identity")
    issuer = models.CharField(max_length=500, help_text="ldap or scim")
    subject = models.CharField(
        max_length=255, blank=True, help_text="The group's number there; empty: it has none"
    )

    objects = GroupIdentityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "group identities"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], condition=~Q(subject=""), name="identity_of_one_group"
            ),
        ]

    def __str__(self) -> str:
        return f"group identity {self.pk}"
