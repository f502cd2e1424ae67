"""The chat page, its fragments, and the forms that work without a script."""

from typing import Any

from asgiref.sync import sync_to_async
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat import asking
from chat.asking import Wish
from chat.models import Conversation, Message, Source
from documents.models import Chunk, Collection, Document
from localchat.lib.api import person
from localchat.lib.errors import LocalChatError
from localchat.lib.pages import is_script

PASSAGES_OF_A_PAGE = 60


@require_http_methods(["GET", "HEAD", "POST"])
async def chat(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return await _ask(request, None)
    return await sync_to_async(_page)(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
async def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        return await _ask(request, pk)
    return await sync_to_async(_page)(request, pk)


async def _ask(request: HttpRequest, pk: int | None) -> HttpResponse:
    user = person(request)
    try:
        answer = await asking.ask(
            user, request.POST.get("question", ""), wish=_wish(request), conversation=pk
        )
    except LocalChatError as error:
        return await sync_to_async(_page)(request, pk, error)
    return redirect("conversation", answer.conversation_id)


def _wish(request: HttpRequest) -> Wish:
    wish = Wish(use_documents=bool(request.POST.get("use_documents")))
    if collection := request.POST.get("collection"):
        wish["collection"] = collection
    return wish


def _page(
    request: HttpRequest, pk: int | None, refused: LocalChatError | None = None
) -> HttpResponse:
    user = person(request)
    found = get_object_or_404(Conversation.objects.for_user(user), pk=pk) if pk else None
    questions = list(_questions(found)) if found else []
    answers = [row.answer for row in questions if hasattr(row, "answer")]
    context = {
        "conversation": found,
        "questions": questions,
        "is_writing": any(answer.is_writing for answer in answers),
        "collections": Collection.objects.for_user(user),
        "collection": answers[-1].request.get("collection", "") if answers else "",
        "documents": None if questions else _reading(request),
        "refused": refused,
    }
    return render(request, "chat/page.html", context, status=refused.status if refused else 200)


def _questions(found: Conversation) -> QuerySet[Message]:
    answers = Message.objects.answers().prefetch_related("sources").select_related("question")
    return found.messages.filter(role=Message.Role.USER).prefetch_related(
        Prefetch("answer", queryset=answers)
    )


def _reading(request: HttpRequest) -> dict[str, int]:
    rows = Document.objects.for_user(person(request)).select_related("current__content")
    ready = [row for row in rows if row.current]
    pages = sum(row.current.content.pages or 0 for row in ready if row.current)
    return {"ready": len(ready), "pages": pages, "live": sum(row.is_live for row in rows)}


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    asking.delete(get_object_or_404(Conversation.objects.for_user(person(request)), pk=pk))
    return redirect("chat")


@require_GET
def conversations(request: HttpRequest) -> HttpResponse:
    current = request.GET.get("current", "")
    context = {"current": int(current) if current.isascii() and current.isdigit() else None}
    return render(request, "chat/_side_conversations.html", context)


@require_GET
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer as it stands now, with its sources and what can be done with it."""
    found = get_object_or_404(Message.objects.for_user(person(request)).answers(), pk=pk)
    return render(request, "chat/_answer.html", {"message": found})


@require_GET
def source(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The page that a source stands on, as far as it has text, with the passage marked."""
    sources = Source.objects.for_user(person(request))
    found = get_object_or_404(
        sources.select_related("document__current", "version__content", "chunk"),
        message=pk,
        number=number,
    )
    others = sources.filter(message=pk)
    context = {"source": found, "others": others, "passages": _around(found, request)}
    template = "_source" if is_script(request) else "source"
    return render(request, f"chat/{template}.html", context)


def _around(source: Source, request: HttpRequest) -> list[dict[str, Any]]:
    """The passages of the same page in order; without pages, those just before and after."""
    chunk = source.chunk
    if chunk is None:
        return [{"text": source.text, "heading": "", "is_source": True}] if source.text else []
    same = Chunk.objects.for_user(person(request)).filter(
        content=chunk.content_id, index=chunk.index_id
    )
    if chunk.page is None:
        same = same.filter(position__range=(chunk.position - 1, chunk.position + 1))
    else:
        same = same.filter(page=chunk.page)
    rows = same.order_by("position")[:PASSAGES_OF_A_PAGE]
    return [
        {"text": row.text, "heading": row.heading, "is_source": row.pk == chunk.pk} for row in rows
    ]
