"""What is imported becomes rows, all of a file or nothing of it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import DataError, transaction
from django.utils import timezone

from chat import asking
from chat.exchange.incoming.shapes import IncomingConversation, IncomingMessage, IncomingSource
from chat.exchange.incoming.values import NotImportable
from chat.models import Conversation, Message, Source
from chat.pictures import Picture
from documents.models import Chunk, Document, Version
from localchat.lib.sentences import Sentence

AT_ONCE = 500  # rows of one statement


class Imported(NamedTuple):
    conversations: list[int]
    there_already: int = 0
    empty: int = 0


def store(user: User, found: Iterable[IncomingConversation]) -> Imported:
    """Raises what reading the file raises, and NotImportable."""
    try:
        return _store(user, found)
    except DataError as error:
        raise NotImportable(Sentence("This file has a text that cannot be kept.")) from error


@transaction.atomic
def _store(user: User, found: Iterable[IncomingConversation]) -> Imported:
    # Who imports the same twice at a time does so one after the other.
    User.objects.select_for_update().get(pk=user.pk)
    known = set(Conversation.objects.for_user(user).values_list("uid", flat=True))
    pks, there, empty = [], 0, 0
    for each in found:
        if not each.messages:
            empty += 1
        elif each.uid in known:
            there += 1
        else:
            known.add(each.uid)
            pks.append(_conversation(user, each).pk)
    return Imported(pks, there, empty)


def _conversation(user: User, found: IncomingConversation) -> Conversation:
    first = next(each.text for each in found.messages if each.role == Message.Role.USER)
    made = Conversation(owner=user, uid=found.uid, **found.facts)
    made.title = made.title or asking.title_of(first)
    made.save()
    rows = _messages(made, found.messages)
    Source.objects.bulk_create(_sources(user, rows, found.messages), batch_size=AT_ONCE)
    Picture.objects.bulk_create(_pictures(user, rows, found.messages), batch_size=AT_ONCE)
    created = found.created or rows[0].created
    Conversation.objects.filter(pk=made.pk, owner=user).update(
        shown=rows[-1 if found.shown is None else found.shown],
        created=created,
        touched=found.touched or created,
    )
    return made


def _messages(made: Conversation, found: Sequence[IncomingMessage]) -> list[Message]:
    rows: list[Message] = []
    times: list[datetime] = []
    for pk, each in zip(Message.objects.next_numbers(len(found)), found, strict=True):
        before = None if each.previous is None else rows[each.previous].pk
        facts = {"owner": made.owner, "conversation": made, "previous_id": before}
        rows.append(Message(pk=pk, role=each.role, text=each.text, **facts, **each.facts))
        times.append(each.created or made.created or timezone.now())
    Message.objects.bulk_create(rows, batch_size=AT_ONCE)
    for row, time in zip(rows, times, strict=True):
        row.created = time  # a new row has that of now
    Message.objects.bulk_update(rows, ["created"], batch_size=AT_ONCE)
    return rows


def _pictures(
    user: User, rows: Sequence[Message], found: Sequence[IncomingMessage]
) -> list[Picture]:
    return [
        Picture(owner=user, message=row, **each._asdict())
        for row, message in zip(rows, found, strict=True)
        for each in message.pictures
    ]


def _sources(user: User, rows: Sequence[Message], found: Sequence[IncomingMessage]) -> list[Source]:
    pairs = [
        (Source(message=row, **each.facts), each)
        for row, message in zip(rows, found, strict=True)
        for each in message.sources
    ]
    versions = _versions(user, {each.sha256 for _, each in pairs if each.sha256})
    for source, each in pairs:
        source.hash = hashlib.sha256(source.text.encode()).hexdigest() if source.text else ""
        version = _version(each, versions.get(each.sha256, ()))
        if version:
            source.document_id, source.version = version.document_id, version
            source.chunk = _chunk(source, version)
    return [source for source, _ in pairs]


def _versions(user: User, contents: set[str]) -> dict[str, list[Version]]:
    """Of documents that are there, by the sha256 of what they contain."""
    readable = Document.objects.for_user(user)
    mine = Version.objects.filter(document__in=readable, content__sha256__in=contents)
    found = defaultdict(list)
    for each in mine.select_related("document", "content").order_by("pk"):
        found[each.content.sha256].append(each)
    return found


def _version(source: IncomingSource, versions: Sequence[Version]) -> Version | None:
    """Of the document that has the name now or had it when it was cited."""
    names = {source.document, source.facts["filename"]} - {""}
    return next((each for each in versions if each.document.name in names), None)


def _chunk(source: Source, version: Version) -> Chunk | None:
    same = Chunk.objects.filter(content=version.content_id, page=source.page, start=source.start)
    return same.filter(end=source.end, text=source.text).first()
