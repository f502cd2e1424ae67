"""OpenAI's files: documents under its names. What is uploaded is read and found as any other."""

from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile

from documents.desk import deleting, uploading
from documents.models import Document, Role
from documents.web import file_responses, mine
from localchat.lib.api import person
from localchat.lib.errors import NotFound

router = Router(tags=["Files"])
PREFIX = "file-"


@router.get("")
def files(request: HttpRequest) -> dict[str, Any]:
    """The newest first."""
    rows = Document.objects.for_user(person(request)).with_details().order_by("-created", "-pk")
    return {"object": "list", "has_more": False, "data": [_row(each) for each in rows]}


@router.post("")
def upload(
    request: HttpRequest,
    file: UploadedFile = File(...),  # noqa: B008
    purpose: str = Form("user_data"),
    collection: str = Form(""),
) -> dict[str, Any]:
    """Take a file in; its `status` says when it has been read. `collection` is ours."""
    name = uploading.clean_name(file.name or "")
    accepted = uploading.accept_named(file, name=name, by=person(request), collection=collection)
    return _row(mine.document(request, accepted.document.pk))


@router.get("/{file_id}")
def file(request: HttpRequest, file_id: str) -> dict[str, Any]:
    return _row(_mine(request, file_id))


@router.get("/{file_id}/content")
def content(request: HttpRequest, file_id: str) -> StreamingHttpResponse:
    found = _mine(request, file_id)
    version = found.current or found.incoming
    if version is None:
        raise NotFound
    return file_responses.original(found.name, version.content)


@router.delete("/{file_id}")
def delete(request: HttpRequest, file_id: str) -> dict[str, Any]:
    deleting.delete(_mine(request, file_id, Role.KEEPER))
    return {"id": file_id, "object": "file", "deleted": True}


def _mine(request: HttpRequest, file_id: str, role: Role = Role.READER) -> Document:
    number = file_id.removeprefix(PREFIX)
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound
    return mine.document(request, int(number), role)


def _row(document: Document) -> dict[str, Any]:
    version = document.current or document.incoming
    states = {Document.Status.READY: "processed", Document.Status.FAILED: "error"}
    return {
        "id": f"{PREFIX}{document.pk}",
        "object": "file",
        "bytes": version.content.size if version else 0,
        "created_at": int(document.created.timestamp()),
        "filename": document.name,
        "purpose": "user_data",
        "status": states.get(Document.Status(document.status), "uploaded"),
        "status_details": str(document.problem) or None,
        "collection": document.collection.name,
    }
