"""Whose documents and questions a command works with, and what is there for several people only."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import CommandError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from localchat.accounts.gate import OWNER
from localchat.accounts.owner import owner_user
from localchat.lib.errors import NotFound

View = Callable[..., HttpResponseBase]


def for_several(view: View) -> View:
    """The view is not there for the owner, who works alone: it raises NotFound."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if getattr(request, "scope", {}).get(OWNER):
            raise NotFound
        return view(request, *args, **kwargs)

    return guarded


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
