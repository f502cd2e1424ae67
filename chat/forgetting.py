"""What answers keep of a document that is deleted: its number, and what a model wrote about it."""

import re
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Model

from chat.answers import quotes
from chat.models import Making, Message, Source
from documents.models import Document
from localchat.lib import events, forgetting


def forget(documents: Sequence[int]) -> dict[str, int]:
    """Quotes go, and the events that carried them. The rows of sources empty themselves."""
    cited = Source.objects.filter(document__in=documents)
    numbers: dict[int, set[int]] = {}
    for answer, number in cited.values_list("message", "number"):
        numbers.setdefault(answer, set()).add(number)
    quoted = Message.objects.filter(pk__in=numbers, text__startswith=quotes.BEGINNING)
    for answer in quoted.only("pk", "text"):
        answer.text = quotes.without(answer.text, numbers[answer.pk])
        answer.save(update_fields=["text"])
    _forget_names(documents)
    transaction.on_commit(lambda: events.forget(*(f"answer:{pk}" for pk in numbers)))
    return {"answers_that_cite": len(numbers), "quotes": sum(map(len, numbers.values()))}


def _forget_names(documents: Sequence[int]) -> None:
    """What the program itself says below an answer names them no more."""
    names: dict[int, list[str]] = defaultdict(list)
    for owner, name in Document.objects.filter(pk__in=documents).values_list("owner", "name"):
        names[owner].append(re.escape(name))
    for owner, escaped in names.items():
        named = re.compile(rf"(?<!\w)(?:{'|'.join(escaped)})(?!\w)")
        for answer in Message.objects.filter(
            owner=owner, usage__has_any_keys=["notes", "computed"]
        ):
            _keep_without(named, answer, "usage")
        for making in Making.objects.filter(message__owner=owner, search__has_key="notes"):
            _keep_without(named, making, "search")


def _keep_without(named: re.Pattern[str], row: Model, field: str) -> None:
    said = getattr(row, field)
    without = {key: _without(named, value) for key, value in said.items()}
    if without != said:
        setattr(row, field, without)
        row.save(update_fields=[field])


def _without(named: re.Pattern[str], value: object) -> object:
    if isinstance(value, list):
        return [_without(named, each) for each in value]
    return named.sub("a deleted document", value) if isinstance(value, str) else value


def register() -> None:
    forgetting.also(forget)
