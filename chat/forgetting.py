"""What answers keep of a document that is deleted: its number, and what a model wrote about it."""

import re
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Model

from chat.answers import quotes
from chat.models import Message, Provenance, Source
from documents.models import Right
from localchat.lib import events, forgetting


def forget(documents: Sequence[int]) -> dict[str, int]:
    """Quotes go, and the events that carried them. The rows of sources empty themselves."""
    cited = Source.objects.filter(document__in=documents)
    numbers: dict[int, set[int]] = {}
    for answer, number in cited.values_list("message", "number"):
        numbers.setdefault(answer, set()).add(number)
    _forget_quotes(numbers)
    _forget_names(documents)
    transaction.on_commit(lambda: events.forget(*(f"answer:{pk}" for pk in numbers)))
    return {"answers_that_cite": len(numbers), "quotes": sum(map(len, numbers.values()))}


def _forget_quotes(numbers: dict[int, set[int]]) -> None:
    """Of the sources that have these numbers, by answer."""
    quoted = Message.objects.filter(pk__in=numbers, text__startswith=quotes.BEGINNING)
    for answer in quoted.only("pk", "text"):
        answer.text = quotes.without(answer.text, numbers[answer.pk])
        answer.save(update_fields=["text"])


def _forget_names(documents: Sequence[int]) -> None:
    """What the program itself says below an answer names them no more."""
    names: dict[int, list[str]] = defaultdict(list)
    readers = Right.objects.filter(collection__documents__in=documents).distinct()
    for person, name in readers.values_list("person", "collection__documents__name"):
        names[person].append(re.escape(name))
    for owner, escaped in names.items():
        named = re.compile(rf"(?<!\w)(?:{'|'.join(escaped)})(?!\w)")
        answers = Message.objects.filter(owner=owner).exclude(notes=[], computed="")
        for answer in answers.only("notes", "computed"):
            _keep_without(named, answer, "notes", "computed")
        rows = Provenance.objects.filter(message__owner=owner).exclude(search__notes=[])
        for row in rows.only("search"):
            _keep_without(named, row, "search")


def _keep_without(named: re.Pattern[str], row: Model, *fields: str) -> None:
    changed = []
    for field in fields:
        said = getattr(row, field)
        if (without := _without(named, said)) != said:
            setattr(row, field, without)
            changed.append(field)
    if changed:
        row.save(update_fields=changed)


def _without(named: re.Pattern[str], value: object) -> object:
    if isinstance(value, dict):
        return {key: _without(named, each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(named, each) for each in value]
    return named.sub("a deleted document", value) if isinstance(value, str) else value


def withdraw(people: Sequence[int]) -> None:
    """Of what these people may not read any more, quotes go, and answers that are being written."""
    lost = Source.objects.filter(message__owner__in=people, withdrawn=True)
    numbers: dict[int, set[int]] = defaultdict(set)
    for answer, number in lost.values_list("message", "number"):
        numbers[answer].add(number)
    _forget_quotes(numbers)
    writing = Message.objects.filter(pk__in=numbers, status=Message.Status.WRITING)
    writing.update(stopping=True)
    for pk in numbers:
        events.hint(stop=f"answer:{pk}")  # heard by who writes it
    events.forget(*(f"answer:{pk}" for pk in numbers))


def register() -> None:
    forgetting.also(forget)
    forgetting.when_withdrawn(withdraw)
