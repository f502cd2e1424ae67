"""The one account of owner mode."""

from contextlib import suppress

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

USERNAME = "owner"


def owner_user() -> User:
    """The owner's row, made when it is first needed, once however many ask at the same time."""
    with suppress(User.DoesNotExist):
        return User.objects.get(username=USERNAME)
    facts = {"is_superuser": True, "is_staff": True, "password": make_password(None)}
    return User.objects.get_or_create(username=USERNAME, defaults=facts)[0]
