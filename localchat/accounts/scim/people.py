"""Accounts as whoever provisions sees and changes them.

Superusers are not there for it. Everybody else can be read, to be matched; changed are those that
it made, and those that a change names with an `externalId`, by which they are in its care. It
makes no staff, gives no rights and sets no passwords.
"""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from scim2_models import (
    ForbiddenException,
    InvalidValueException,
    Meta,
    NotFoundException,
    UniquenessException,
)

from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.accounts.identities.models import SCIM, SCIM_DELETED, Identity
from localchat.accounts.owner import USERNAME as OWNER
from localchat.accounts.scim import resources

LONGEST = 150  # characters of any of the names


def visible() -> QuerySet[User]:
    found = User.objects.filter(is_superuser=False).exclude(username=OWNER)
    return found.exclude(identities__issuer=SCIM_DELETED).order_by("pk")


def find(given: str) -> User:
    """Raises NotFoundException."""
    number = given if given.isascii() and given.isdigit() and len(given) < 19 else "0"
    found = visible().filter(pk=int(number)).first()
    if found is None:
        raise NotFoundException(detail=f"There is no user {given[:40]}.")
    return found


def as_resource(user: User, address: str) -> resources.User:
    """`address`: of the service, without a slash at its end."""
    kept = next((each for each in user.identities.all() if each.issuer == SCIM), None)
    name = resources.Name(given_name=user.first_name or None, family_name=user.last_name or None)
    return resources.User(
        id=str(user.pk),
        external_id=kept.subject or None if kept else None,
        user_name=user.username,
        name=name if user.first_name or user.last_name else None,
        active=user.is_active,
        meta=Meta(
            resource_type="User", created=user.date_joined, location=f"{address}/Users/{user.pk}"
        ),
    )


@transaction.atomic
def make(wanted: resources.User) -> User:
    """Raises UniquenessException, InvalidValueException.

    An account that was deleted is made again only under the same `externalId`: another person of
    that name would else find what it has.
    """
    name, subject = _username(wanted), _external_id(wanted)
    wanted.active = wanted.active is not False
    gone = Identity.objects.of(SCIM_DELETED).filter(subject=subject, user__username=name).first()
    if gone is not None and subject:
        Identity.objects.filter(pk=gone.pk).update(issuer=SCIM)
        user = gone.user
    else:
        _check_free(name)
        user = User(username=name)
        user.set_unusable_password()
        user.save()
        _take_care(user, subject)
    change(user, wanted)
    return user


@transaction.atomic
def change(user: User, wanted: resources.User) -> None:
    """As the resource has it now. Raises ForbiddenException, and what `make` does.

    A lock that was put by hand stays.
    """
    kept = Identity.objects.for_user(user).of(SCIM).first()
    kept = _in_care(user, kept, _external_id(wanted))
    name, is_active = _username(wanted), user.is_active
    if name.casefold() != user.username.casefold():
        _check_free(name)
    if wanted.active is False:
        kept.locked = kept.locked or is_active
        is_active = False
    elif wanted.active and kept.locked:
        is_active, kept.locked = True, False
    kept.save(update_fields=["locked"])
    facts = {
        "username": name,
        "is_active": is_active,
        "first_name": _short(wanted.name.given_name if wanted.name else ""),
        "last_name": _short(wanted.name.family_name if wanted.name else ""),
    }
    _save(user, facts)


@transaction.atomic
def delete(user: User) -> None:
    """The account is locked, and not there for SCIM any more; what it has is kept."""
    kept = Identity.objects.for_user(user).of(SCIM).first()
    if kept is None:
        raise ForbiddenException(detail="This account was made by hand.")
    locked = kept.locked or user.is_active
    Identity.objects.filter(pk=kept.pk).update(issuer=SCIM_DELETED, locked=locked)
    _save(user, {"is_active": False})


def _in_care(user: User, kept: Identity | None, subject: str) -> Identity:
    if kept is None and not subject:
        raise ForbiddenException(
            detail="This account was made by hand: a change has to name an externalId for it."
        )
    if kept is None:
        return _take_care(user, subject)
    if kept.subject != subject:
        kept.subject = subject
        try:
            with transaction.atomic():
                kept.save(update_fields=["subject"])
        except IntegrityError as error:
            raise UniquenessException(attribute="externalId") from error
    return kept


def _take_care(user: User, subject: str) -> Identity:
    try:
        with transaction.atomic():
            made = Identity.objects.create(user=user, issuer=SCIM, subject=subject)
    except IntegrityError as error:
        raise UniquenessException(attribute="externalId") from error
    note(Act.IDENTITY_CONNECTED, "user", user.pk)
    return made


def _save(user: User, facts: Mapping[str, object]) -> None:
    changed = [name for name, value in facts.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, facts[name])
    if changed:
        user.save(update_fields=changed)


def _check_free(name: str) -> None:
    if name.casefold() == OWNER or User.objects.filter(username__iexact=name).exists():
        raise UniquenessException(attribute="userName")


def _username(wanted: resources.User) -> str:
    name = wanted.user_name or ""
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError as error:
        raise InvalidValueException(
            detail="userName may have letters, digits and @/./+/-/_ only."
        ) from error
    if len(name) > LONGEST:
        raise InvalidValueException(detail=f"userName may have {LONGEST} characters.")
    return name


def _external_id(wanted: resources.User) -> str:
    return checked_external_id(wanted.external_id)


def checked_external_id(given: str | None) -> str:
    if given and len(given) > 255:
        raise InvalidValueException(detail="externalId may have 255 characters.")
    return given or ""


def _short(name: str | None) -> str:
    return (name or "")[:LONGEST]
