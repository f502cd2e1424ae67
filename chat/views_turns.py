"""Forms below a question or an answer: another version, the rest of it, what one thinks of it."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from chat import asking, question_parsing, revising
from chat.html import preview as code_preview
from chat.keeping import forking
from chat.models import Conversation, Message
from localchat.lib.api import error_response, person
from localchat.lib.errors import LocalChatError, NotFound
from localchat.lib.pages import form_post, is_script, telling
from models_mgmt import choosing


@require_POST
async def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return await _ask(request, pk, edits=pk, question=request.POST.get("question"))


@require_http_methods(["GET", "HEAD", "POST"])
async def again(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Asked for, it lists the models that could."""
    if request.method != "POST":
        return await sync_to_async(_models)(request, pk)
    model = request.POST.get("model") or None
    patient = "patient" in request.POST or None
    return await _ask(request, pk, regenerates=pk, model=model, patient=patient)


@require_POST
async def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    return await _ask(request, pk, continues=pk)


@telling
def _models(request: HttpRequest, pk: int) -> HttpResponse:
    found = _mine(request, pk, Message.Role.ASSISTANT)
    others = [
        model
        for model in choosing.installed().models
        if choosing.can_chat(model) and model.name != found.model
    ]
    template = "_models_again" if is_script(request) else "models_again"
    return render(request, f"chat/{template}.html", {"message": found, "models": others})


async def _ask(request: HttpRequest, pk: int, **said: object) -> HttpResponse:
    try:
        await sync_to_async(_mine)(request, pk)
        answer = await asking.ask(person(request), *question_parsing.parse(said))
    except LocalChatError as error:
        return await sync_to_async(_refused)(request, error)
    return _to(answer)


def _refused(request: HttpRequest, error: LocalChatError) -> HttpResponse:
    if is_script(request):
        return error_response(error)
    return render(request, "refused.html", {"error": error}, status=error.status)


@form_post
def show(request: HttpRequest, pk: int) -> HttpResponse:
    found = _mine(request, pk)
    if "go_on" in request.POST and found.role == Message.Role.ASSISTANT:
        revising.go_on_from(found)
    else:
        revising.show(found)
    return _to(found)


@form_post
def fork(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("conversation", forking.fork(person(request), pk).pk)


@form_post
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = _mine(request, pk, Message.Role.USER)
    asking.delete_turn(found)
    if Conversation.objects.for_user(person(request)).filter(pk=found.conversation_id).exists():
        return redirect("conversation", found.conversation_id)
    return redirect("chat")


@form_post
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    found = _mine(request, pk, Message.Role.ASSISTANT)
    said = request.POST
    revising.judge(found, said.get("verdict", ""), said.get("words", ""))
    return _to(found)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Code of an answer as it would look, for a frame; see `chat.html.preview`."""
    code = request.POST.get("code", "")
    return HttpResponse(code_preview.page(code), headers=code_preview.HEADERS)


def _mine(request: HttpRequest, pk: int, *roles: str) -> Message:
    mine = Message.objects.for_user(person(request)).select_related("conversation")
    found: Message | None = mine.filter(pk=pk, role__in=roles or Message.Role.values).first()
    if found is None:
        raise NotFound
    return found


def _to(message: Message) -> HttpResponse:
    address = reverse("conversation", args=[message.conversation_id])
    return redirect(f"{address}#message-{message.pk}")
