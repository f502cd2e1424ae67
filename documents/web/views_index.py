"""By which model passages are found, and the way to another one."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from documents.desk import reembedding
from documents.ingest import embedding_model
from documents.models import Index, Reembedding
from localchat.lib.api import person
from localchat.lib.errors import EngineError
from localchat.lib.pages import form_post
from models_mgmt import builtin, embedders, requesting


@require_GET
def index_line(request: HttpRequest) -> HttpResponse:
    """Which model the vectors of the documents belong to, and what is there of another one."""
    index = Index.objects.current()
    words_only, problem = False, ""
    try:
        words_only = index is not None and not embedding_model.can_embed(index)
    except EngineError as error:
        problem = error.message
    context = {"index": index, "words_only": words_only, "problem": problem}
    if index:
        context |= _others(person(request), index)
    return render(request, "documents/_index_line.html", context)


def _others(user: User, index: Index) -> dict[str, Any]:
    if not requesting.may_manage(user):
        return {}
    other = Index.objects.filter(in_use=False).first()
    job = Reembedding.objects.filter(index=other).first() if other else None
    busy = {index.name, other.name if other else ""}
    choices = [each.name for each in embedders.installed() if each.name not in busy]
    return {
        "other": other,
        "job": job,
        "choices": choices,
        "multilingual": builtin.MULTILINGUAL.name if not _has_multilingual(index, choices) else "",
    }


def _has_multilingual(index: Index, choices: list[str]) -> bool:
    return not index.knows_english_alone or builtin.MULTILINGUAL.name in choices


@form_post
def reembed(request: HttpRequest) -> HttpResponse:
    """Make vectors by another model; with `switch`, find by them as soon as they are complete."""
    wish = request.POST
    reembedding.request(person(request), wish.get("name", ""), switch="switch" in wish)
    return redirect("models")


@form_post
def reembed_stop(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    requesting.check_may_manage(user)
    reembedding.stop(get_object_or_404(Reembedding.objects.for_user(user), pk=pk))
    return redirect("models")
