"""The models page. What the engines have comes as fragments: an engine may be slow, a page not."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from localchat.lib import environment
from localchat.lib.api import person
from localchat.lib.pages import form_post, telling
from models_mgmt import choosing, engines, llamacpp, requesting
from models_mgmt.engines import Model
from models_mgmt.llamacpp import small_model
from models_mgmt.models import Pull

REMEMBERED = timedelta(hours=12)  # a pull that did not succeed stays on the page so long


@require_http_methods(["GET", "HEAD", "POST"])
@telling
def models(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if request.method == "POST":
        requesting.request_pull(user, request.POST.get("name", ""))
        return redirect("models")
    context = {"pulls": _visible(user), "may_manage": requesting.may_manage(user)}
    return render(request, "models_mgmt/page.html", context)


def _visible(user: User) -> QuerySet[Pull]:
    mine = Pull.objects.for_user(user)
    ended = mine.filter(
        status__in=[Pull.Status.FAILED, Pull.Status.STOPPED],
        finished__gte=timezone.now() - REMEMBERED,
    )
    return mine.unfinished() | ended


@require_GET
def installed(request: HttpRequest) -> HttpResponse:
    """What is installed, which of it is used, and what is wrong with the engines."""
    user = person(request)
    found = choosing.installed(fresh=True)
    used, problem = choosing.answering(user)
    context = {
        "rows": [_row(model, used) for model in found.models],
        "problems": found.problems,
        "refused": engines.refused(),
        "used": used,
        "problem": problem,
        "may_manage": requesting.may_manage(user),
        "ollama": settings.OLLAMA_HOST,
    }
    return render(request, "models_mgmt/_list.html", context)


def _row(model: Model, used: Model | None) -> dict[str, Any]:
    return {
        "name": model.name,
        "size": model.size,
        "parameters": model.details.get("parameter_size", ""),
        "quantization": model.details.get("quantization_level", "")
        or model.details.get("quantization", ""),
        "chats": choosing.can_chat(model),
        "embeds": "embedding" in model.capabilities,
        "engine": model.engine,
        "where": _host(model.engine) or gettext("this machine"),
        "is_file": model.engine == llamacpp.NAME,
        "is_trial": (model.engine, model.name) == (llamacpp.NAME, small_model.NAME),
        "is_used": used is not None and (model.engine, model.name) == (used.engine, used.name),
        "removable": model.engine in engines.MANAGED,
    }


@require_GET
def line(request: HttpRequest) -> HttpResponse:
    """The chat model in use, and whether anything leaves this machine with it."""
    used, problem = choosing.answering(person(request))
    context = {
        "used": used,
        "host": _host(used.engine) if used else "",
        "problem": problem,
    }
    template = "_note" if request.GET.get("note") else "_line"
    return render(request, f"models_mgmt/{template}.html", context)


def _host(engine: str) -> str:
    """The engine's host when it is another machine, else nothing."""
    url = {"ollama": settings.OLLAMA_HOST, "openai": settings.OPENAI_BASE_URL}.get(engine, "")
    host = urlsplit(url).hostname or ""
    return "" if not host or environment.is_loopback(host) else host


@form_post
def choose(request: HttpRequest) -> HttpResponse:
    choosing.choose(person(request), request.POST.get("name", ""))
    return redirect("models")


@form_post
def delete(request: HttpRequest) -> HttpResponse:
    requesting.delete(person(request), request.POST.get("name", ""))
    return redirect("models")


@require_GET
def pull(request: HttpRequest, pk: int) -> HttpResponse:
    """One pull's row as it is now."""
    found = get_object_or_404(Pull.objects.for_user(person(request)), pk=pk)
    return render(request, "models_mgmt/_pull.html", {"pull": found})


@form_post
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    requesting.stop(get_object_or_404(Pull.objects.for_user(person(request)), pk=pk))
    return redirect("models")
