"""What a person keeps beside the questions, by its number."""

from typing import TypeVar

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from chat.manner import AboutMe, Assistant, SavedPrompt
from chat.models import Conversation
from localchat.lib.api import person

Kept = TypeVar("Kept", AboutMe, Assistant, Conversation, SavedPrompt)


def mine(kind: type[Kept], request: HttpRequest, pk: int) -> Kept:
    """Raises Http404, also for what is somebody else's."""
    return get_object_or_404(kind.objects.for_user(person(request)), pk=pk)
