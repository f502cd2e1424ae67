"""The documents page: a table of many files, and what is done to several of them at once."""

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from documents.desk import cancelling, collections, deleting, uploading
from documents.models import Collection, Document, Role, rights
from documents.web import list_query, views_sharing
from localchat.lib import events
from localchat.lib.api import person
from localchat.lib.errors import BadRequest, LocalChatError
from localchat.lib.pages import form_post, is_script
from localchat.lib.sentences import Sentence, counted
from localchat.lib.wording import in_words

COLUMNS = (
    ("name", _("Name"), False),
    ("pages", _("Pages"), True),
    ("state", _("State"), False),
    ("size", _("Size"), True),
    ("added", _("Added"), False),
)
ORDERS = (
    ("-added", _("Newest first")),
    ("added", _("Oldest first")),
    ("name", _("By name")),
    ("-name", _("By name, backwards")),
    ("-pages", _("Most pages first")),
    ("pages", _("Fewest pages first")),
    ("-size", _("Largest first")),
    ("size", _("Smallest first")),
    ("state", _("By state")),
    ("-state", _("By state, backwards")),
)
MOST = 10_000  # documents that are chosen one by one
LARGE_FIRST = {"pages", "size", "added"}


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest) -> HttpResponse:
    refused = _take(request) if request.method == "POST" else []
    if request.method == "POST" and not refused:
        return redirect("documents")
    context = {
        **_table(request),
        "refused": refused,
        "states": list_query.STATES,
        "orders": ORDERS,
    }
    mine = Collection.objects.for_user(person(request)).with_role(person(request))
    mine = mine.annotate(count=Count("documents")).order_by("name", "pk")
    context |= {"collections": mine, "seen_by": views_sharing.seen_by(person(request), mine)}
    return render(request, "documents/page.html", context, status=400 if refused else 200)


def _take(request: HttpRequest) -> list[str]:
    """Take the posted files in; returns a sentence for each that was refused."""
    refused = []
    for file in request.FILES.getlist("files"):
        try:
            accepted = uploading.accept_named(
                file,
                name=file.name or "",
                by=person(request),
                collection=request.POST.get("collection", ""),
            )
        except LocalChatError as error:
            refused.append(f"{file.name}: {in_words(error.message)}")
        else:
            async_to_sync(events.announce)(person(request).pk, accepted.document.topic)
    return refused


@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """The table alone, as the address asks for it."""
    return render(request, "documents/_table.html", _table(request))


def _table(request: HttpRequest) -> dict[str, object]:
    wish = list_query.wish(request.GET.dict())
    page = list_query.page(person(request), wish)
    return {
        "wish": wish,
        "page": page,
        "columns": [_column(wish, *column) for column in COLUMNS],
        "before": page.has_previous() and wish.query(page=str(page.number - 1)),
        "after": page.has_next() and wish.query(page=str(page.number + 1)),
        "narrowed": bool(wish.q or wish.collection or wish.state),
        **rights.to_change(person(request)),
    }


def _column(wish: list_query.Wish, name: str, title: object, number: bool) -> dict[str, object]:
    """A click sorts by the column, another one the other way round."""
    first, other = (f"-{name}", name) if name in LARGE_FIRST else (name, f"-{name}")
    order = {name: "ascending", f"-{name}": "descending"}.get(wish.sort, "")
    query = wish.query(sort=other if wish.sort == first else first)
    return {"title": title, "number": number, "order": order, "query": query}


@require_GET
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """The row of the table as it is now; empty when the document is gone."""
    found = Document.objects.for_user(person(request)).with_versions().filter(pk=pk).first()
    if found is None:
        return HttpResponseNotFound()
    context = {"document": found, **rights.to_change(person(request))}
    return render(request, "documents/_row.html", context)


@form_post
def several(request: HttpRequest) -> HttpResponse:
    """Delete, move, read again or end the reading of all chosen documents."""
    chosen = list(_chosen(request))
    if not chosen:
        raise BadRequest(Sentence("Choose some documents first."))
    said = _done(request.POST.get("act", ""), chosen, request)
    if is_script(request):
        return JsonResponse({"message": said})
    messages.info(request, said)
    back = request.POST.get("query", "")
    return redirect(f"{reverse('documents')}?{back}" if back else reverse("documents"))


def _chosen(request: HttpRequest) -> QuerySet[Document]:
    """Those with the ids, or all of the list that the form was shown with, that may be changed."""
    if "all" in request.POST:
        query = QueryDict(request.POST.get("query", ""))
        found = list_query.found(person(request), list_query.wish(query.dict()))
        return found.filter(pk__in=Document.objects.for_user(person(request), _role(request)))
    ids = [int(each) for each in request.POST.getlist("documents") if each.isdecimal()]
    found = Document.objects.for_user(person(request)).filter(pk__in=ids[:MOST])
    rights.require(person(request), _role(request), *found.values_list("collection", flat=True))
    return found


def _role(request: HttpRequest) -> Role:
    return Role.KEEPER if request.POST.get("act") == "delete" else Role.WRITER


def _done(act: str, chosen: list[Document], request: HttpRequest) -> str:
    ids = [document.pk for document in chosen]
    mine = Document.objects.for_user(person(request), Role.WRITER).filter(pk__in=ids)
    if act == "delete":
        return deleting.delete_all(chosen).sentence()
    if act == "move":
        collection = uploading.collection_of(person(request), request.POST.get("into", ""))
        moved = counted(
            "%(n)s document moved to %(collection)s.",
            "%(n)s documents moved to %(collection)s.",
            collections.move(collection, ids, person(request)),
            collection=collection.name,
        )
        return in_words(moved)
    if act == "retry":
        again = counted(
            "%(n)s document read again: those that had failed.",
            "%(n)s documents read again: those that had failed.",
            cancelling.retry_failed(mine),
        )
        return in_words(again)
    if act == "stop":
        stopped = counted(
            "%(n)s document stopped: those that were not ready.",
            "%(n)s documents stopped: those that were not ready.",
            cancelling.cancel(mine),
        )
        return in_words(stopped)
    raise BadRequest(Sentence("That cannot be done to documents."))
