"""Conversations as JSON: all that was said, on every branch, and what it rests on.

Messages are numbered from 1, each after the one that it follows. Of a source there is the text of
the passage, and what tells its document again where that is: name and sha256 of the content.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid5

from django.utils import timezone

from chat.exchange import pictured
from chat.models import Conversation, Message, Source
from localchat.lib.sentences import packed

FORMAT = "localchat-conversations"
VERSION = 1

KEPT = ("title", "titled", "pinned", "archived", "folder", "tags")
SAID = (
    *("role", "status", "text", "thinking", "reason", "model", "usage", "doubts", "standalone"),
    *("notes", "computed", "declined", "left_out", "hurried", "cut", "error", "problem"),
    *("verdict", "verdict_words"),
)
PASSAGE = (
    *("number", "filename", "page", "start", "end", "heading", "support"),
    *("score", "stages", "sent"),
)

# Of the request: numbers of rows mean nothing elsewhere, and a history is not of this talk.
STAYS_HERE = {"assistant", "collections", "documents", "wait_for", "history", "temporary"}


def envelope(conversations: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {**head(), "conversations": list(conversations)}


def head() -> dict[str, Any]:
    return {"format": FORMAT, "version": VERSION, "exported": timezone.now().isoformat()}


def of_conversation(conversation: Conversation) -> dict[str, Any]:
    rows = _messages(conversation).order_by("pk")
    numbers = {row.pk: number for number, row in enumerate(rows, start=1)}
    return {
        "uid": str(conversation.uid),
        **{name: getattr(conversation, name) for name in KEPT},
        "created": conversation.created.isoformat(),
        "touched": conversation.touched.isoformat(),
        "shown": numbers.get(conversation.shown_id or 0),
        "messages": [_message(row, numbers) for row in rows],
    }


def of_answer(answer: Message) -> dict[str, Any]:
    """The answer with its question and the talk before it, as a conversation of its own branch."""
    conversation = answer.conversation
    whole = of_conversation(conversation)
    rows = list(_messages(conversation).order_by("pk").values_list("pk", flat=True))
    by_number = {each["id"]: each for each in whole["messages"]}
    number: int | None = rows.index(answer.pk) + 1
    branch = []
    while number is not None:
        branch.append(by_number[number])
        number = by_number[number]["previous"]
    uid = str(uuid5(conversation.uid, f"answer {rows.index(answer.pk) + 1}"))
    return {**whole, "uid": uid, "shown": branch[0]["id"], "messages": branch[::-1]}


def _messages(conversation: Conversation) -> Any:
    mine = Message.objects.filter(conversation=conversation, owner=conversation.owner_id)
    return mine.prefetch_related("sources__version__content", "sources__document", "pictures")


def _message(row: Message, numbers: dict[int, int]) -> dict[str, Any]:
    asked = {name: value for name, value in row.request.items() if name not in STAYS_HERE}
    return {
        "id": numbers[row.pk],
        "previous": numbers.get(row.previous_id or 0),
        **{name: getattr(row, name) for name in SAID},
        "request": asked,
        "created": row.created.isoformat(),
        "finished": _time(row.finished),
        "sources": [_source(each) for each in row.sources.all()],
        "pictures": [pictured.as_json(each) for each in row.pictures.all()],
        **_sentences(row),
    }


def _sentences(row: Message) -> dict[str, Any]:
    """What can be said in other languages too, as message and arguments beside the English text."""
    told = {"notes": row.notes, "problem": row.problem}
    kept = {name: packed(value) for name, value in told.items()}
    others = {name: value for name, value in kept.items() if value != told[name]}
    return {"sentences": others} if others else {}


def _source(row: Source) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in PASSAGE},
        "text": row.text,
        "document": row.document.name if row.document else None,
        "sha256": row.version.content.sha256 if row.version else None,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
