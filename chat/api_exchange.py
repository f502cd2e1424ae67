"""Conversations out of the program and into it, and pictures for questions, over HTTP."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import Field, File, Router, Schema
from ninja.files import UploadedFile

from chat import pictures
from chat.exchange import responses
from chat.exchange.incoming import file as incoming_file
from chat.exchange.incoming import storing
from chat.pictures import Picture
from chat.schemas import PictureOut
from localchat.lib.api import Ok, person

router = Router(tags=["Chat"])


class ImportedOut(Schema):
    conversations: list[int] = Field(description="Ids of those that were imported")
    there_already: int = Field(description="How many were there, and stay as they were")
    empty: int = Field(description="How many had nothing in them")


@router.post("/pictures", response=PictureOut)
def add_picture(request: HttpRequest, file: File[UploadedFile]) -> dict[str, int | str]:
    """A picture for the next question: PNG, JPEG, WebP or GIF, of which the first frame.

    It is made as small as models see, as JPEG without what the camera wrote into it. One that is not
    asked about is gone after a day.
    """
    return pictures.as_json(pictures.keep(person(request), file))


@router.get("/pictures/{picture_id}", response=PictureOut)
def picture(request: HttpRequest, picture_id: int) -> dict[str, int | str]:
    """One that is not asked about yet; the others are told with their question."""
    return pictures.as_json(_unasked(request, picture_id))


@router.delete("/pictures/{picture_id}", response=Ok)
def delete_picture(request: HttpRequest, picture_id: int) -> dict[str, bool]:
    """Of one that is not asked about yet; the others go with their question."""
    _unasked(request, picture_id).delete()
    return {"success": True}


def _unasked(request: HttpRequest, pk: int) -> Picture:
    return get_object_or_404(Picture.objects.for_user(person(request)).unasked(), pk=pk)


@router.get("/conversations/export")
def export_all(request: HttpRequest, form: Literal["json", "zip"] = "json") -> HttpResponseBase:
    """All conversations that are kept: one JSON, or a .zip with Markdown and JSON of each."""
    return responses.every(person(request), form)


@router.post("/conversations/import", response=ImportedOut)
def import_file(
    request: HttpRequest,
    file: UploadedFile = File(...),  # noqa: B008
) -> dict[str, Any]:
    """What was exported here, by Open WebUI or by ChatGPT; all of the file or nothing of it."""
    return storing.store(person(request), incoming_file.conversations(file))._asdict()


@router.get("/conversations/{int:conversation_id}/export")
def export_conversation(
    request: HttpRequest, conversation_id: int, form: Literal["markdown", "json"] = "markdown"
) -> HttpResponse:
    """As Markdown the branch that is shown, as JSON every branch."""
    return responses.conversation(person(request), conversation_id, form)


@router.get("/messages/{int:message_id}/export")
def export_answer(
    request: HttpRequest, message_id: int, form: Literal["markdown", "json", "html"] = "markdown"
) -> HttpResponse:
    """An answer with what it cites; as HTML with the pages, the passages marked."""
    return responses.answer(person(request), message_id, form)
