"""When the right to be here may have ended: who is connected is looked at again at once.

What is told is told after the commit, so that whoever looks finds it.
"""

from functools import partial
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.functions import Now
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from localchat.accounts.models import ApiKey
from localchat.lib import events


def watch() -> None:
    """Hear of sessions and keys that end, new passwords, and of rights and accounts that go."""
    pre_save.connect(_saving, sender=User)
    post_save.connect(_changed, sender=User)
    post_delete.connect(_changed, sender=User)
    post_delete.connect(_session_ended, sender=Session)
    post_delete.connect(_key_deleted, sender=ApiKey)
    for through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(_rights_changed, sender=through)
    pre_delete.connect(_group_deleted, sender=Group)


def _look_again(*user_ids: int) -> None:
    for each in set(user_ids):
        transaction.on_commit(partial(events.look_again, each))


def _saving(instance: User, update_fields: set[str] | None = None, **_: Any) -> None:
    """The keys that a password has brought end with it; the others are the person's own."""
    if instance.pk is None or (update_fields is not None and "password" not in update_fields):
        return
    before = User.objects.filter(pk=instance.pk).values_list("password", flat=True).first()
    if before is not None and before != instance.password:
        rows = ApiKey.objects.for_user(instance).filter(of_login=True, revoked=None)
        rows.update(revoked=Now())


def _changed(instance: User, update_fields: set[str] | None = None, **_: Any) -> None:
    if update_fields != {"last_login"}:
        _look_again(instance.pk)


def _session_ended(instance: Session, **_: Any) -> None:
    if user_id := instance.get_decoded().get(SESSION_KEY):
        _look_again(int(user_id))


def _key_deleted(instance: ApiKey, **_: Any) -> None:
    _look_again(instance.owner_id)


def _rights_changed(
    instance: User | Group, action: str, model: type, pk_set: set[int] | None, **_: Any
) -> None:
    """Of a person, or of a group and the people in it; `pk_set` has ids of `model`."""
    if action not in {"pre_clear", "post_clear", "post_remove", "post_add"}:
        return
    if isinstance(instance, User):
        _look_again(instance.pk)
    elif isinstance(instance, Group):
        _look_again(*_members(instance), *(pk_set or () if model is User else ()))


def _group_deleted(instance: Group, **_: Any) -> None:
    _look_again(*_members(instance))


def _members(group: Group) -> list[int]:
    return list(group.user_set.values_list("pk", flat=True))
