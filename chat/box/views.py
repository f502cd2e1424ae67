"""Fragments of the question box, and what is kept of it before anything is asked."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from chat import question_parsing
from chat.box import models_listed, shown
from chat.box.mine import mine
from chat.manner import SETTINGS, SavedPrompt
from chat.models import Conversation
from chat.question import kept_manner
from chat.question import suggested as suggesting
from chat.record import context_use, shown_turns
from documents.models import Collection, Document
from localchat.lib.api import person
from localchat.lib.pages import form_post, is_script

OFFERED = 8
SIGNS = "@/"


@require_GET
def models(request: HttpRequest) -> HttpResponse:
    """Who may answer: an engine may be slow, the page is not."""
    kept = request.GET.get("model", "").replace("\0", "")[:200]
    choices = models_listed.choices(person(request), kept)
    return render(request, "chat/_box_models.html", {"choices": choices, "kept": kept})


@require_GET
def context(request: HttpRequest, pk: int) -> HttpResponse:
    """How full the model's window is."""
    found = mine(Conversation, request, pk)
    answers = [turn.answer for turn in shown_turns.of(found) if turn.answer]
    return render(request, "chat/_box_context.html", {"filled": context_use.last(answers)})


@require_GET
def scope(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked about, as it is kept."""
    found = mine(Conversation, request, pk)
    chips = shown.chips(found.owner, found.collections, found.documents)
    return render(request, "chat/_box_chips.html", {"chips": chips})


@require_GET
def suggested(request: HttpRequest, pk: int) -> HttpResponse:
    """What the documents of the last answer suggest to ask next."""
    found = mine(Conversation, request, pk)
    turns = shown_turns.of(found)
    last = turns[-1].answer if turns else None
    asked = [turn.question.text for turn in turns]
    questions = suggesting.after(last, asked) if last and not last.is_writing else []
    return render(request, "chat/_box_suggested.html", {"questions": questions})


@require_GET
def complete(request: HttpRequest) -> JsonResponse:
    """What `@` or `/` and the beginning of a name may mean."""
    sign, typed = request.GET.get("sign", ""), request.GET.get("q", "")
    typed = typed.replace("\0", "").strip()[:200]
    found = _prompts(request, typed) if sign == "/" else _scopes(request, typed)
    return JsonResponse({"found": found if sign and sign in SIGNS else []})


def _prompts(request: HttpRequest, typed: str) -> list[dict[str, Any]]:
    rows = SavedPrompt.objects.for_user(person(request)).filter(name__icontains=typed)
    return [{"kind": "prompt", "name": row.name, "text": row.text} for row in rows[:OFFERED]]


def _scopes(request: HttpRequest, typed: str) -> list[dict[str, Any]]:
    """Collections first: they are few."""
    user = person(request)
    collections = Collection.objects.for_user(user).select_related("owner")
    documents = Document.objects.for_user(user).filter(status=Document.Status.READY)
    for word in typed.split():
        collections = collections.filter(name__icontains=word)
        documents = documents.filter(name__icontains=word)
    rows: list[tuple[str, Collection | Document]] = [
        *(("collections", row) for row in collections[:OFFERED]),
        *(("documents", row) for row in documents.order_by("name")[:OFFERED]),
    ]
    return [{"kind": kind, "id": row.pk, "name": _name(user, row)} for kind, row in rows[:OFFERED]]


def _name(user: User, row: Collection | Document) -> str:
    return row.called_by(user) if isinstance(row, Collection) else row.name


@form_post
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """What the box says of model, scope and settings, kept with the conversation."""
    found = mine(Conversation, request, pk)
    asked = question_parsing.parse({**fields(request), "question": "-"})
    kept_manner.keep(found, asked.wish, asked.said)
    return JsonResponse({"success": True}) if is_script(request) else redirect("conversation", pk)


def fields(request: HttpRequest) -> dict[str, object]:
    """Of a form: what it has of model, scope and settings."""
    form = request.POST
    if form.get("assistant", "") != form.get("assistant_shown", ""):
        chosen = form.get("assistant")
        return {"assistant": number(chosen) if chosen else None}  # the rest is not its own yet
    said: dict[str, object] = {name: form[name] for name in ("model", *SETTINGS) if name in form}
    if "notes_asked" in form:  # a box that is not ticked is not there
        said["without_notes"] = "without_notes" in form
    if form.get("assistant"):
        said["assistant"] = number(form["assistant"])
    said["documents"] = numbers(form, "documents")
    if (collections := numbers(form, "collections")) is not None:
        said["collections"] = [*collections, *_named(request)]
    elif "collection" in form:
        said["collection"] = form["collection"]
    return said


def numbers(form: QueryDict, name: str) -> list[int | str] | None:
    """Of all fields of that name; None: there is none."""
    if name not in form:
        return None
    return [number(each) for text in form.getlist(name) for each in text.split()]


def _named(request: HttpRequest) -> list[int]:
    """By the box's choice without a script."""
    name = request.POST.get("collection", "").replace("\0", "")
    mine = Collection.objects.called(person(request), name)
    return list(mine.values_list("pk", flat=True)) if name else []


def number(text: str) -> int | str:
    """What is no number stays as it is, and is refused with the rest."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else text
