"""The turns of a conversation before a question, oldest first."""

from collections.abc import Sequence

from chat.models import Message
from chat.question_parsing import TalkTurn

Talk = Sequence[TalkTurn]


def talk_before(answer: Message) -> list[TalkTurn]:
    """The conversation's finished turns before this answer's question, oldest first.

    A question has `searched` where it was made whole.
    """
    earlier = answer.conversation.messages.filter(pk__lt=answer.question_id).exclude(text="")
    rows = reversed(earlier.select_related("answer").order_by("-pk")[:20])
    return [_turn(row) for row in rows]


def _turn(row: Message) -> TalkTurn:
    turn: TalkTurn = {"role": row.role, "content": row.text, "message": row.pk}
    if row.role == Message.Role.USER and hasattr(row, "answer"):
        turn["searched"] = row.answer.standalone or row.text
    return turn
