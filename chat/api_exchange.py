"""Conversations out of the program, and into it, over HTTP."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Field, File, Router, Schema
from ninja.files import UploadedFile

from chat.exchange import responses
from chat.exchange.incoming import file as incoming_file
from chat.exchange.incoming import storing
from localchat.lib.api import person

router = Router(tags=["Chat"])


class ImportedOut(Schema):
    conversations: list[int] = Field(description="Ids of those that were imported")
    there_already: int = Field(description="How many were there, and stay as they were")
    empty: int = Field(description="How many had nothing in them")


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
