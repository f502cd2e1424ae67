"""Invitations: who may make an account of their own, and until when."""

from typing import Self

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from localchat.lib.sentences import Sentence


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def valid(self) -> Self:
        """Not used, not revoked, not past its time, of somebody who may still come in."""
        by_somebody = Q(invited_by=None) | Q(invited_by__is_active=True)
        return self.filter(by_somebody, used=None, revoked=None, expires__gt=Now())


class Invitation(models.Model):
    """A link by which one person makes one account. The link itself is nowhere.

    Its token has 256 random bits, so that its SHA-256 is enough, as with API keys.
    """

    class Role(models.TextChoices):
        MEMBER = "member", Sentence("Member: own documents and questions")
        KEEPER = "keeper", Sentence("Keeper: also invites, and looks after models and accounts")

    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256, hex")
    note = models.CharField(max_length=80, blank=True, help_text="Whom it is for")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    invited_by = models.ForeignKey(
        User, models.CASCADE, null=True, editable=False, related_name="invitations"
    )
    account = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="invited"
    )
    created = models.DateTimeField(db_default=Now(), editable=False)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, editable=False)
    revoked = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"), name="invitation_digest_is_hex"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["member", "keeper"]), name="invitation_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.note or f"invitation {self.pk}"
