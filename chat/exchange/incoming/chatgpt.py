"""ChatGPT's export: a list of conversations, each a `mapping` of nodes that name their parents."""

import re
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext

from chat.exchange.incoming import trees, values
from chat.exchange.incoming.shapes import IncomingConversation
from chat.exchange.incoming.trees import ANSWERS, ASKS, PASSED, Node
from chat.exchange.incoming.values import Row

MOST_PARTS = 1_000
THOUGHTS = {"thoughts", "reasoning_recap"}
SHOWN = {"text", "multimodal_text"}

_MARKERS = re.compile("\ue200[^\ue201]{0,400}\ue201|[\ue200-\ue2ff]")  # of sources that stay there


def is_one(found: Row) -> bool:
    return "mapping" in found


def conversation(found: object) -> IncomingConversation:
    whole = values.row(found, "conversations")
    mapping = values.row(whole.get("mapping"), "mapping")
    if len(mapping) > trees.MOST_NODES:
        raise values.damaged("mapping")
    nodes = {key: _node(values.row(each, "mapping")) for key, each in mapping.items()}
    messages, shown = trees.flattened(nodes, values.text(whole, "current_node") or None)
    title = values.line(whole, "title", values.LONGEST_TITLE)
    facts = {
        "title": title,
        "titled": "person" if title else "question",
        "archived": values.flag(whole, "is_archived"),
        "pinned": values.flag(whole, "is_starred"),
    }
    created = values.moment(whole.get("create_time"))
    touched = values.moment(whole.get("update_time"))
    return IncomingConversation(_uid(whole), facts, messages, shown, created, touched or created)


def _uid(whole: Row) -> UUID:
    name = values.text(whole, "conversation_id") or values.text(whole, "id")
    return uuid5(NAMESPACE_URL, f"chatgpt:{name or sorted(whole['mapping'])}")


def _node(found: Row) -> Node:
    parent = values.text(found, "parent") or None
    message = values.row(found.get("message"), "message")
    said_by = values.text(values.row(message.get("author"), "author"), "role")
    content = values.row(message.get("content"), "content")
    facts = values.row(message.get("metadata"), "metadata")
    kind = values.text(content, "content_type")
    created = values.moment(message.get("create_time"))
    if said_by == ANSWERS and kind in THOUGHTS:
        return Node(
            parent, PASSED if not (t := _thoughts(content)) else ANSWERS, "", t, {}, created
        )
    text = _text(content) if kind in SHOWN else ""
    is_hidden = values.flag(facts, "is_visually_hidden_from_conversation")
    is_for_a_tool = (message.get("recipient") or "all") != "all"
    if said_by not in {ASKS, ANSWERS} or is_hidden or is_for_a_tool or not text:
        return Node(parent)
    if said_by == ASKS:
        return Node(parent, ASKS, text, created=created)
    return Node(parent, ANSWERS, _MARKERS.sub("", text), "", _facts(message, facts), created)


def _facts(message: Row, metadata: Row) -> dict[str, Any]:
    is_whole = values.text(message, "status") != "in_progress"
    return {
        "status": "done" if is_whole else "interrupted",
        "model": values.line(metadata, "model_slug", 200),
    }


def _text(content: Row) -> str:
    """What is no text, such as a picture, is only named."""
    parts = values.rows(content.get("parts"), "parts", MOST_PARTS)
    said = (_part(each) for each in parts)
    return "\n\n".join(each for each in said if each.strip())


def _part(part: object) -> str:
    if isinstance(part, str):
        return values.text({"parts": part}, "parts")
    found = values.row(part, "parts")
    kind = values.text(found, "content_type")
    if "image" in kind:
        return gettext("[a picture, which was not imported]")
    return values.text(found, "text")


def _thoughts(content: Row) -> str:
    thoughts = values.rows(content.get("thoughts"), "thoughts", MOST_PARTS)
    said = (values.text(values.row(each, "thoughts"), "content") for each in thoughts)
    return "\n\n".join(each for each in said if each)
