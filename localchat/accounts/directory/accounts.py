"""From an entry of the directory to an account here, with its groups and its lock."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from localchat.accounts.directory import groups
from localchat.accounts.directory.server import Entry
from localchat.accounts.identities import connecting
from localchat.accounts.identities.models import DIRECTORY, Identity
from localchat.lib.errors import NotAllowed
from localchat.lib.sentences import Sentence


def find(entry: Entry) -> User:
    """Whom the entry is connected with; a new account where LDAP_SIGN_UP is set.

    One that is called the same is somebody else's. Raises NotAllowed.
    """
    user = connecting.find(DIRECTORY, entry.subject)
    if user is None and settings.LDAP_SIGN_UP and not entry.is_locked:
        user = connecting.find_or_make(DIRECTORY, entry.subject, entry.name)
    if user is None:
        raise NotAllowed(
            Sentence(
                "The directory knows you, but no account here is connected with that. Log in by"
                " your password of this server, and connect it on your account page; or ask for"
                " an invitation."
            )
        )
    settle(Identity.objects.of(DIRECTORY).select_related("user").get(user=user), entry)
    user.refresh_from_db()
    if not user.is_active:
        raise NotAllowed(Sentence("This account is locked."))
    return user


@transaction.atomic
def settle(identity: Identity, entry: Entry | None) -> None:
    """As the directory has it now; None: it has them no more.

    Who is locked there, or gone, is locked here, with everything they have open. When they are
    back the lock goes, but not one that was put by hand.
    """
    user = identity.user
    if entry is None or entry.is_locked:
        if user.is_active:
            _lock(identity, True)
        return
    if identity.locked:
        _lock(identity, False)
    if entry.teams is not None:
        groups.settle(user, entry.teams)


def _lock(identity: Identity, locked: bool) -> None:
    identity.locked = locked
    identity.save(update_fields=["locked"])
    identity.user.is_active = not locked
    identity.user.save(update_fields=["is_active"])
