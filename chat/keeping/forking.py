"""A new conversation that begins as another one went, up to one of its answers.

Nothing in it leads back: what either of them loses, the other keeps.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from chat import pictures
from chat.keeping.changing import LONGEST_TITLE
from chat.models import Conversation, Message, Provenance, Source
from chat.pictures import Picture
from chat.record.branches import Tree
from documents.models import Document
from localchat.lib.errors import Conflict, NotFound
from localchat.lib.sentences import Sentence

TRIES = 3  # what an answer rests on may be deleted meanwhile
TAKEN_ALONG = ("titled", "folder", "tags", "assistant_id")
_NUMBER = re.compile(r" \((\d{1,6})\)\Z")

Row = TypeVar("Row", Message, Source, Provenance, Picture)
Pairs = Sequence[tuple[Message, Message]]  # a message, and what it is in the new conversation


def fork(user: User, answer: int) -> Conversation:
    """The new conversation, with the branch up to this answer. Raises NotFound and Conflict."""
    for _ in range(TRIES - 1):
        try:
            return _fork(user, answer)
        except IntegrityError:
            continue
    return _fork(user, answer)


@transaction.atomic
def _fork(user: User, pk: int) -> Conversation:
    mine = Conversation.objects.for_user(user)
    found = mine.filter(messages__pk=pk, messages__role=Message.Role.ASSISTANT)
    original = found.select_for_update(of=("self",)).first()
    if original is None:
        raise NotFound
    if original.temporary:
        raise Conflict(Sentence("A temporary chat leaves nothing behind, so none begins from it."))
    branch = Tree(original).branch(pk)
    _hold_documents(branch)
    rows = Message.objects.filter(owner=user).in_bulk(branch)
    if any(row.is_writing for row in rows.values()):
        raise Conflict(Sentence("This answer is still being written."))
    new = _begun_as(original)
    pairs = _messages(new, [rows[each] for each in branch])
    _copy_pictures(user, pairs)
    _copy_sources(pairs)
    _copy_provenance(pairs)
    Conversation.objects.filter(pk=new.pk, owner=user).update(shown=pairs[-1][1])
    return new


def _hold_documents(branch: Sequence[int]) -> None:
    """Who deletes one of them waits, and then finds what rests on it here too."""
    cited = Source.objects.filter(message__in=branch).values("document")
    documents = Document.objects.filter(pk__in=cited).order_by("pk")
    list(documents.select_for_update(of=("self",), no_key=True).values_list("pk"))


def _begun_as(original: Conversation) -> Conversation:
    facts = {name: getattr(original, name) for name in TAKEN_ALONG}
    title = _another(original)
    return Conversation.objects.create(
        owner_id=original.owner_id, title=title, **facts, **original.as_manner()
    )


def _another(original: Conversation) -> str:
    """The title with the next number that no other conversation has."""
    bare = _NUMBER.sub("", original.title)
    same = Conversation.objects.filter(owner=original.owner_id, title__startswith=bare)
    titles = set(same.values_list("title", flat=True))
    number = 2
    while (title := _numbered(bare, number)) in titles:
        number += 1
    return title


def _numbered(title: str, number: int) -> str:
    end = f" ({number})"
    return f"{title[: LONGEST_TITLE - len(end)]}{end}".strip()


def _messages(new: Conversation, rows: Sequence[Message]) -> Pairs:
    """A branch: each message follows the one before."""
    refs: dict[UUID, UUID] = {}
    numbers = Message.objects.next_numbers(len(rows))
    copies = [
        _copied(
            row,
            pk=number,
            conversation=new,
            previous_id=before,
            ref=refs.setdefault(row.ref, uuid4()),
        )
        for row, number, before in zip(rows, numbers, [None, *numbers[:-1]], strict=True)
    ]
    Message.objects.bulk_create(copies)
    for row, copied in zip(rows, copies, strict=True):
        copied.created = row.created  # a new row has that of now
    Message.objects.bulk_update(copies, ["created"])
    return list(zip(rows, copies, strict=True))


def _copied(row: Row, **other: object) -> Row:
    """A row like it, not stored yet, but for what is said otherwise."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    facts = {field.attname: getattr(row, field.attname) for field in fields}
    copied = type(row)(**facts)
    for name, value in other.items():
        setattr(copied, name, value)
    return copied


def _copy_pictures(user: User, pairs: Pairs) -> None:
    new = {row.pk: copied for row, copied in pairs}
    found = pictures.of_messages(user, list(new))
    Picture.objects.bulk_create(
        _copied(each, message=new[pk]) for pk, rows in found.items() for each in rows
    )


def _copy_sources(pairs: Pairs) -> None:
    new = {row.pk: copied for row, copied in pairs}
    rows = Source.objects.filter(message__in=list(new)).order_by("pk")
    Source.objects.bulk_create(_copied(row, message=new[row.message_id]) for row in rows)


def _copy_provenance(pairs: Pairs) -> None:
    """What was sent for them, which stands in the new messages and their sources now."""
    new = {row.pk: copied for row, copied in pairs}
    numbers = {row.pk: copied.pk for row, copied in pairs}
    rows = Provenance.objects.filter(message__in=list(new)).order_by("pk")
    Provenance.objects.bulk_create(
        _copied(
            row, message=new[row.message_id], turns=[_moved(turn, numbers) for turn in row.turns]
        )
        for row in rows
    )


def _moved(turn: Mapping[str, Any], numbers: Mapping[int, int]) -> dict[str, Any]:
    """As it stands in copies of messages: `numbers` of these by those of the messages."""
    pieces = [{**piece, **_renamed(piece, ("message", "of"), numbers)} for piece in turn["pieces"]]
    return {**turn, **_renamed(turn, ("pictures",), numbers), "pieces": pieces}


def _renamed(
    row: Mapping[str, Any], names: Sequence[str], numbers: Mapping[int, int]
) -> dict[str, int]:
    return {name: numbers.get(row[name], row[name]) for name in names if name in row}
