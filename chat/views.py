"""The chat page, its fragments, and the forms that work without a script."""

from collections.abc import Sequence
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat import asking, question_parsing, stopping
from chat import pictures as asked_pictures
from chat.box import shown, views
from chat.keeping import deleting
from chat.models import Conversation, Message, Source
from chat.record import provenance, shown_turns
from chat.record import sources as sources_record
from documents.models import Chunk, Collection, Content, Document
from documents.pages import page_states, pictures
from documents.readers.page import Picture
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
        said = await sync_to_async(_fields)(request, pk)
        answer = await asking.ask(user, *question_parsing.parse(said))
    except LocalChatError as error:
        return await sync_to_async(_page)(request, pk, error)
    return redirect("conversation", answer.conversation_id)


def _fields(request: HttpRequest, conversation: int | None) -> dict[str, object]:
    """The form's fields; a box that is not ticked is not there."""
    form = request.POST
    return {
        "question": form.get("question"),
        "conversation": conversation,
        "after": views.number(form["after"]) if form.get("after") else None,
        "use_documents": bool(form.get("use_documents")),
        "whole": bool(form.get("whole")),
        "patient": bool(form.get("patient")),
        "think": bool(form.get("think")),
        "once": bool(form.get("once")),
        "wait_for": views.numbers(form, "wait_for"),
        "temporary": bool(form.get("temporary")),
        "beside": form.getlist("beside") or None,
        **views.fields(request),
    }


def _page(
    request: HttpRequest, pk: int | None, refused: LocalChatError | None = None
) -> HttpResponse:
    user = person(request)
    found = get_object_or_404(Conversation.objects.for_user(user), pk=pk) if pk else None
    if found:
        deleting.come_back(found)
    at = views.number(request.GET.get("at", ""))
    wanted = at if isinstance(at, int) else None
    turns = shown_turns.of(found, wanted, whole="whole" in request.GET) if found else []
    answers = [turn.answer for turn in turns if turn.answer]
    context = {
        "conversation": found,
        "temporary": found.temporary if found else "temporary" in (request.POST or request.GET),
        "turns": turns,
        "last": answers[-1].pk if answers else None,
        "is_writing": any(turn.is_writing for turn in turns),
        "collections": Collection.objects.for_user(user).select_related("owner"),
        "think": answers[-1].wish.think if answers else False,
        "use_documents": _uses_documents(answers),
        "documents": None if turns else _reading(request),
        "refused": refused,
        **shown.context_of(user, found, answers, request.GET.get("assistant", "")),
    }
    return render(request, "chat/page.html", context, status=refused.status if refused else 200)


def _uses_documents(answers: Sequence[Message]) -> bool:
    """As the switch was when last asked, not for one question alone."""
    wishes = (answer.wish for answer in reversed(answers))
    return next((wish.use_documents for wish in wishes if not wish.once), True)


def _reading(request: HttpRequest) -> dict[str, int]:
    rows = Document.objects.for_user(person(request)).select_related("current__content")
    ready = [row for row in rows if row.current]
    pages = sum(row.current.content.pages or 0 for row in ready if row.current)
    return {"ready": len(ready), "pages": pages, "live": sum(row.is_live for row in rows)}


@require_GET
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer as it stands now below its question, and what can be done with both."""
    mine = Message.objects.for_user(person(request)).answers()
    found = get_object_or_404(mine.select_related("conversation"), pk=pk)
    return render(request, "chat/_turn.html", {"turn": shown_turns.around(found)})


@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer without the documents that are waited for."""
    found = get_object_or_404(Message.objects.for_user(person(request)).answers(), pk=pk)
    stopping.go_on(person(request), pk)
    return redirect("conversation", found.conversation_id)


@require_GET
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture that is asked about, or is going to be."""
    found = get_object_or_404(asked_pictures.Picture.objects.for_user(person(request)), pk=pk)
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(bytes(found.jpeg), content_type="image/jpeg", headers=headers)


@require_GET
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """What made an answer: the search, what was sent to the model, and what it counted."""
    found = get_object_or_404(Message.objects.for_user(person(request)).answers(), pk=pk)
    template = "_sent" if is_script(request) else "sent"
    return render(
        request, f"chat/{template}.html", {"message": found, "made": provenance.as_json(found)}
    )


@require_GET
def source(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A page of a source, at first the passage's own: as a picture, or as far as it has text."""
    sources = Source.objects.for_user(person(request))
    found = get_object_or_404(
        sources.select_related("document__current", "version__content", "chunk"),
        message=pk,
        number=number,
    )
    chunk = sources_record.chunk_of(found)
    page = _asked_page(request, found)
    shown, problem = None, ""
    content = found.version.content if found.version else None
    if content and page_states.can_be_drawn(content) and "text" not in request.GET:
        shown, problem = _picture(content, page, chunk)
    context = {
        "source": found,
        "others": sources.filter(message=pk, sent=True),
        "chunk": chunk,
        "page": page,
        "total": found.version.content.pages if found.version else None,
        "picture": shown,
        "problem": problem,
        "passages": [] if shown else _around(found, page, chunk),
    }
    template = "_source" if is_script(request) else "source"
    return render(request, f"chat/{template}.html", context)


def _asked_page(request: HttpRequest, source: Source) -> int | None:
    """The page of the query, within the file; else the source's own."""
    asked = request.GET.get("page", "")
    pages = source.version.content.pages if source.version else None
    if not (pages and asked.isascii() and asked.isdigit() and len(asked) < 9):
        return source.page
    return min(max(int(asked), 1), pages)


def _picture(content: Content, page: int | None, chunk: Chunk | None) -> tuple[Picture | None, str]:
    """The page's picture, or why there is none."""
    try:
        return (pictures.show(content, page, chunk).picture if page else None), ""
    except LocalChatError as error:
        return None, error.message


def _around(source: Source, page: int | None, chunk: Chunk | None) -> list[dict[str, Any]]:
    """The passages of the page in order; without pages, those just before and after."""
    if chunk is None:
        return [{"text": source.text, "heading": "", "is_source": True}] if source.text else []
    same = Chunk.objects.filter(content=chunk.content_id)
    if chunk.page is None:
        same = same.filter(position__range=(chunk.position - 1, chunk.position + 1))
    else:
        same = same.filter(page=page)
    rows = same.order_by("position")[:PASSAGES_OF_A_PAGE]
    return [
        {"text": row.text, "heading": row.heading, "is_source": row.pk == chunk.pk} for row in rows
    ]
