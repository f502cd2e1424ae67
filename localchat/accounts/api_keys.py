"""API keys: made, shown once, found by their digest, revoked."""

import hashlib
import secrets
from collections.abc import Collection as Names
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from localchat.accounts import scopes
from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.accounts.models import USED_EVERY, ApiKey
from localchat.accounts.standing import Standing
from localchat.lib import events, within
from localchat.lib.errors import BadRequest, LoginRequired, NotAllowed, NotFound
from localchat.lib.leaving import Right
from localchat.lib.sentences import Sentence

PREFIX = "lc_"  # by which keys that lie about are known
BYTES = 32  # of chance: 256 bits


class BadKey(LoginRequired):
    """This API key is not valid, or not any more."""

    code = "bad_key"


class ScopeMissing(NotAllowed):
    """This API key may not do that."""

    code = "scope_missing"


class Made(NamedTuple):
    key: ApiKey
    token: str  # shown once, and kept nowhere


def make(
    owner: User,
    name: str,
    wanted: Names[str],
    *,
    collections: Iterable[int] | None = None,
    expires: datetime | None = None,
    of_login: bool = False,
) -> Made:
    """Raises BadRequest. `collections`: the owner's, by id; None: all, those to come as well."""
    if not name.strip():
        raise BadRequest(Sentence("A key needs a name, to know it again."))
    possible = scopes.open_to(owner)
    if not wanted or not set(wanted) <= set(possible):
        raise BadRequest(Sentence("A key needs one of: %(names)s.", names=", ".join(possible)))
    token = PREFIX + secrets.token_urlsafe(BYTES)
    key = ApiKey.objects.create(
        owner=owner,
        name=name.strip()[:80],
        digest=_digest(token),
        ending=token[-4:],
        scopes=[name for name in scopes.SCOPES if name in wanted],
        collections=None if collections is None else sorted(collections),
        expires=expires,
        of_login=of_login,
    )
    if not of_login:
        note(Act.KEY_MADE, "apikey", key.pk)
    return Made(key, token)


def sent(authorization: str, x_api_key: str = "") -> str:
    """The key in headers of these names; empty where there is none.

    What is none of ours in the second may be a proxy's own.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return x_api_key.strip() if x_api_key.strip().startswith(PREFIX) else ""


def find(token: str) -> ApiKey:
    """The valid key, with its owner, who is held to its collections. Raises BadKey."""
    rows = ApiKey.objects.valid().select_related("owner")
    key = rows.filter(digest=_digest(token)).first()
    if key is None:
        raise BadKey
    within.limit(key.owner, key.collections)
    _note_use(key)
    return key


def _note_use(key: ApiKey) -> None:
    now = timezone.now()
    if key.last_used is None or now - key.last_used >= USED_EVERY:
        stale = Q(last_used=None) | Q(last_used__lte=now - USED_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used=now)


def check(key: ApiKey, need: scopes.Need | None) -> None:
    """Raises ScopeMissing. Without a need nothing is known of the road: no key opens it."""
    if need is None:
        raise ScopeMissing
    if not need.scopes & set(key.scopes):
        names = " / ".join(name for name in scopes.SCOPES if name in need.scopes)
        raise ScopeMissing(
            Sentence("This API key may not do that: it needs %(scope)s.", scope=names)
        )
    if key.collections is not None and not need.within:
        raise ScopeMissing(
            Sentence("This API key is for some collections, and that looks beyond them.")
        )


def right(key: ApiKey) -> Right:
    """By which a program is here."""
    before = Standing.of(key.owner)
    return Right(key.owner_id, lambda: _holds(key.pk, before), key.expires)


def _holds(pk: int, before: Standing) -> bool:
    now = ApiKey.objects.valid().filter(pk=pk).select_related("owner").first()
    return now is not None and before.is_kept(now.owner)


@transaction.atomic
def revoke(owner: User, pk: int) -> ApiKey:
    """From now on it opens nothing, and what it has open ends. Raises NotFound."""
    key = ApiKey.objects.for_user(owner).filter(pk=pk).first()
    if key is None:
        raise NotFound
    if ApiKey.objects.filter(pk=pk, revoked=None).update(revoked=Now()):
        note(Act.KEY_REVOKED, "apikey", pk)
    transaction.on_commit(lambda: events.look_again(owner.pk))
    return key


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
