"""Collections over HTTP."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from documents.desk import collections
from documents.models import Collection
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
    documents: int = Field(alias="documents.count")
    created: str

    @staticmethod
    def resolve_created(row: Collection) -> str:
        return row.created.isoformat()


@router.get("", response=list[CollectionOut])
def all_collections(request: HttpRequest) -> QuerySet[Collection]:
    return Collection.objects.for_user(person(request))


@router.post("", response={201: CollectionOut})
def make(request: HttpRequest, body: CollectionIn) -> Status[Collection]:
    return Status(201, collections.make(person(request), body.name))


@router.get("/{int:collection_id}", response=CollectionOut)
def collection(request: HttpRequest, collection_id: int) -> Collection:
    return mine.collection(request, collection_id)


@router.patch("/{int:collection_id}", response=CollectionOut)
def rename(request: HttpRequest, collection_id: int, body: CollectionIn) -> Collection:
    return collections.rename(mine.collection(request, collection_id), body.name)


@router.post("/{int:collection_id}/documents", response=Ok)
def move(request: HttpRequest, collection_id: int, body: DocumentsIn) -> dict[str, Any]:
    """Move these documents into the collection: all of them, or none when a name is taken."""
    found = mine.collection(request, collection_id)
    count = collections.move(found, body.documents)
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
    found = mine.collection(request, collection_id)
    receipt = collections.delete(found)
    message = in_words(
        Sentence(
            "The collection %(name)s is gone. %(receipt)s",
            name=found.name,
            receipt=receipt.sentence(),
        )
    )
    return {"success": True, "message": message, "receipt": receipt._asdict()}
