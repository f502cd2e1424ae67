"""From the account of the provider that is set to one here: found, made where that is allowed."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from localchat.accounts.identities import connecting
from localchat.lib.errors import NotAllowed
from localchat.lib.sentences import Sentence


def find(claims: dict[str, Any]) -> User:
    """The account that is connected; a new one where OIDC_SIGN_UP is set. Raises NotAllowed."""
    user = connecting.find(settings.OIDC_ISSUER, claims["sub"])
    if user is None and settings.OIDC_SIGN_UP:
        name = str(claims.get("preferred_username") or "")
        user = connecting.find_or_make(settings.OIDC_ISSUER, claims["sub"], name)
    if user is None:
        raise NotAllowed(
            Sentence(
                "No account here is connected with that one. Log in by your password, and connect"
                " it on your account page; or ask for an invitation."
            )
        )
    if not user.is_active:
        raise NotAllowed(Sentence("This account is locked."))
    return user
