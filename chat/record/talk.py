"""The turns of a conversation before a question, oldest first."""

from collections.abc import Sequence
from itertools import pairwise

from chat.models import Message
from chat.question_parsing import TalkTurn
from chat.record import branches

Talk = Sequence[TalkTurn]

TURNS = 20  # of the last ones


def talk_before(answer: Message) -> list[TalkTurn]:
    """The finished turns before this answer's question on its branch, oldest first.

    A question has `searched` where it was made whole.
    """
    ids = branches.before(answer)[-2 * TURNS :]
    found = Message.objects.for_user(answer.owner).in_bulk(ids)
    rows = [found[pk] for pk in ids if pk in found]
    searched = {one.pk: next_one.standalone or one.text for one, next_one in pairwise(rows)}
    return [_turn(row, searched.get(row.pk)) for row in rows if row.text][-TURNS:]


def _turn(row: Message, searched: str | None) -> TalkTurn:
    turn: TalkTurn = {"role": row.role, "content": row.text, "message": row.pk}
    if row.role == Message.Role.USER and searched is not None:
        turn["searched"] = searched
    return turn
