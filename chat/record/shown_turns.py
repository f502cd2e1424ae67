"""The turns of a conversation as a page shows them: of the branch that is shown."""

from typing import NamedTuple

from chat.models import Conversation, Message
from chat.querysets import MessageQuerySet
from chat.record import together
from chat.record.branches import Tree, Versions

WHOLE = 12  # turns; what is further up is unfolded when it comes into view


class Beside(NamedTuple):
    """One of the answers that several models wrote to the same question."""

    answer: Message
    versions: Versions | None  # None: there are no others than these


class ShownTurn(NamedTuple):
    question: Message
    answer: Message | None
    questions: Versions  # of the question
    answers: Versions | None
    folded: bool = False  # of its answer nothing is known but the id
    beside: list[Beside] = []  # with the answer itself, until something follows one of them

    @property
    def is_writing(self) -> bool:
        shown = (self.answer, *(each.answer for each in self.beside))
        return any(answer.is_writing for answer in shown if answer)


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
    turns = _folded(conversation, tree, ids[:cut]) + _turns(conversation, tree, ids[cut:])
    return [*turns[:-1], _with_others(turns[-1], tree)] if turns else []


def around(answer: Message) -> ShownTurn:
    """The one that the answer stands in, whether it is shown or not."""
    tree = Tree(answer.conversation)
    (turn,) = _turns(answer.conversation, tree, tree.branch(answer.pk)[-2:])
    return _with_others(turn, tree)


def _with_others(turn: ShownTurn, tree: Tree) -> ShownTurn:
    found = together.others(turn.answer) if turn.answer else []
    rows = sorted([turn.answer, *found], key=lambda row: row.pk) if turn.answer and found else []
    if any(len(tree.below(row.pk)) > 1 for row in rows):
        return turn
    shown = [tree.versions(row.pk) for row in rows]
    return turn._replace(
        beside=[
            Beside(row, versions if len(versions.ids) > len(rows) else None)
            for row, versions in zip(rows, shown, strict=True)
        ]
    )


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
    rows = _mine(conversation).prefetch_related("sources__document", "pictures").in_bulk(ids)
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
