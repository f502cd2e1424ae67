"""What is kept: the list of conversations, finding in them, and what can be done to one or many."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat.keeping import changing, deleting, groups, kept, search
from chat.models import Conversation
from documents.models import Document
from localchat.lib.api import person
from localchat.lib.errors import BadRequest
from localchat.lib.pages import form_post, is_script, telling
from localchat.lib.sentences import Sentence

AT_ONCE = 100  # rows of one page
IN_PALETTE = 6  # of each kind
ORDERS = {"": "-touched", "oldest": "touched", "title": "title"}


@require_GET
def side(request: HttpRequest) -> HttpResponse:
    current, shown = (_number(request.GET.get(name, "")) for name in ("current", "shown"))
    context = {"current": current, "shown": shown or groups.AT_FIRST}
    return render(request, "chat/_side_conversations.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@require_GET
def every(request: HttpRequest) -> HttpResponse:
    """All conversations as a table, or those that say what is searched for."""
    user, asked = person(request), request.GET.dict()
    q = asked.get("q", "").replace("\0", "").strip()[:400]
    rows = _wanted(request, request.GET)
    hits = search.find(user, q, rows) if q else []
    page = Paginator(hits if q else rows, AT_ONCE).get_page(asked.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "q": q,
        "asked": asked,
        "page": page,
        "query": query.urlencode(),
        "folders": changing.folders(user),
        "tags": changing.tags(user),
        "is_searching": bool(q),
    }
    return render(request, "chat/conversations.html", context)


def _wanted(request: HttpRequest, asked: QueryDict) -> Any:
    """Those that an address means, without what is searched for."""
    archived = {"": False, "archived": True}.get(asked.get("state", ""))
    if asked.get("q", "").strip() and "state" not in asked:
        archived = None
    rows = kept.among(
        person(request),
        archived=archived,
        folder=asked.get("folder", "").replace("\0", "") or None,
        tag=asked.get("tag", "").replace("\0", "") or None,
    )
    return rows.order_by(ORDERS.get(asked.get("sort", ""), "-touched"), "-pk")


@require_http_methods(["GET", "HEAD", "POST"])
@telling
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be done to a conversation; and doing it."""
    found = get_object_or_404(Conversation.objects.for_user(person(request)), pk=pk)
    if request.method != "POST":
        template = "_keep" if is_script(request) else "keep"
        folders = changing.folders(person(request))
        context = {"conversation": found, "folders": folders}
        return render(request, f"chat/{template}.html", context)
    changing.change(found, _changes(request.POST))
    if is_script(request):
        return JsonResponse(kept.as_json(found))
    return _back(request, reverse("conversation", args=[pk]))


def _changes(form: QueryDict) -> changing.Changes:
    act = form.get("act", "")
    if act in {"pin", "unpin"}:
        return {"pinned": act == "pin"}
    if act in {"archive", "unarchive"}:
        return {"archived": act == "archive"}
    changes: changing.Changes = {"title": form.get("title"), "folder": form.get("folder")}
    if "tags" in form:
        changes["tags"] = form.get("tags", "").split(",")
    return changes


def _back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page that the form was on, if it is one of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return redirect(wanted)
    return redirect(otherwise)


@form_post
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    if not deleting.delete(person(request), [pk]):
        raise Http404
    return _back(request, reverse("chat"))


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Of something temporary: that its page is left, or is still there."""
    found = get_object_or_404(Conversation.objects.for_user(person(request)), pk=pk)
    if "stays" in request.POST:
        deleting.come_back(found)
    else:
        deleting.leave(person(request), pk)
    return JsonResponse({"success": True})


@form_post
def several(request: HttpRequest) -> HttpResponse:
    """Delete, archive, bring back or file all that are chosen."""
    rows = _wanted(request, QueryDict(request.POST.get("query", "")))
    if "all" not in request.POST:
        ids = [int(each) for each in request.POST.getlist("conversations") if each.isdecimal()]
        rows = Conversation.objects.for_user(person(request)).kept().filter(pk__in=ids)
    chosen = list(rows)
    if not chosen:
        raise BadRequest(Sentence("Choose some conversations first."))
    _act(request, chosen)
    query = request.POST.get("query", "")
    return redirect(f"{reverse('conversations')}{'?' if query else ''}{query}")


def _act(request: HttpRequest, chosen: list[Conversation]) -> None:
    act = request.POST.get("act", "")
    if act == "delete":
        deleting.delete(person(request), [row.pk for row in chosen])
        return
    changes: changing.Changes
    if act == "file":
        changes = {"folder": request.POST.get("folder", "")}
    elif act in {"archive", "unarchive"}:
        changes = {"archived": act == "archive"}
    else:
        raise BadRequest(Sentence("That cannot be done to conversations."))
    for row in chosen:
        changing.change(row, changes)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest) -> HttpResponse:
    """The line that says what was deleted; and taking it back."""
    if request.method != "POST":
        return render(request, "chat/_undo_line.html")
    ids = [int(each) for each in request.POST.getlist("conversations") if each.isdecimal()]
    if not deleting.undo(person(request), ids):
        raise Http404
    if len(ids) == 1:
        return redirect("conversation", ids[0])
    return _back(request, reverse("conversations"))


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """Conversations, documents and commands by what is typed."""
    user, q = person(request), request.GET.get("q", "").replace("\0", "").strip()[:400]
    documents = Document.objects.for_user(user)
    for word in q.split():
        documents = documents.filter(name__icontains=word)
    every = kept.among(user)
    context = {
        "q": q,
        "hits": search.find(user, q, every, IN_PALETTE) if q else [],
        "newest": [] if q else groups.newest(user, IN_PALETTE),
        "documents": documents.order_by("name")[:IN_PALETTE] if q else [],
        "commands": [each for each in _commands() if _means(q, each["name"])],
    }
    template = "_palette_list" if "list" in request.GET else "_palette"
    return render(request, f"chat/{template}.html", context)


def _commands() -> list[dict[str, str]]:
    return [
        {"name": gettext("New question"), "url": reverse("chat")},
        {"name": gettext("Temporary chat"), "url": f"{reverse('chat')}?temporary=1"},
        {"name": gettext("All conversations"), "url": reverse("conversations")},
        {"name": gettext("Documents"), "url": reverse("documents")},
        {"name": gettext("Models"), "url": reverse("models")},
        {"name": gettext("Prompts and assistants"), "url": reverse("prompts")},
        {"name": gettext("About me"), "url": reverse("about_me")},
        {"name": gettext("Keys"), "url": reverse("keys"), "act": "keys"},
    ]


def _means(typed: str, name: str) -> bool:
    return all(word in name.casefold() for word in typed.casefold().split())


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    return render(request, f"chat/{'_keys' if is_script(request) else 'keys'}.html")
