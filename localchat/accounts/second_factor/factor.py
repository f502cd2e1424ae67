"""A second factor: codes of an app on one's phone (TOTP), and recovery codes for when it is lost.

django-otp keeps and checks both, and makes each wrong code cost twice the wait of the one before.
"""

import hashlib
import secrets
from base64 import b32encode
from unicodedata import normalize

from django.contrib.auth.models import User
from django.db import transaction
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.lib.errors import BadRequest, Conflict, LoginRequired
from localchat.lib.sentences import Sentence

NAME = "app"
RECOVERY = "recovery"
CODES = 10  # recovery codes, each good once
DIGITS = 6
LONGEST = 32  # characters of a code as it is typed
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


class CodeNeeded(LoginRequired):
    """This account has a second factor: a code of your app is needed too."""

    code = "code_needed"


class WrongCode(LoginRequired):
    """That code is not right, or was used before. After several wrong ones it takes a while."""

    code = "wrong_code"


def is_on(user: User) -> bool:
    return bool(TOTPDevice.objects.devices_for_user(user, confirmed=True).exists())


def begin(user: User) -> TOTPDevice:
    """A new secret, not in force until a code of it is given. Raises Conflict where one is."""
    if is_on(user):
        raise Conflict(Sentence("There is a second factor already."))
    TOTPDevice.objects.devices_for_user(user, confirmed=False).delete()
    device: TOTPDevice = TOTPDevice.objects.create(user=user, name=NAME, confirmed=False)
    return device


def begun(user: User) -> TOTPDevice | None:
    """The secret that waits for its first code."""
    found: TOTPDevice | None = TOTPDevice.objects.devices_for_user(user, confirmed=False).first()
    return found


def secret(device: TOTPDevice) -> str:
    """For an app that is told it by hand: base32, in groups of four."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


@transaction.atomic
def confirm(user: User, code: str) -> list[str]:
    """Put the secret in force by its first code; returns the recovery codes, shown once.

    Raises Conflict where none waits, and BadRequest for a code that is not right.
    """
    device = begun(user)
    if device is None:
        raise Conflict(Sentence("Begin once more: there is no secret that waits for its code."))
    if verify_token(user, device.persistent_id, _typed(code)) is None:
        raise BadRequest(Sentence("That is not the code of this secret. Is your clock right?"))
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    note(Act.FACTOR_ADDED, "user", user.pk)
    return _new_codes(user)


def check(user: User, code: str) -> None:
    """A code of the app, or a recovery code, which is used up by that. Raises WrongCode."""
    typed = _typed(code)
    if len(typed) == DIGITS and typed.isdigit():
        devices, given = TOTPDevice.objects.devices_for_user(user, confirmed=True), typed
    else:
        devices, given = StaticDevice.objects.devices_for_user(user), _digest(typed)
    if not any(verify_token(user, each.persistent_id, given) for each in devices):
        raise WrongCode


def left(user: User) -> int:
    """How many recovery codes are left."""
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def remove(user: User) -> bool:
    """Whether there was one."""
    was_on = is_on(user)
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    if was_on:
        note(Act.FACTOR_REMOVED, "user", user.pk)
    return was_on


def _new_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=RECOVERY, confirmed=True)
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(12)) for _ in range(CODES)]
    StaticToken.objects.bulk_create(
        [StaticToken(device=device, token=_digest(code)) for code in codes]
    )
    return codes


def _typed(code: str) -> str:
    """Without the blanks and hyphens with which people write it down."""
    kept = normalize("NFKC", code[:LONGEST]).casefold()
    return "".join(each for each in kept if each.isascii() and each.isalnum())


def _digest(code: str) -> str:
    """What is kept of a recovery code: 64 bits, of one that has 60."""
    return hashlib.sha256(code.encode()).hexdigest()[:16]
