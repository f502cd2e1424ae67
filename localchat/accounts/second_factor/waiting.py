"""Between the password and the code: whose password was right in this browser, for a while."""

import time
from typing import NamedTuple

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

KEY = "waits_for_code"
SECONDS = 300


class Waiting(NamedTuple):
    user: User
    onward: str  # where to go afterwards


def begin(request: HttpRequest, user: User, onward: str) -> None:
    """The session becomes a new one, in which nobody is logged in yet."""
    request.session.flush()
    facts = [user.pk, user.get_session_auth_hash(), int(time.time()), onward]
    request.session[KEY] = facts


def who(request: HttpRequest) -> Waiting | None:
    """None where nobody waits, for too long, or the account was changed meanwhile."""
    facts = request.session.get(KEY)
    if not facts:
        return None
    pk, auth_hash, begun, onward = facts
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or time.time() - begun > SECONDS:
        return None
    if not constant_time_compare(auth_hash, user.get_session_auth_hash()):
        return None
    return Waiting(user, onward)
