"""The page of saved prompts and assistants, and its forms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chat.box import own_kept, shown, views
from chat.box.mine import mine
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
    assistants = list(Assistant.objects.for_user(user))
    wanted = views.number(request.GET.get("assistant", ""))
    changed = next((each for each in assistants if each.pk == wanted), None)
    context = {
        "prompts": SavedPrompt.objects.for_user(user),
        "assistants": assistants,
        "changed": changed,
        "chips": shown.chips(user, [], changed.documents) if changed else (),
        # Each form has them all, so that only one assistant is changed at a time.
        "collections": list(Collection.objects.for_user(user).select_related("owner")),
    }
    return render(request, "chat/prompts.html", context)


@form_post
def prompt(request: HttpRequest, pk: int) -> HttpResponse:
    return _save_prompt(request, mine(SavedPrompt, request, pk))


def _save_prompt(request: HttpRequest, prompt: SavedPrompt) -> HttpResponse:
    form = request.POST
    own_kept.save_prompt(prompt, form.get("name", ""), form.get("text", ""))
    return redirect("prompts")


@form_post
def delete_prompt(request: HttpRequest, pk: int) -> HttpResponse:
    mine(SavedPrompt, request, pk).delete()
    return redirect("prompts")


@form_post
def new_assistant(request: HttpRequest) -> HttpResponse:
    return _save_assistant(request, Assistant(owner=person(request)))


@form_post
def assistant(request: HttpRequest, pk: int) -> HttpResponse:
    return _save_assistant(request, mine(Assistant, request, pk))


def _save_assistant(request: HttpRequest, assistant: Assistant) -> HttpResponse:
    said = {**views.fields(request), "name": request.POST.get("name", "")}
    own_kept.save_assistant(assistant, said)
    return redirect("prompts")


@form_post
def delete_assistant(request: HttpRequest, pk: int) -> HttpResponse:
    mine(Assistant, request, pk).delete()
    return redirect("prompts")
