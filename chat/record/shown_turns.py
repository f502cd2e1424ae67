"""The turns of a conversation as a page shows them: of the branch that is shown."""

from typing import NamedTuple

from chat.models import Conversation, Message
from chat.querysets import MessageQuerySet
from chat.record import together
from chat.record.branches import Tree, Versions

# What is further up is unfolded when it comes into view.
WHOLE = 12  # turns at most
LEAST = 3
ENOUGH = 6_000  # characters of answers, which fill some screens


class Beside(NamedTuple):
    """One of the answers that several models wrote to the same question."""

    answer: Message
    versions: Versions | None  # None: there are no others than these


class ShownTurn(NamedTuple):
    question: Message
    answer: Message | None
    questions: Versions  # of the question
    answers: Versions | None
    folded: bool = False  # of its answer nothing is shown, and nothing need be known but the id
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
    last_ones = _turns(conversation, tree, ids[cut:])
    turns = _folded(conversation, tree, ids[:cut]) + (last_ones if whole else _enough(last_ones))
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
    found = _mine(conversation).filter(role=Message.Role.USER, pk__in=ids[::2])
    texts = dict(found.values_list("pk", "text"))
    return [
        ShownTurn(
            Message(pk=asked, conversation=conversation, text=texts[asked]),
            Message(pk=answer, conversation=conversation),
            tree.versions(asked),
            tree.versions(answer),
            folded=True,
        )
        for asked, answer in zip(ids[::2], ids[1::2], strict=False)
        if asked in texts
    ]


def _enough(turns: list[ShownTurn]) -> list[ShownTurn]:
    """The same, the older ones folded as soon as those after them are long."""
    shown: list[ShownTurn] = []
    characters = 0
    for number, turn in enumerate(reversed(turns)):
        is_seen = number < LEAST or characters < ENOUGH or turn.is_writing
        shown.append(turn._replace(folded=not is_seen))
        characters += len(turn.answer.text) if turn.answer else 0
    return shown[::-1]


def _turns(conversation: Conversation, tree: Tree, ids: list[int]) -> list[ShownTurn]:
    with_them = _mine(conversation).select_related("previous", "conversation")
    rows = with_them.prefetch_related("sources__document", "pictures").in_bulk(ids)
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
    return found
