"""The pages of a document over HTTP: how each was read, and reading one another way."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from documents.desk import rereading
from documents.models import Role
from documents.pages import page_states
from documents.web import json_shapes, mine
from documents.web.schemas import DocumentOut, PagesOut, ReadAgainIn
from localchat.lib.api import person
from localchat.lib.wording import in_words

router = Router(tags=["Documents"])


@router.get("/{int:document_id}/pages", response=PagesOut)
def pages(request: HttpRequest, document_id: int) -> dict[str, Any]:
    """How each page was read: text, ocr, garbage, empty or unreadable."""
    version = mine.document(request, document_id).newest
    if version is None:
        return {"pages": [], "counts": {}, "shortfall": ""}
    content = version.content
    return {
        "pages": [page._asdict() for page in page_states.states(content)],
        "counts": page_states.counts(content),
        "shortfall": in_words(page_states.shortfall(content)),
    }


@router.post("/{int:document_id}/pages/{int:page}/read", response=DocumentOut)
def read_again(
    request: HttpRequest, document_id: int, page: int, body: ReadAgainIn | None = None
) -> dict[str, Any]:
    """Take the page's text from its picture (`ocr`) or from the file, and read the document anew."""
    found = mine.document(request, document_id, Role.WRITER)
    rereading.read_again(found, page, body.how if body else "ocr")
    return json_shapes.document(person(request), mine.document(request, document_id))
