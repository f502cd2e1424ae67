"""Copying and exporting what was said, and importing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from chat.exchange import clipboard, responses
from chat.exchange.incoming import file as incoming_file
from chat.exchange.incoming import storing
from chat.exchange.incoming.storing import Imported
from chat.models import Message
from localchat.lib.api import person
from localchat.lib.errors import BadRequest, LocalChatError
from localchat.lib.pages import is_script, telling
from localchat.lib.sentences import Sentence


@require_GET
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer for the clipboard, in both of its flavours."""
    answers = Message.objects.for_user(person(request)).answers()
    found = get_object_or_404(answers.prefetch_related("sources"), pk=pk)
    return JsonResponse(clipboard.of_answer(found))


@require_GET
def answer(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    return responses.answer(person(request), pk, form)


@require_GET
def conversation(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    return responses.conversation(person(request), pk, form)


@require_GET
def every(request: HttpRequest, form: str) -> HttpResponseBase:
    return responses.every(person(request), form)


@require_http_methods(["GET", "HEAD", "POST"])
@telling
def transfer(request: HttpRequest) -> HttpResponse:
    """The page for all conversations; posted to, it takes a file in."""
    if request.method != "POST":
        return render(request, "chat/transfer.html")
    try:
        imported = _taken_in(request)
    except LocalChatError as error:
        if is_script(request):
            raise
        return render(request, "chat/transfer.html", {"refused": error}, status=error.status)
    for sentence in _sentences(imported):
        messages.info(request, sentence)
    return redirect(f"{reverse('conversations')}?state=all")  # what was archived still is


def _taken_in(request: HttpRequest) -> Imported:
    file = request.FILES.get("file")
    if file is None:
        raise BadRequest(Sentence("Choose a file first."))
    return storing.store(person(request), incoming_file.conversations(file))


def _sentences(imported: Imported) -> list[str]:
    came, there, empty = len(imported.conversations), imported.there_already, imported.empty
    sentences = [
        ngettext("%(n)s conversation was imported.", "%(n)s conversations were imported.", came)
        % {"n": came}
    ]
    if there:
        said = ngettext(
            "%(n)s was there already, and is as it was.",
            "%(n)s were there already, and are as they were.",
            there,
        )
        sentences.append(said % {"n": there})
    if empty:
        said = ngettext("%(n)s had nothing in it.", "%(n)s had nothing in them.", empty)
        sentences.append(said % {"n": empty})
    return sentences
