"""From a provider's account to one here: found, connected, made where that is allowed."""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.accounts.openid.models import Identity
from localchat.accounts.owner import USERNAME as OWNER
from localchat.lib.errors import Conflict, NotAllowed
from localchat.lib.sentences import Sentence

TRIES = 10  # to be called by a name that nobody has
LONGEST = 100  # characters of a name that the provider gives
UNUSUAL = re.compile(r"[^\w.@+-]")


def find(claims: dict[str, Any]) -> User:
    """The account that is connected; a new one where OIDC_SIGN_UP is set. Raises NotAllowed."""
    found = _known(claims)
    tries = TRIES if settings.OIDC_SIGN_UP else 0
    while found is None and tries:
        try:
            return _new(claims)
        except (Conflict, IntegrityError):  # another took the name, or was made, at that moment
            found, tries = _known(claims), tries - 1
    if found is None:
        raise NotAllowed(
            Sentence(
                "No account here is connected with that one. Log in by your password, and connect"
                " it on your account page; or ask for an invitation."
            )
        )
    if not found.user.is_active:
        raise NotAllowed(Sentence("This account is locked."))
    return found.user


def _known(claims: dict[str, Any]) -> Identity | None:
    rows = Identity.objects.filter(issuer=settings.OIDC_ISSUER, subject=claims["sub"])
    return rows.select_related("user").first()


def connect(user: User, claims: dict[str, Any]) -> None:
    """Raises Conflict where it is connected with somebody else, or the person with another."""
    facts = {"issuer": settings.OIDC_ISSUER, "subject": claims["sub"]}
    if Identity.objects.for_user(user).filter(**facts).exists():
        return
    try:
        with transaction.atomic():
            Identity.objects.create(user=user, **facts)
    except IntegrityError as error:
        raise Conflict(Sentence("One of the two is connected with another one.")) from error
    note(Act.IDENTITY_CONNECTED, "user", user.pk)


def is_connected(user: User) -> bool:
    return Identity.objects.for_user(user).filter(issuer=settings.OIDC_ISSUER).exists()


def disconnect(user: User) -> None:
    """Raises Conflict for an account that has no password, and could not log in any more."""
    if not user.has_usable_password():
        raise Conflict(Sentence("This account has no password, and would have no way in any more."))
    if Identity.objects.for_user(user).filter(issuer=settings.OIDC_ISSUER).delete()[0]:
        note(Act.IDENTITY_REMOVED, "user", user.pk)


@transaction.atomic
def _new(claims: dict[str, Any]) -> User:
    user = User(username=_free_name(str(claims.get("preferred_username") or "")))
    user.set_unusable_password()
    user.save()
    connect(user, claims)
    return user


def _free_name(wanted: str) -> str:
    """As they are called there, with a number where that is taken."""
    base = UNUSUAL.sub("", wanted)[:LONGEST] or "member"
    taken = {
        name.casefold()
        for name in User.objects.filter(username__istartswith=base).values_list(
            "username", flat=True
        )
    } | {OWNER}
    if base.casefold() not in taken:
        return base
    return next(
        f"{base}{n}" for n in range(2, len(taken) + 3) if f"{base}{n}".casefold() not in taken
    )
