"""Collections over HTTP."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from documents.desk import collections
from documents.models import Collection
from documents.web.schemas import DeletedOut, DocumentsIn, Ok
from localchat.lib.api import person
from localchat.lib.errors import NotFound

router = Router(tags=["Collections"])


class CollectionIn(Schema):
    name: str = Field("", max_length=500)


class CollectionOut(Schema):
    id: int
    name: str
    documents: int
    created: str


@router.get("", response=list[CollectionOut])
def all_collections(request: HttpRequest) -> list[dict[str, Any]]:
    return [_collection_json(each) for each in Collection.objects.for_user(person(request))]


@router.post("", response={201: CollectionOut})
def make(request: HttpRequest, body: CollectionIn) -> Status[dict[str, Any]]:
    return Status(201, _collection_json(collections.make(person(request), body.name)))


@router.get("/{int:collection_id}", response=CollectionOut)
def collection(request: HttpRequest, collection_id: int) -> dict[str, Any]:
    return _collection_json(_mine(request, collection_id))


@router.patch("/{int:collection_id}", response=CollectionOut)
def rename(request: HttpRequest, collection_id: int, body: CollectionIn) -> dict[str, Any]:
    return _collection_json(collections.rename(_mine(request, collection_id), body.name))


@router.post("/{int:collection_id}/documents", response=Ok)
def move(request: HttpRequest, collection_id: int, body: DocumentsIn) -> dict[str, Any]:
    """Move these documents into the collection: all of them, or none when a name is taken."""
    found = _mine(request, collection_id)
    count = collections.move(found, body.documents)
    return {"success": True, "message": f"{count} documents are now in {found.name}."}


@router.delete("/{int:collection_id}", response=DeletedOut)
def delete(request: HttpRequest, collection_id: int) -> dict[str, Any]:
    """Delete the collection and all its documents."""
    found = _mine(request, collection_id)
    receipt = collections.delete(found)
    message = f"The collection {found.name} is gone. {receipt.sentence()}"
    return {"success": True, "message": message, "receipt": receipt._asdict()}


def _mine(request: HttpRequest, pk: int) -> Collection:
    found = Collection.objects.for_user(person(request)).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _collection_json(collection: Collection) -> dict[str, Any]:
    return {
        "id": collection.pk,
        "name": collection.name,
        "documents": collection.documents.count(),
        "created": collection.created.isoformat(),
    }
