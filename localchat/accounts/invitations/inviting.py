"""Invitations: made, shown once as a link, taken by one person, revoked."""

import hashlib
import secrets
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from localchat.accounts.audit import noting
from localchat.accounts.audit.models import Act
from localchat.accounts.invitations.keepers import make_keeper
from localchat.accounts.invitations.models import Invitation
from localchat.lib.errors import BadRequest, LocalChatError, NotAllowed, NotFound
from localchat.lib.sentences import Sentence

BYTES = 32  # of chance
MOST_DAYS = 90
RIGHT = "invitations.add_invitation"


class BadInvitation(LocalChatError):
    """This invitation has been used, was revoked, or is past its time. Ask for another one."""

    status, code = 410, "bad_invitation"


class Made(NamedTuple):
    invitation: Invitation
    token: str  # shown once, as a link, and kept nowhere


def invite(by: User | None, *, note: str = "", role: str = "member", days: int = 7) -> Made:
    """An invitation by this person; None: by whoever runs the server.

    Raises BadRequest, and NotAllowed where a keeper who is no superuser invites another keeper.
    """
    if not 1 <= days <= MOST_DAYS:
        raise BadRequest(Sentence("An invitation is valid for 1 to %(n)s days.", n=MOST_DAYS))
    if role not in Invitation.Role.values:
        raise BadRequest
    if by is not None and role == Invitation.Role.KEEPER and not by.is_superuser:
        raise NotAllowed(Sentence("Only a superuser invites another keeper."))
    token = secrets.token_urlsafe(BYTES)
    invitation = Invitation.objects.create(
        digest=_digest(token),
        note=note.replace("\0", "").strip()[:80],
        role=role,
        invited_by=by,
        expires=timezone.now() + timedelta(days=days),
    )
    noting.note(Act.INVITED, "invitation", invitation.pk)
    return Made(invitation, token)


def link(token: str) -> str:
    """The address to hand on."""
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    base = settings.PUBLIC_URL or f"http://{host}:{settings.PORT}"
    return f"{base}/invitation/?key={token}"


def find(token: str) -> Invitation:
    """The one that can be taken. Raises BadInvitation."""
    rows = Invitation.objects.valid().select_related("invited_by")
    found = rows.filter(digest=_digest(token)).first()
    if found is None or not _may_still(found.invited_by, found.role):
        raise BadInvitation
    return found


def _may_still(by: User | None, role: str) -> bool:
    """Whether who has invited could do it today."""
    if by is None or by.is_superuser:
        return True
    return role == Invitation.Role.MEMBER and by.is_staff and by.has_perm(RIGHT)


@transaction.atomic
def take(token: str, account: User) -> User:
    """Save the new account, whose password is set, and use the invitation up.

    Raises BadInvitation, also where another was quicker, and IntegrityError for a name that is
    taken by now.
    """
    invitation = find(token)
    open_ = Invitation.objects.filter(pk=invitation.pk, used=None, revoked=None)
    if not open_.update(used=Now()):  # whoever comes at the same moment waits here, and finds none
        raise BadInvitation
    account.save()
    Invitation.objects.filter(pk=invitation.pk).update(account=account)
    noting.note(Act.INVITATION_TAKEN, "invitation", invitation.pk, by=account)
    if invitation.role == Invitation.Role.KEEPER:
        make_keeper(account)
    return account


def revoke(pk: int) -> Invitation:
    """Nobody can take it any more. Raises NotFound for one that is used or not there."""
    if not Invitation.objects.filter(pk=pk, used=None, revoked=None).update(revoked=Now()):
        raise NotFound
    noting.note(Act.INVITATION_REVOKED, "invitation", pk)
    return Invitation.objects.get(pk=pk)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
