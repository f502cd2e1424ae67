"""One document: its page, its original, and the forms that work without a script."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from documents.desk import cancelling, deleting, renaming, uploading
from documents.models import Chunk, Collection, Document, Role, Version, rights
from documents.web import file_responses, mine
from localchat.lib.api import person
from localchat.lib.pages import form_post, is_script, telling

SHOWN = 60  # passages on one screen
# A viewer inside the browser may run what a file brings; it gets nothing of ours to reach.


@form_post
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    uploading.retry(mine.document(request, pk, Role.WRITER))
    return redirect("documents")


@form_post
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    found = mine.document(request, pk, Role.WRITER)
    cancelling.cancel(Document.objects.filter(pk=found.pk))
    return redirect("documents")


@form_post
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    name, collection = (request.POST.get(each, "").strip() for each in ("name", "collection"))
    found = mine.document(request, pk, Role.WRITER)
    if name and name != found.name:
        found = mine.document(request, pk, Role.KEEPER)
    renaming.rename(found, name, collection, person(request))
    return redirect("document", pk)


@form_post
def near(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to become of a document that is nearly the same as another."""
    found = mine.document(request, pk, Role.WRITER)
    stays = uploading.settle(found, request.POST.get("choice", ""))
    return redirect("document", stays.pk)


@form_post
@sensitive_post_parameters("password")
def password(request: HttpRequest, pk: int) -> HttpResponse:
    found = mine.document(request, pk, Role.WRITER)
    uploading.unlock(found, request.POST.get("password", ""))
    return redirect("documents")


@form_post
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = mine.document(request, pk, Role.KEEPER)
    said = deleting.delete(found).sentence(found.name)
    if is_script(request):
        return JsonResponse({"message": said})
    messages.info(request, said)
    return redirect("documents")


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    found = mine.document(request, pk)
    chunks = Chunk.objects.for_user(person(request)).of_document(found)
    total = chunks.count()
    marked = _number(request, "passage")
    first = min(_first(request, chunks, marked), max(total - 1, 0)) // SHOWN * SHOWN
    context = {
        "document": found,
        "collections": _room(person(request), found),
        **rights.to_change(person(request)),
        "versions": found.versions.select_related("content"),
        "chunks": chunks[first : first + SHOWN],
        "marked": marked,
        "flagged": bool(found.current and found.current.content.flags),
        "total": total,
        "first": first + 1,
        "last": min(first + SHOWN, total),
        "before": max(first - SHOWN, 0) if first else None,
        "after": first + SHOWN if first + SHOWN < total else None,
    }
    return render(request, "documents/document.html", context)


def _room(user: User, found: Document) -> QuerySet[Collection]:
    """The collections to which the person may move it."""
    writable = Collection.objects.for_user(user, Role.WRITER).filter(owner=found.owner_id)
    return writable.with_role(user)


def _first(request: HttpRequest, chunks: QuerySet[Chunk], marked: int | None) -> int:
    """The position that should be on the screen."""
    page = _number(request, "page")
    if marked is not None:
        wanted = chunks.filter(pk=marked)
    elif page is not None:
        wanted = chunks.filter(page__gte=page)
    else:
        return _number(request, "from") or 0
    position = wanted.values_list("position", flat=True).first()
    return 0 if position is None else chunks.filter(position__lt=position).count()


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


@require_GET
@telling
def original(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The file as it came: a PDF in the browser's own viewer, anything else as a download."""
    found = mine.document(request, pk)
    version = _version(found, _number(request, "version"))
    return file_responses.original(found.name, version.content, inline=True)


def _version(found: Document, number: int | None) -> Version:
    if number is not None:
        return get_object_or_404(found.versions.select_related("content"), number=number)
    if found.newest is None:
        raise Http404
    return found.newest
