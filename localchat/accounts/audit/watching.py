"""What Django itself tells of: log-ins, accounts, and changes in the admin."""

from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_delete, post_save

from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note

IN_ADMIN = {
    ADDITION: Act.ADMIN_ADDED,
    CHANGE: Act.ADMIN_CHANGED,
    DELETION: Act.ADMIN_DELETED,
}


def watch() -> None:
    user_logged_in.connect(_logged_in)
    user_logged_out.connect(_logged_out)
    user_login_failed.connect(_failed)
    post_save.connect(_saved, sender=User)
    post_delete.connect(_deleted, sender=User)
    post_save.connect(_in_admin, sender=LogEntry)


def _logged_in(user: User, **_: Any) -> None:
    note(Act.LOGGED_IN, by=user)


def _logged_out(user: User | None, **_: Any) -> None:
    if user is not None:
        note(Act.LOGGED_OUT, by=user)


def _failed(credentials: dict[str, Any], **_: Any) -> None:
    """The name as it was typed is not kept: it may be a password in the wrong field."""
    name = str(credentials.get("username", "")).replace("\0", "")
    tried = User.objects.filter(username=name).values_list("pk", flat=True).first()
    note(Act.LOG_IN_FAILED, "user", tried)


def _saved(
    instance: User, created: bool, update_fields: frozenset[str] | None = None, **_: Any
) -> None:
    if created:
        note(Act.ACCOUNT_MADE, "user", instance.pk)
    elif set(update_fields or ()) != {"last_login"}:
        note(Act.ACCOUNT_CHANGED, "user", instance.pk)


def _deleted(instance: User, **_: Any) -> None:
    note(Act.ACCOUNT_DELETED, "user", instance.pk)


def _in_admin(instance: LogEntry, created: bool, **_: Any) -> None:
    if not created or instance.content_type is None:
        return
    number = str(instance.object_id)
    row = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
    note(IN_ADMIN[instance.action_flag], instance.content_type.model, row)
