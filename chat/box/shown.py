"""The question box of a conversation, or of one that is about to begin, as the page has it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import User

from chat.manner import LENGTHS, WINDOWS, Assistant
from chat.models import Conversation, Message
from chat.question import kept_manner, suggested
from chat.question.asked import WINDOW
from chat.record import context_use
from documents.models import Collection, Document


class Chip(NamedTuple):
    """Something that is asked about."""

    kind: str  # collections or documents: the name of the field
    pk: int
    name: str  # empty: it is gone


def context_of(
    user: User, conversation: Conversation | None, answers: Sequence[Message], begins_with: str = ""
) -> dict[str, Any]:
    manner = conversation or _new(user, begins_with)
    return {
        "manner": manner,
        "chips": chips(user, manner.collections, manner.documents),
        "assistants": () if conversation else Assistant.objects.for_user(user),
        "filled": context_use.last(answers),
        "suggested_questions": () if answers else suggested.at_first(user),
        "usual_window": WINDOW,
        "window_limits": WINDOWS,
        "length_limits": LENGTHS,
        "settings_count": _count(manner),
    }


def _new(user: User, begins_with: str) -> Conversation:
    """`begins_with`: an assistant's id."""
    new = Conversation(owner=user)
    if begins_with.isascii() and begins_with.isdecimal() and len(begins_with) < 19:
        found = Assistant.objects.for_user(user).filter(pk=int(begins_with)).first()
        if found:
            kept_manner.begin_with(new, found)
    return new


def chips(user: User, collections: Sequence[int], documents: Sequence[int]) -> list[Chip]:
    mine = Collection.objects.for_user(user).select_related("owner")
    named = mine.in_bulk(collections) if collections else {}
    found = Document.objects.for_user(user).in_bulk(documents) if documents else {}
    return [
        *(
            Chip("collections", pk, named[pk].called_by(user) if pk in named else "")
            for pk in collections
        ),
        *(Chip("documents", pk, found[pk].name if pk in found else "") for pk in documents),
    ]


def _count(manner: Conversation) -> int:
    """Of the settings that are not ours."""
    chosen = (manner.temperature, manner.window, manner.length)
    ticked = (manner.instructions, manner.without_notes)
    return sum(value is not None for value in chosen) + sum(map(bool, ticked))
