"""Groups that whoever provisions has made, and who of its people is in them.

Those made by hand and those of a directory are not there for it.
"""

from collections.abc import Iterable
from operator import attrgetter

from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from scim2_models import (
    InvalidValueException,
    Meta,
    NotFoundException,
    UniquenessException,
)

from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.accounts.identities.models import SCIM, GroupIdentity
from localchat.accounts.scim import resources
from localchat.accounts.scim.people import checked_external_id, visible

LONGEST = 150  # characters of a name


def all_groups() -> QuerySet[Group]:
    return Group.objects.filter(identity__issuer=SCIM).select_related("identity").order_by("pk")


def find(given: str) -> Group:
    """Raises NotFoundException."""
    number = given if given.isascii() and given.isdigit() and len(given) < 19 else "0"
    found = all_groups().filter(pk=int(number)).first()
    if found is None:
        raise NotFoundException(detail=f"There is no group {given[:40]}.")
    return found


def as_resource(group: Group, address: str, *, with_members: bool = True) -> resources.Group:
    """`address`: of the service, without a slash at its end."""
    people = sorted(group.user_set.all(), key=attrgetter("pk")) if with_members else []
    members = [_member(each.pk, address) for each in people]
    return resources.Group(
        id=str(group.pk),
        external_id=group.identity.subject or None,
        display_name=group.name,
        members=members or None,
        meta=Meta(resource_type="Group", location=f"{address}/Groups/{group.pk}"),
    )


def _member(number: int, address: str) -> resources.Member:
    facts = {"value": str(number), "$ref": f"{address}/Users/{number}"}
    return resources.Member.model_validate(facts)


@transaction.atomic
def make(wanted: resources.Group) -> Group:
    """Raises UniquenessException, also for the name of a group that is not of SCIM."""
    name = _name(wanted)
    _check_free(name)
    group = Group.objects.create(name=name)
    GroupIdentity.objects.create(group=group, issuer=SCIM)
    note(Act.GROUP_MADE, "group", group.pk)
    _settle(group, wanted)
    return group


@transaction.atomic
def change(group: Group, wanted: resources.Group) -> None:
    """As the resource has it now. Raises UniquenessException, InvalidValueException."""
    name = _name(wanted)
    if name != group.name:
        if name.casefold() != group.name.casefold():
            _check_free(name)
        group.name = name
        group.save(update_fields=["name"])
    _settle(group, wanted)
    note(Act.GROUP_CHANGED, "group", group.pk)


@transaction.atomic
def delete(group: Group) -> None:
    note(Act.GROUP_DELETED, "group", group.pk)
    group.delete()


def _settle(group: Group, wanted: resources.Group) -> None:
    try:
        with transaction.atomic():
            subject = checked_external_id(wanted.external_id)
            GroupIdentity.objects.filter(group=group).update(subject=subject)
    except IntegrityError as error:
        raise UniquenessException(attribute="externalId") from error
    has = set(group.user_set.all())
    members = _people(has, (each.value or "" for each in wanted.members or []))
    if has - members:
        group.user_set.remove(*has - members)
    if members - has:
        group.user_set.add(*members - has)


def _people(has: set[User], wanted: Iterable[str]) -> set[User]:
    """Who is in it already may stay; who comes has to be in SCIM's care."""
    numbers = set(wanted)
    known = {str(each.pk): each for each in has}
    new = [int(each) for each in numbers - set(known) if each.isascii() and each.isdigit()]
    in_care = visible().filter(identities__issuer=SCIM, pk__in=[n for n in new if n < 2**63])
    known |= {str(each.pk): each for each in in_care}
    if missing := numbers - set(known):
        raise InvalidValueException(
            detail=f"No user of SCIM: {', '.join(sorted(each[:40] for each in missing)[:5])}"
        )
    return {known[each] for each in numbers}


def _check_free(name: str) -> None:
    if Group.objects.filter(name__iexact=name).exists():
        raise UniquenessException(attribute="displayName")


def _name(wanted: resources.Group) -> str:
    name = (wanted.display_name or "").strip()
    if not name or len(name) > LONGEST:
        raise InvalidValueException(detail=f"displayName needs 1 to {LONGEST} characters.")
    return name
