"""From an account or a group elsewhere to one here: found, connected, made."""

import re
from collections.abc import Collection
from contextlib import suppress

from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction

from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.accounts.identities.models import SCIM, GroupIdentity, Identity
from localchat.accounts.owner import USERNAME as OWNER
from localchat.lib.errors import Conflict
from localchat.lib.sentences import Sentence

TRIES = 10  # to be called by a name that nobody has
LONGEST = 100  # characters of a name that is given there
UNUSUAL = re.compile(r"[^\w.@+-]")


def find(issuer: str, subject: str) -> User | None:
    """Whom it is connected with.

    Whoever was provisioned under that very number, and is not connected with this issuer yet, is
    connected by that.
    """
    found = Identity.objects.of(issuer).filter(subject=subject).select_related("user").first()
    if found is not None:
        return found.user
    waiting = Identity.objects.of(SCIM).filter(subject=subject).select_related("user").first()
    if waiting is None or is_connected(waiting.user, issuer):
        return None
    connect(waiting.user, issuer, subject)
    return waiting.user


def connect(user: User, issuer: str, subject: str) -> None:
    """Raises Conflict where it is connected with somebody else, or the person with another."""
    facts = {"issuer": issuer, "subject": subject}
    if Identity.objects.for_user(user).filter(**facts).exists():
        return
    try:
        with transaction.atomic():
            Identity.objects.create(user=user, **facts)
    except IntegrityError as error:
        raise Conflict(Sentence("One of the two is connected with another one.")) from error
    note(Act.IDENTITY_CONNECTED, "user", user.pk)


def is_connected(user: User, issuer: str) -> bool:
    return Identity.objects.for_user(user).of(issuer).exists()


def disconnect(user: User, issuer: str) -> None:
    """Raises Conflict for an account that could not log in any more."""
    mine = Identity.objects.for_user(user).exclude(issuer=SCIM)
    if not user.has_usable_password() and not mine.exclude(issuer=issuer).exists():
        raise Conflict(Sentence("This account has no password, and would have no way in any more."))
    if mine.of(issuer).delete()[0]:
        note(Act.IDENTITY_REMOVED, "user", user.pk)


def find_or_make(issuer: str, subject: str, wanted: str) -> User:
    """As `find`, else a new account. Raises Conflict where others always took its name first."""
    for _ in range(TRIES):
        if user := find(issuer, subject):
            return user
        with suppress(Conflict, IntegrityError):  # another took the name, or was made, just now
            return make(issuer, subject, wanted)
    raise Conflict


@transaction.atomic
def make(issuer: str, subject: str, wanted: str) -> User:
    """An account without a password, called as there, with a number where that is taken."""
    taken = User.objects.filter(username__istartswith=_base(wanted))
    name = _free_name(_base(wanted), {OWNER, *taken.values_list("username", flat=True)})
    user = User(username=name)
    user.set_unusable_password()
    user.save()
    connect(user, issuer, subject)
    return user


def make_group(issuer: str, subject: str, wanted: str) -> Group:
    """A group called as there, with a number where that is taken. Its rights are those of nobody."""
    wanted = wanted[:LONGEST] or "group"
    taken = Group.objects.filter(name__istartswith=wanted).values_list("name", flat=True)
    with transaction.atomic():
        group = Group.objects.create(name=_free_name(wanted, set(taken)))
        GroupIdentity.objects.create(group=group, issuer=issuer, subject=subject)
    note(Act.GROUP_MADE, "group", group.pk)
    return group


def _base(wanted: str) -> str:
    return UNUSUAL.sub("", wanted)[:LONGEST] or "member"


def _free_name(base: str, taken: Collection[str]) -> str:
    used = {name.casefold() for name in taken}
    if base.casefold() not in used:
        return base
    return next(
        f"{base}{n}" for n in range(2, len(used) + 3) if f"{base}{n}".casefold() not in used
    )
