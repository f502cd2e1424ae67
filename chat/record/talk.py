"""The turns of a conversation before a question, oldest first."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from chat.models import Message


class Said(TypedDict):
    role: str
    content: str
    message: NotRequired[int]  # where it is kept
    searched: NotRequired[str]  # the question as it was searched for


Talk = Sequence[Said]


def talk_before(answer: Message) -> list[Said]:
    """The conversation's finished turns before this answer's question, oldest first.

    A question has `searched` where it was made whole.
    """
    earlier = answer.conversation.messages.filter(pk__lt=answer.question_id).exclude(text="")
    rows = reversed(earlier.select_related("answer").order_by("-pk")[:20])
    return [_turn(row) for row in rows]


def _turn(row: Message) -> Said:
    turn: Said = {"role": row.role, "content": row.text, "message": row.pk}
    if row.role == Message.Role.USER and hasattr(row, "answer"):
        turn["searched"] = str(row.answer.usage.get("searched") or row.text)
    return turn
