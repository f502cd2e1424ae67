"""The front desk for collections: making, renaming, moving into, deleting."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from documents.desk import deleting, separating, withdrawing
from documents.files.deletion_receipt import Receipt
from documents.models import Collection, Document, Role, rights
from documents.models.rights import NUMBERED
from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.lib.errors import BadRequest, Conflict, NotFound
from localchat.lib.sentences import Sentence

LONGEST = 120  # characters of a name
ELSEWHERE = Sentence("Documents move between collections of one owner: upload it there.")


def checked(name: str) -> str:
    """The name as it is kept. Raises BadRequest."""
    name = " ".join(name.split())
    if NUMBERED.fullmatch(name):
        raise BadRequest(Sentence("A collection's name is not # and a number: that is its number."))
    if not name or len(name) > LONGEST or not name.isprintable():
        raise BadRequest(
            Sentence(
                "A collection's name has 1 to %(longest)s printable characters.", longest=LONGEST
            )
        )
    return name


def make(user: User, name: str) -> Collection:
    """Raises BadRequest, and Conflict when there is one of that name."""
    made = _kept(Collection(owner=user, name=checked(name)))
    note(Act.COLLECTION_MADE, "collection", made.pk)
    return made


def rename(collection: Collection, name: str) -> Collection:
    collection.name = checked(name)
    note(Act.COLLECTION_RENAMED, "collection", _kept(collection).pk)
    return collection


def _kept(collection: Collection) -> Collection:
    try:
        with transaction.atomic():
            collection.save()
    except IntegrityError as error:
        raise Conflict(
            Sentence("There is a collection named %(name)s already.", name=collection.name)
        ) from error
    return collection


def move(collection: Collection, documents: Sequence[int], by: User) -> int:
    """Put the documents with these ids into the collection; how many that were.

    The person has to be a writer here and where they come from. Raises NotFound when one of them
    is not there, NotAllowed, Conflict when a name is taken: all or none.
    """
    chosen = Document.objects.for_user(by).filter(pk__in=set(documents))
    if chosen.count() != len(set(documents)):
        raise NotFound
    formers = set(chosen.values_list("collection", flat=True))
    rights.require(by, Role.WRITER, collection.pk, *formers)
    wanted = set(chosen.with_attachments())
    found = Document.objects.filter(pk__in=wanted)
    with transaction.atomic():
        names = dict(found.select_for_update(of=("self",)).values_list("pk", "name"))
        if found.exclude(owner=collection.owner_id).exists():
            raise Conflict(ELSEWHERE)
        others = collection.documents.exclude(pk__in=wanted).filter(name__in=names.values())
        taken = others.values_list("name", flat=True).first()
        if taken is None and len(set(names.values())) < len(names):
            taken = "one of them"
        if taken is not None:
            raise Conflict(
                Sentence(
                    "In %(collection)s the name %(name)s is taken.",
                    collection=collection.name,
                    name=taken,
                )
            )
        found.update(collection=collection)
        moved(collection, list(names), formers)
    return len(set(documents))


def moved(collection: Collection, documents: Sequence[int], formers: Iterable[int]) -> None:
    """These documents lie in it now, and have its rights."""
    separating.settle(Collection.objects.pinned(collection.pk), documents)
    left = withdrawing.readers(*formers) - withdrawing.readers(collection.pk)
    withdrawing.withdraw(left)


def delete(collection: Collection) -> Receipt:
    """Delete the collection with all its documents."""
    receipt = deleting.delete_all(collection.documents.only("pk"))
    pk = collection.pk
    with transaction.atomic():
        Collection.objects.select_for_update().filter(pk=pk).first()  # nothing comes in any more
        late = deleting.delete_all(collection.documents.only("pk"))
        collection.delete()
        note(Act.COLLECTION_DELETED, "collection", pk)
        deleting.forget_names("collection", [pk])
    return receipt.plus(late)
