"""The front desk for who may use a collection: sharing it, taking that back, leaving it."""

from django.contrib.auth.models import Group, User
from django.db import transaction

from documents.desk import separating
from documents.models import Collection, Grant
from documents.models.rights import GIVEN
from localchat.lib.errors import BadRequest, Conflict, NotFound
from localchat.lib.sentences import Sentence


@transaction.atomic
def share(collection: Collection, *, person: str = "", group: str = "", role: str) -> Grant:
    """With the person or the group of that name, in this role, whichever role it was before.

    Raises BadRequest; NotFound, also for people who are locked out.
    """
    if role not in GIVEN:
        raise BadRequest(Sentence("The role is one of %(names)s.", names=", ".join(GIVEN)))
    if bool(person.strip()) == bool(group.strip()):
        raise BadRequest(Sentence("Name a person or a group."))
    whom = (
        {"group": _group(group.strip())} if group.strip() else {"person": _person(person.strip())}
    )
    if whom.get("person") == collection.owner:
        raise Conflict(Sentence("The collection is theirs already."))
    _keep_apart(collection)
    given, _ = Grant.objects.update_or_create(
        collection=collection, **whom, defaults={"role": GIVEN[role]}
    )
    return given


def _person(name: str) -> User:
    found = User.objects.filter(username=name.replace("\0", ""), is_active=True).first()
    if found is None:
        raise NotFound(Sentence("There is no person named %(name)s.", name=name))
    return found


def _group(name: str) -> Group:
    found = Group.objects.filter(name=name.replace("\0", "")).first()
    if found is None:
        raise NotFound(Sentence("There is no group named %(name)s.", name=name))
    return found


def _keep_apart(collection: Collection) -> None:
    """Before anybody else may read it. Who brings a document meanwhile waits."""
    locked = Collection.objects.select_for_update().get(pk=collection.pk)
    if locked.apart:
        return
    Collection.objects.filter(pk=collection.pk).update(apart=True)
    collection.apart = locked.apart = True
    separating.settle(locked, list(locked.documents.values_list("pk", flat=True)))


def revoke(collection: Collection, grant: int) -> None:
    """Raises NotFound."""
    if not collection.grants.filter(pk=grant).delete()[0]:
        raise NotFound


def leave(collection: Collection, user: User) -> None:
    """Give back what the person was given. Raises Conflict where that would change nothing."""
    if collection.owner_id == user.pk:
        raise Conflict(Sentence("The collection is yours: delete it, or share it with nobody."))
    through = collection.grants.filter(group__user=user).select_related("group").first()
    if through and through.group:
        raise Conflict(
            Sentence(
                "It is shared with the group %(name)s, to which you belong.",
                name=through.group.name,
            )
        )
    collection.grants.filter(person=user).delete()
