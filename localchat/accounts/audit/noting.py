"""Entries are written, and deleted when they are past their days."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models.functions import Now

from localchat.accounts.audit import caller
from localchat.accounts.audit.models import Act, Entry


def note(act: Act, kind: str = "", *numbers: int | None, by: User | None = None) -> None:
    """That whoever asks now did this to each of these rows; without rows, at all.

    `by`: who did it, where the request does not tell. Where one person works alone, nothing is
    noted.
    """
    now = caller.current.get()
    if now.is_owner if now else settings.OWNER_MODE:
        return
    user_id = by.pk if by else now and now.user_id
    facts = {
        "act": act,
        "kind": kind,
        "user_id": user_id,
        "user_name": by.get_username() if by else _name(user_id),
        "address": now.address[:45] if now else "",
    }
    Entry.objects.bulk_create([Entry(number=number, **facts) for number in numbers or [None]])


def note_each(act: Act, kind: str, numbers: Iterable[int]) -> None:
    """Nothing where there are none."""
    if found := list(numbers):
        note(act, kind, *found)


def sweep() -> int:
    """Delete what is older than AUDIT_DAYS; returns how many went."""
    days = timedelta(days=settings.AUDIT_DAYS)
    return Entry.objects.filter(at__lt=Now() - days).delete()[0]


def _name(user_id: int | None) -> str:
    if user_id is None:
        return ""
    found = User.objects.filter(pk=user_id).values_list("username", flat=True).first()
    return found or ""
