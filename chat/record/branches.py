"""The tree of a conversation: which message follows which, and what are versions of each other."""

from collections import defaultdict
from typing import NamedTuple

from chat.models import Conversation, Message


class Versions(NamedTuple):
    """What follows the same message, oldest first, and the place among them from 1."""

    ids: list[int]
    number: int

    @property
    def before(self) -> int | None:
        return self.ids[self.number - 2] if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.ids[self.number] if self.number < len(self.ids) else None


class Tree:
    """Of a conversation as it is now, by the ids of its messages."""

    def __init__(self, conversation: Conversation) -> None:
        """Asks the database."""
        mine = Message.objects.filter(conversation=conversation, owner=conversation.owner_id)
        self._previous = dict(mine.order_by("pk").values_list("pk", "previous"))
        self._following: dict[int | None, list[int]] = defaultdict(list)
        for pk, previous in self._previous.items():
            self._following[previous].append(pk)

    def __contains__(self, pk: int) -> bool:
        return pk in self._previous

    def branch(self, last: int | None) -> list[int]:
        """From the first question to this message; empty for None."""
        found: list[int] = []
        while last is not None:
            found.append(last)
            last = self._previous[last]
        return found[::-1]

    def versions(self, pk: int) -> Versions:
        ids = self._following[self._previous[pk]]
        return Versions(ids, ids.index(pk) + 1)

    def below(self, pk: int) -> list[int]:
        """The message and all that follows it, on every branch; the newest is the last."""
        found = {pk}
        for each, previous in self._previous.items():
            if previous in found:
                found.add(each)
        return sorted(found)

    def end_without(self, pk: int) -> int | None:
        """Where the branch ends once this message is gone; None when nothing is left."""
        previous = self._previous[pk]
        near = self._previous if previous is None else self.below(previous)
        return max(set(near) - set(self.below(pk)), default=None)


def before(answer: Message) -> list[int]:
    """The messages before the answer's question, oldest first."""
    last = answer.previous.previous_id if answer.previous else None
    return Tree(answer.conversation).branch(last) if last else []
