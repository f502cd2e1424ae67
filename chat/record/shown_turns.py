"""The turns of a conversation as a page shows them: of the branch that is shown."""

from typing import NamedTuple

from chat.models import Conversation, Message
from chat.record.branches import Tree, Versions


class ShownTurn(NamedTuple):
    question: Message
    answer: Message | None
    questions: Versions  # of the question
    answers: Versions | None


def of(conversation: Conversation) -> list[ShownTurn]:
    """Oldest first."""
    tree = Tree(conversation)
    return _turns(conversation, tree, tree.branch(conversation.shown_id))


def around(answer: Message) -> ShownTurn:
    """The one that the answer stands in, whether it is shown or not."""
    tree = Tree(answer.conversation)
    (turn,) = _turns(answer.conversation, tree, tree.branch(answer.pk)[-2:])
    return turn


def _turns(conversation: Conversation, tree: Tree, ids: list[int]) -> list[ShownTurn]:
    mine = Message.objects.filter(owner=conversation.owner_id, conversation=conversation)
    rows = mine.prefetch_related("sources__document").select_related("previous").in_bulk(ids)
    answers = {row.previous_id: row for row in rows.values() if row.role == Message.Role.ASSISTANT}
    return [
        ShownTurn(
            rows[pk],
            answer := answers.get(pk),
            tree.versions(pk),
            tree.versions(answer.pk) if answer else None,
        )
        for pk in ids
        if pk in rows and rows[pk].role == Message.Role.USER
    ]
