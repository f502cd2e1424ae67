"""A person's conversations in their order, as far as they are wanted, and as JSON."""

from typing import Any, Protocol

from django.contrib.auth.models import User
from django.db.models import QuerySet

from chat.keeping import search
from chat.keeping.search import Hit
from chat.models import Conversation


class Wanted(Protocol):
    q: str
    archived: bool | None
    folder: str | None
    tag: str | None
    limit: int
    offset: int


def among(
    user: User, *, archived: bool | None = None, folder: str | None = None, tag: str | None = None
) -> QuerySet[Conversation]:
    rows = Conversation.objects.for_user(user).kept()
    if archived is not None:
        rows = rows.filter(archived=archived)
    if folder is not None:
        rows = rows.filter(folder=folder)
    return rows if tag is None else rows.filter(tags__contains=[tag])


def listed(user: User, wanted: Wanted) -> list[dict[str, Any]]:
    rows = among(user, archived=wanted.archived, folder=wanted.folder, tag=wanted.tag)
    if not wanted.q.strip():
        return [as_json(row) for row in rows[wanted.offset : wanted.offset + wanted.limit]]
    hits = search.find(user, wanted.q, rows, wanted.limit)
    return [{**as_json(hit.conversation), "hit": _hit(hit)} for hit in hits]


def as_json(conversation: Conversation) -> dict[str, Any]:
    same = ("title", "titled", "pinned", "archived", "folder", "tags", "temporary")
    return {
        "id": conversation.pk,
        **{name: getattr(conversation, name) for name in same},
        "created": conversation.created.isoformat(),
        "touched": conversation.touched.isoformat(),
    }


def _hit(hit: Hit) -> dict[str, Any]:
    place = hit.said or hit.title
    return {
        "message": hit.message.pk if hit.message else None,
        "text": place.text,
        "marks": place.marks,
    }
