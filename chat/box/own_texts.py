"""The page of saved prompts and assistants, and its forms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from chat.box import own_kept, shown, views
from chat.manner import Assistant, SavedPrompt
from documents.models import Collection
from localchat.lib.api import person
from localchat.lib.pages import form_post, telling


@require_http_methods(["GET", "HEAD", "POST"])
@telling
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _save_prompt(request, SavedPrompt(owner=person(request)))
    user = person(request)
    context = {
        "prompts": SavedPrompt.objects.for_user(user),
        "assistants": [_row(each) for each in Assistant.objects.for_user(user)],
        "collections": Collection.objects.for_user(user),
    }
    return render(request, "chat/prompts.html", context)


def _row(each: Assistant) -> dict[str, object]:
    chips = shown.chips(each.owner, each.collections, each.documents)
    return {"assistant": each, "chips": chips}


@form_post
def prompt(request: HttpRequest, pk: int) -> HttpResponse:
    return _save_prompt(request, _my_prompt(request, pk))


def _save_prompt(request: HttpRequest, prompt: SavedPrompt) -> HttpResponse:
    form = request.POST
    own_kept.save_prompt(prompt, form.get("name", ""), form.get("text", ""))
    return redirect("prompts")


@form_post
def delete_prompt(request: HttpRequest, pk: int) -> HttpResponse:
    _my_prompt(request, pk).delete()
    return redirect("prompts")


@form_post
def new_assistant(request: HttpRequest) -> HttpResponse:
    return _save_assistant(request, Assistant(owner=person(request)))


@form_post
def assistant(request: HttpRequest, pk: int) -> HttpResponse:
    return _save_assistant(request, _my_assistant(request, pk))


def _save_assistant(request: HttpRequest, assistant: Assistant) -> HttpResponse:
    said = {**views.fields(request), "name": request.POST.get("name", "")}
    own_kept.save_assistant(assistant, said)
    return redirect("prompts")


@form_post
def delete_assistant(request: HttpRequest, pk: int) -> HttpResponse:
    _my_assistant(request, pk).delete()
    return redirect("prompts")


def _my_prompt(request: HttpRequest, pk: int) -> SavedPrompt:
    return get_object_or_404(SavedPrompt.objects.for_user(person(request)), pk=pk)


def _my_assistant(request: HttpRequest, pk: int) -> Assistant:
    return get_object_or_404(Assistant.objects.for_user(person(request)), pk=pk)
