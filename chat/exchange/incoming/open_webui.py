"""Open WebUI's export of chats: a list, each with the tree of its messages in `chat.history`."""

import html
import re
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from chat.exchange.incoming import trees, values
from chat.exchange.incoming.shapes import IncomingConversation, IncomingSource
from chat.exchange.incoming.trees import ANSWERS, ASKS, Node
from chat.exchange.incoming.values import Row

MOST_SOURCES = 1_000  # of one answer
MOST_PASSAGES = 5_000

_REASONING = re.compile(
    r'<details type="reasoning"[^<>]*+>\s*+(?:<summary>[^<]*</summary>)?'
    r'((?:(?!<details type="reasoning").)*?)</details>\s*+',
    re.DOTALL,
)
_QUOTED = re.compile(r"^> ?", re.MULTILINE)


def is_one(found: Row) -> bool:
    chat = found.get("chat", found)
    return isinstance(chat, dict) and isinstance(chat.get("history"), dict)


def conversation(found: object) -> IncomingConversation:
    whole = values.row(found, "conversations")
    chat = values.row(whole.get("chat", whole), "chat")
    history = values.row(chat.get("history"), "history")
    given = values.row(history.get("messages"), "messages")
    if len(given) > trees.MOST_NODES:
        raise values.damaged("messages")
    nodes = {key: _node(values.row(each, "messages")) for key, each in given.items()}
    messages, shown = trees.flattened(nodes, values.text(history, "currentId") or None)
    created = values.moment(whole.get("created_at")) or values.moment(chat.get("timestamp"))
    touched = values.moment(whole.get("updated_at")) or created
    return IncomingConversation(
        _uid(whole, chat, given), _kept(whole, chat), messages, shown, created, touched
    )


def _uid(whole: Row, chat: Row, messages: Row) -> UUID:
    name = values.text(whole, "id") or values.text(chat, "id")
    return uuid5(NAMESPACE_URL, f"open-webui:{name or sorted(messages)}")


def _kept(whole: Row, chat: Row) -> dict[str, Any]:
    title = values.line(whole, "title", values.LONGEST_TITLE)
    title = title or values.line(chat, "title", values.LONGEST_TITLE)
    meta = values.row(whole.get("meta"), "meta")
    tags = [
        *values.rows(chat.get("tags"), "tags", 1_000),
        *values.rows(meta.get("tags"), "tags", 1_000),
    ]
    return {
        "title": title,
        "titled": "person" if title else "question",
        "archived": values.flag(whole, "archived"),
        "pinned": values.flag(whole, "pinned"),
        "tags": values.tags(tags),
    }


def _node(found: Row) -> Node:
    parent, role = values.text(found, "parentId") or None, values.text(found, "role")
    text, created = _content(found), values.moment(found.get("timestamp"))
    if role == ASKS:
        return Node(parent, ASKS, text, created=created)
    if role != ANSWERS:
        return Node(parent)
    thinking = [_QUOTED.sub("", html.unescape(each)).strip() for each in _REASONING.findall(text)]
    sources = _sources(found)
    said = _REASONING.sub("", text).strip()
    return Node(parent, ANSWERS, said, "\n\n".join(thinking), _facts(found), created, sources)


def _content(found: Row) -> str:
    """A text, or a list of parts, of which those are kept that are text."""
    if not isinstance(found.get("content"), list):
        return values.text(found, "content")
    parts = values.rows(found.get("content"), "content", MOST_PASSAGES)
    said = (values.text(values.row(each, "content"), "text") for each in parts)
    return "\n\n".join(each for each in said if each)


def _facts(found: Row) -> dict[str, Any]:
    note = values.row(found.get("annotation"), "annotation")
    verdict = {1: "good", -1: "bad"}.get(_rating(note), "")
    return {
        "status": _status(found),
        "model": values.line(found, "model", 200),
        "verdict": verdict,
        "verdict_words": values.line(note, "comment", 500) if verdict else "",
    }


def _status(found: Row) -> str:
    if found.get("error"):
        return "failed"
    return "interrupted" if found.get("done") is False else "done"


def _rating(note: Row) -> int:
    rating = note.get("rating")
    return rating if isinstance(rating, int) else 0


def _sources(found: Row) -> list[IncomingSource]:
    """Numbered as the answer cites them: each file once, in the order in which they come."""
    given = found.get("sources") or found.get("citations")
    files: dict[str, tuple[str, int | None, list[str]]] = {}
    for each in values.rows(given, "sources", MOST_SOURCES):
        row = values.row(each, "sources")
        for key, name, page, text in _passages(row):
            files.setdefault(key, (name, page, []))[2].append(text)
    return [
        IncomingSource(_source(number, name, page, "\n\n".join(texts)))
        for number, (name, page, texts) in enumerate(files.values(), start=1)
    ]


def _source(number: int, name: str, page: int | None, text: str) -> dict[str, Any]:
    facts = {"number": number, "filename": name, "page": page, "score": 0.0}
    return {**facts, "text": text[: values.LONGEST_TEXT]}


def _passages(row: Row) -> list[tuple[str, str, int | None, str]]:
    source = values.row(row.get("source"), "source")
    texts = values.rows(row.get("document"), "document", MOST_PASSAGES)
    facts = values.rows(row.get("metadata"), "metadata", MOST_PASSAGES)
    found = []
    for place, text in enumerate(texts):
        about = values.row(facts[place] if place < len(facts) else None, "metadata")
        name = _first(about, source, "name")
        key = values.text(about, "source") or values.text(source, "id") or name
        # Its pages are counted from 0.
        page = about.get("page")
        number = page + 1 if isinstance(page, int) and 0 <= page < values.LARGEST else None
        found.append((key, name or "?", number, values.text({"document": text}, "document")))
    return found


def _first(about: Row, source: Row, name: str) -> str:
    return values.line(about, name, 500) or values.line(source, name, 500)
