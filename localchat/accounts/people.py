"""Whose documents and questions a command works with."""

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import CommandError

from localchat.accounts.owner import owner_user


def command_user(username: str = "") -> User:
    """The named person, else the owner. Raises CommandError."""
    if username:
        found = User.objects.filter(username=username, is_active=True).first()
        if found is None:
            raise CommandError(f"There is no account named {username}.")
        return found
    if settings.OWNER_MODE:
        return owner_user()
    raise CommandError("Several people use this installation: say for whom with --user NAME.")
