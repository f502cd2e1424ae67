"""Collections over HTTP."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count
from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from documents.desk import collections
from documents.models import Collection, Role
from documents.web import mine
from documents.web.schemas import DeletedOut, DocumentsIn, Ok
from localchat.lib.api import person
from localchat.lib.sentences import Sentence, counted
from localchat.lib.wording import in_words

router = Router(tags=["Collections"])


class CollectionIn(Schema):
    name: str = Field("", max_length=500)


class CollectionOut(Schema):
    id: int
    name: str
    called: str = Field(description="The name to choose it by: owner/name of a shared one")
    documents: int
    created: str
    role: str = Field(description="What you may do: reader, writer, keeper or owner")
    shared_by: str = Field(description="Its owner's user name; empty for one's own")


@router.get("", response=list[CollectionOut])
def all_collections(request: HttpRequest) -> list[dict[str, Any]]:
    """One's own, and those that are shared with oneself."""
    user = person(request)
    found = Collection.objects.for_user(user).with_role(user)
    return [_collection_as_json(user, row) for row in found.annotate(count=Count("documents"))]


@router.post("", response={201: CollectionOut})
def make(request: HttpRequest, body: CollectionIn) -> Status[dict[str, Any]]:
    made = collections.make(person(request), body.name)
    return Status(201, collection(request, made.pk))


@router.get("/{int:collection_id}", response=CollectionOut)
def collection(request: HttpRequest, collection_id: int) -> dict[str, Any]:
    return _collection_as_json(person(request), mine.collection(request, collection_id))


@router.patch("/{int:collection_id}", response=CollectionOut)
def rename(request: HttpRequest, collection_id: int, body: CollectionIn) -> dict[str, Any]:
    collections.rename(mine.collection(request, collection_id, Role.KEEPER), body.name)
    return collection(request, collection_id)


@router.post("/{int:collection_id}/documents", response=Ok)
def move(request: HttpRequest, collection_id: int, body: DocumentsIn) -> dict[str, Any]:
    """Move these documents into the collection: all of them, or none when a name is taken."""
    found = mine.collection(request, collection_id)
    count = collections.move(found, body.documents, person(request))
    said = counted(
        "%(n)s document is now in %(name)s.",
        "%(n)s documents are now in %(name)s.",
        count,
        name=found.name,
    )
    return {"success": True, "message": in_words(said)}


@router.delete("/{int:collection_id}", response=DeletedOut)
def delete(request: HttpRequest, collection_id: int) -> dict[str, Any]:
    """Delete the collection and all its documents."""
    found = mine.collection(request, collection_id, Role.OWNER)
    receipt = collections.delete(found)
    message = in_words(
        Sentence(
            "The collection %(name)s is gone. %(receipt)s",
            name=found.name,
            receipt=receipt.sentence(),
        )
    )
    return {"success": True, "message": message, "receipt": receipt._asdict()}


def _collection_as_json(user: User, row: Collection) -> dict[str, Any]:
    """A row of `with_role()`."""
    is_own = row.owner_id == user.pk
    return {
        "id": row.pk,
        "name": row.name,
        "called": row.called_by(user),
        "documents": row.count if hasattr(row, "count") else row.documents.count(),
        "created": row.created.isoformat(),
        "role": Role(row.role or Role.READER).word,
        "shared_by": "" if is_own else row.owner.get_username(),
    }
