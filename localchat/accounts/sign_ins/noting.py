"""Who is logged in where: noted with each session's requests once a minute, listed, ended."""

import time

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest

from localchat.accounts import proxies
from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note_each
from localchat.accounts.sign_ins.models import SignIn
from localchat.lib import events
from localchat.lib.errors import NotFound

EVERY = 60.0  # seconds
MOST = 10_000  # sessions that this process remembers to have noted

_noted: dict[str, float] = {}


def note(request: HttpRequest, user: User) -> None:
    """That this session of the person's is used, from where and by which browser."""
    key, now = request.session.session_key, time.monotonic()
    if not key or now - _noted.get(key, -EVERY) < EVERY:
        return
    if len(_noted) >= MOST:
        _noted.clear()
    _noted[key] = now
    sign_in = SignIn(
        user=user,
        session_id=key,
        address=proxies.client_address(request)[:45],
        browser=request.headers.get("User-Agent", "").replace("\0", "")[:200],
        seen=Now(),
    )
    try:
        SignIn.objects.bulk_create(
            [sign_in],
            update_conflicts=True,
            unique_fields=["session"],
            update_fields=["user", "address", "browser", "seen"],
        )
    except IntegrityError:  # it has ended this moment
        return


def of_user(user: User) -> QuerySet[SignIn]:
    """The newest first."""
    return SignIn.objects.for_user(user).lasting()


def end(user: User, pk: int) -> None:
    """End this session of the person's, and what it has open. Raises NotFound."""
    found = of_user(user).filter(pk=pk).first()
    if found is None:
        raise NotFound
    _end(user, {found.pk: found.session_id})


def end_others(user: User, but: str | None) -> int:
    """End all sessions but the one of this key; returns how many."""
    found = dict(of_user(user).exclude(session_id=but).values_list("pk", "session_id"))
    _end(user, found)
    return len(found)


def sweep() -> int:
    """Delete the sessions that are past their time; returns how many."""
    past = Session.objects.filter(expire_date__lt=Now())
    count = past.count()
    past.delete()
    return count


@transaction.atomic
def _end(user: User, found: dict[int, str]) -> None:
    note_each(Act.LOG_IN_ENDED, "signin", found)
    Session.objects.filter(pk__in=found.values()).delete()
    transaction.on_commit(lambda: events.look_again(user.pk))
