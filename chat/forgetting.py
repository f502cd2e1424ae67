"""What answers keep of a document that is deleted: its number, and what a model wrote about it."""

from collections.abc import Sequence

from django.db import transaction

from chat import quoting
from chat.models import Message, Source
from localchat.lib import events, forgetting


def forget(documents: Sequence[int]) -> dict[str, int]:
    """Quotes go, and the events that carried them. The rows of sources empty themselves."""
    cited = Source.objects.filter(document__in=documents)
    numbers: dict[int, set[int]] = {}
    for answer, number in cited.values_list("message", "number"):
        numbers.setdefault(answer, set()).add(number)
    quoted = Message.objects.filter(pk__in=numbers, text__startswith=quoting.BEGINNING)
    for answer in quoted.only("pk", "text"):
        answer.text = quoting.without(answer.text, numbers[answer.pk])
        answer.save(update_fields=["text"])
    transaction.on_commit(lambda: events.forget(*(f"answer:{pk}" for pk in numbers)))
    return {"answers_that_cite": len(numbers), "quotes": sum(map(len, numbers.values()))}


def register() -> None:
    forgetting.also(forget)
