"""When people may read less than before: what they follow ends, what was kept of it is forgotten."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models.signals import m2m_changed, post_save, pre_delete

from documents.models import Grant, Right
from localchat.lib import events, forgetting


def watch() -> None:
    """Hear of grants that change or go, and of people who leave a group, by whatever road."""
    pre_delete.connect(_grant_goes, sender=Grant)
    post_save.connect(_grant_changed, sender=Grant)
    m2m_changed.connect(_membership_changed, sender=User.groups.through)


def readers(*collections: int) -> set[int]:
    """Ids of all who may read one of these."""
    return set(Right.objects.filter(collection__in=collections).values_list("person", flat=True))


def withdraw(people: Iterable[int]) -> None:
    """When this transaction is through."""
    wanted = sorted(set(people))
    if wanted:
        transaction.on_commit(lambda: _withdraw(wanted))


def _withdraw(people: list[int]) -> None:
    for pk in people:
        events.look_again(pk)
    forgetting.withdraw(people)


def _with_grant(grant: Grant) -> set[int]:
    if grant.group_id is None:
        return {grant.person_id} if grant.person_id else set()
    members = User.groups.through.objects.filter(group_id=grant.group_id)
    return set(members.values_list("user_id", flat=True))


def _grant_goes(instance: Grant, **_: Any) -> None:
    withdraw(_with_grant(instance))


def _grant_changed(instance: Grant, created: bool, **_: Any) -> None:
    if not created:
        withdraw(_with_grant(instance))


def _membership_changed(
    instance: User | Group, action: str, pk_set: set[int] | None, **_: Any
) -> None:
    if action not in {"post_remove", "pre_clear"}:
        return
    if isinstance(instance, User):
        withdraw({instance.pk})
    elif pk_set is not None:
        withdraw(pk_set)
    else:
        members = User.groups.through.objects.filter(group_id=instance.pk)
        withdraw(members.values_list("user_id", flat=True))
