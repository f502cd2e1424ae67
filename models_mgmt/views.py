"""The models page. What the engines have comes as fragments: an engine may be slow, a page not."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from localchat.lib.api import person
from localchat.lib.pages import form_post, telling
from models_mgmt import choosing, engines, fitting, listed, requesting
from models_mgmt.gguf import checks
from models_mgmt.models import Pull

REMEMBERED = timedelta(hours=12)  # a pull that did not succeed stays on the page so long


@require_http_methods(["GET", "HEAD", "POST"])
@telling
def models(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if request.method == "POST":
        wanted = request.POST
        requesting.request_pull(user, wanted.get("name", ""), wanted.get("place", ""))
        return redirect("models")
    context = {
        "pulls": _visible(user),
        "may_manage": requesting.may_manage(user),
        "places": engines.places(),
    }
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
        "rows": listed.rows(user, found, used),
        "problems": found.problems,
        "refused": engines.refused(),
        "used": used,
        "problem": problem,
        "may_manage": requesting.may_manage(user),
        "ollama": settings.OLLAMA_HOST,
    }
    return render(request, "models_mgmt/_list.html", context)


@require_GET
def worth_having(request: HttpRequest) -> HttpResponse:
    """Models that fit this machine and are not installed; nothing where models run elsewhere."""
    person(request)
    context = {"choices": listed.worth_having(), "memory": fitting.amount(checks.memory())}
    return render(request, "models_mgmt/_worth_having.html", context)


@require_GET
def line(request: HttpRequest) -> HttpResponse:
    """The chat model in use, and whether anything leaves this machine with it."""
    used, problem = choosing.answering(person(request))
    context = {
        "used": used,
        "host": listed.host(used) if used else "",
        "problem": problem,
    }
    template = "_note" if request.GET.get("note") else "_line"
    return render(request, f"models_mgmt/{template}.html", context)


@form_post
def choose(request: HttpRequest) -> HttpResponse:
    choosing.choose(person(request), request.POST.get("name", ""))
    return redirect("models")


@form_post
def unload(request: HttpRequest) -> HttpResponse:
    requesting.unload(person(request), request.POST.get("name", ""))
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
