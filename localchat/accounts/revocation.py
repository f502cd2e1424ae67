"""When the right to be here may have ended: who is connected is looked at again at once."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from localchat.lib import events


def watch() -> None:
    """Hear of log-outs, new passwords, and accounts that are changed or deleted."""
    user_logged_out.connect(_logged_out)
    post_save.connect(_changed, sender=User)
    post_delete.connect(_changed, sender=User)


def _logged_out(user: User | None, **_: Any) -> None:
    if user is not None:
        events.look_again(user.pk)


def _changed(instance: User, update_fields: set[str] | None = None, **_: Any) -> None:
    if update_fields != {"last_login"}:
        pk = instance.pk
        transaction.on_commit(lambda: events.look_again(pk))
