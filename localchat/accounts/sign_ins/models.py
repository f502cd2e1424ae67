"""Where a person is logged in: a row beside each session, which goes with it."""

from typing import Self

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models.functions import Now


class SignInQuerySet(models.QuerySet["SignIn"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def lasting(self) -> Self:
        return self.filter(session__expire_date__gt=Now())


class SignIn(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session = models.OneToOneField(Session, models.CASCADE, related_name="sign_in")
    address = models.CharField(max_length=45, help_text="From where it was used last")
    browser = models.CharField(max_length=200, help_text="As it calls itself")
    begun = models.DateTimeField(db_default=Now())
    seen = models.DateTimeField(db_default=Now())

    objects = SignInQuerySet.as_manager()

    class Meta:
        ordering = ["-seen", "-pk"]
        verbose_name = "log-in"

    def __str__(self) -> str:
        return f"log-in {self.pk}"
