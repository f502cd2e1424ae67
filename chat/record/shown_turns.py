"""The turns of a conversation as a page shows them: of the branch that is shown."""

from typing import NamedTuple

from chat.models import Conversation, Message
from chat.querysets import MessageQuerySet
from chat.record.branches import Tree, Versions

WHOLE = 30  # turns; what is further up is unfolded when it comes into view


class ShownTurn(NamedTuple):
    question: Message
    answer: Message | None
    questions: Versions  # of the question
    answers: Versions | None
    folded: bool = False  # of its answer nothing is known but the id


def of(
    conversation: Conversation, at: int | None = None, *, whole: bool = False
) -> list[ShownTurn]:
    """Oldest first; the older ones of a long branch folded, unless the `whole` is asked for.

    With the message `at`, if it is one of these, the newest branch that has it.
    """
    tree = Tree(conversation)
    last = tree.below(at)[-1] if at is not None and at in tree else conversation.shown_id
    ids = tree.branch(last)
    cut = 0 if whole else max(0, len(ids) - 2 * WHOLE)
    return _folded(conversation, tree, ids[:cut]) + _turns(conversation, tree, ids[cut:])


def around(answer: Message) -> ShownTurn:
    """The one that the answer stands in, whether it is shown or not."""
    tree = Tree(answer.conversation)
    (turn,) = _turns(answer.conversation, tree, tree.branch(answer.pk)[-2:])
    return turn


def _folded(conversation: Conversation, tree: Tree, ids: list[int]) -> list[ShownTurn]:
    """A branch goes from question to answer in turn."""
    questions = _mine(conversation).filter(role=Message.Role.USER).in_bulk(ids[::2])
    return [
        ShownTurn(
            questions[asked],
            Message(pk=answer, conversation=conversation, previous=questions[asked]),
            tree.versions(asked),
            tree.versions(answer),
            folded=True,
        )
        for asked, answer in zip(ids[::2], ids[1::2], strict=False)
        if asked in questions
    ]


def _turns(conversation: Conversation, tree: Tree, ids: list[int]) -> list[ShownTurn]:
    rows = _mine(conversation).prefetch_related("sources__document").in_bulk(ids)
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


def _mine(conversation: Conversation) -> MessageQuerySet:
    found: MessageQuerySet = Message.objects.filter(
        owner=conversation.owner_id, conversation=conversation
    )
    return found.select_related("previous", "conversation")
