"""What is exported, as a download. What is temporary or deleted is not there."""

from django.contrib.auth.models import User
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header

from chat.exchange import archive, exporting
from chat.models import Conversation, Message
from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note


def answer(user: User, pk: int, form: str) -> HttpResponse:
    answers = Message.objects.for_user(user).answers().filter(conversation__temporary=False)
    rows = answers.select_related("conversation", "previous")
    found = get_object_or_404(rows, pk=pk)
    return _noted(exporting.answer(found, form), found.conversation_id)


def conversation(user: User, pk: int, form: str) -> HttpResponse:
    kept = Conversation.objects.for_user(user).kept()
    return _noted(exporting.conversation(get_object_or_404(kept, pk=pk), form), pk)


def every(user: User, form: str) -> StreamingHttpResponse:
    exported = exporting.every(user, form)
    if exported is None:
        raise Http404
    note(Act.CONVERSATIONS_EXPORTED)
    length = str(exported.file.seek(0, 2))
    return StreamingHttpResponse(
        archive.Blocks(exported.file),
        content_type=exported.kind,
        headers={**_headers(exported.name), "Content-Length": length},
    )


def _noted(exported: exporting.Exported | None, pk: int) -> HttpResponse:
    """The download, of which the log keeps the conversation's number."""
    if exported is None:
        raise Http404
    note(Act.CONVERSATION_EXPORTED, "conversation", pk)
    return HttpResponse(exported.body, content_type=exported.kind, headers=_headers(exported.name))


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
