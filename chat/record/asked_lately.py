"""The questions that a person has asked lately, for whoever measures with them."""

from django.contrib.auth.models import User

from chat.models import Message
from documents.measuring import asked_lately


def questions(user: User, most: int) -> list[str]:
    """The latest first, as they were searched for."""
    answers = Message.objects.for_user(user).answers().order_by("-pk")
    rows = answers.values_list("standalone", "previous__text")[:most]
    return [standalone or asked for standalone, asked in rows if standalone or asked]


def register() -> None:
    asked_lately.also(questions)
