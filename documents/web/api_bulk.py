"""Many documents at once, over HTTP."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router

from documents.desk import cancelling, deleting
from documents.models import Document, Role
from documents.web import mine
from documents.web.schemas import Counted, DeletedOut, DocumentsIn, DocumentsOrAllIn
from localchat.lib.api import person
from localchat.lib.errors import BadRequest
from localchat.lib.sentences import Sentence, counted
from localchat.lib.wording import in_words

router = Router(tags=["Documents"])


@router.post("/delete", response=DeletedOut)
def delete(request: HttpRequest, body: DocumentsIn) -> dict[str, Any]:
    """Delete these documents: none when one of them is not there."""
    receipt = deleting.delete_all(mine.documents(person(request), body.documents, Role.KEEPER))
    return {"success": True, "message": receipt.sentence(), "receipt": receipt._asdict()}


@router.post("/cancel", response=Counted)
def cancel(request: HttpRequest, body: DocumentsOrAllIn) -> dict[str, Any]:
    """Stop reading these documents, or all that are not read yet. They can be tried again."""
    count = cancelling.cancel(_wanted(request, body))
    said = counted("%(n)s document was stopped.", "%(n)s documents were stopped.", count)
    return {"success": True, "message": in_words(said), "count": count}


@router.post("/retry-failed", response=Counted)
def retry_failed(request: HttpRequest, body: DocumentsOrAllIn) -> dict[str, Any]:
    """Read again what failed: of these documents, or of all."""
    count = cancelling.retry_failed(_wanted(request, body))
    said = counted("%(n)s document is read again.", "%(n)s documents are read again.", count)
    return {"success": True, "message": in_words(said), "count": count}


def _wanted(request: HttpRequest, body: DocumentsOrAllIn) -> QuerySet[Document]:
    if body.all == bool(body.documents):
        raise BadRequest(Sentence('Name "documents", or say {"all": true}.'))
    user = person(request)
    if body.all:
        return Document.objects.for_user(user, Role.WRITER)
    return mine.documents(user, body.documents, Role.WRITER)
