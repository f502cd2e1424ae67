"""Trees of messages as other programs keep them, made into questions and answers.

There an answer may come in several messages, with calls of tools between them; here it is one. A
branch that leaves in the middle of an answer has what came before as its own beginning.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext

from chat.exchange.incoming.shapes import IncomingMessage, IncomingSource
from chat.exchange.incoming.values import NotImportable
from localchat.lib.sentences import Sentence

MOST_NODES = 20_000  # of one conversation
MOST_TEXT = 20_000_000  # characters of one conversation, with what branches share

ASKS, ANSWERS, PASSED = "user", "assistant", ""


class Node(NamedTuple):
    parent: str | None
    role: str = PASSED  # a message that is not shown, but that others follow
    text: str = ""
    thinking: str = ""
    facts: Mapping[str, Any] = {}
    created: datetime | None = None
    sources: Sequence[IncomingSource] = ()


class _Answer(NamedTuple):
    """What has been said so far of one that may go on."""

    previous: int
    text: str
    thinking: str
    facts: Mapping[str, Any]
    created: datetime | None
    sources: Sequence[IncomingSource]

    def with_more(self, node: Node) -> "_Answer":
        return _Answer(
            self.previous,
            "\n\n".join(filter(None, [self.text, node.text])),
            "\n\n".join(filter(None, [self.thinking, node.thinking])),
            {**self.facts, **node.facts},
            self.created or node.created,
            [*self.sources, *node.sources],
        )


class _State(NamedTuple):
    """On the way down to a node."""

    last: int | None = None  # place of the last message
    answer: _Answer | None = None  # that is being given


def flattened(
    nodes: Mapping[str, Node], current: str | None
) -> tuple[list[IncomingMessage], int | None]:
    """The messages, each after the one that it follows, and the place of what is shown last."""
    return _Flattening(nodes).all_of_it(current)


class _Flattening:
    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.nodes = nodes
        self.children: dict[str | None, list[str]] = defaultdict(list)
        for key, node in nodes.items():
            self.children[node.parent if node.parent in nodes else None].append(key)
        self.order = self._order()
        self.below = self._roles_below()
        self.messages: list[IncomingMessage] = []
        self.places: dict[str, int] = {}
        self.size = 0

    def _order(self) -> list[str]:
        """Each after its parent, and all that is below it next."""
        order, waiting = [], self.children[None][::-1]
        while waiting:
            order.append(waiting.pop())
            waiting += self.children[order[-1]][::-1] if order[-1] in self.children else []
        if len(order) < len(self.nodes):
            raise NotImportable(
                Sentence(
                    "This file cannot be imported: messages in it follow each other in a circle."
                )
            )
        return order

    def _roles_below(self) -> dict[str, set[str]]:
        """Of the next messages that are shown."""
        below: dict[str, set[str]] = defaultdict(set)
        for key in reversed(self.order):
            node = self.nodes[key]
            if node.parent is not None:
                below[node.parent] |= {node.role} if node.role else below[key]
        return below

    def all_of_it(self, current: str | None) -> tuple[list[IncomingMessage], int | None]:
        states: dict[str | None, _State] = {}
        for key in self.order:
            parent = self.nodes[key].parent
            states[key] = self._take(key, states.get(parent, _State()))
        return self.messages, self._shown(current)

    def _take(self, key: str, state: _State) -> _State:
        node = self.nodes[key]
        if node.role == ASKS:
            asked = IncomingMessage(ASKS, state.last, node.text, {}, node.created)
            return _State(self._add(key, asked))
        if node.role != ANSWERS:
            return state
        answer = state.answer or _Answer(self._question(state), "", "", {}, None, ())
        answer = answer.with_more(node)
        below = self.below[key]
        if ANSWERS in below and ASKS not in below:
            return _State(state.last, answer)
        said = IncomingMessage(
            ANSWERS,
            answer.previous,
            answer.text,
            {**answer.facts, "thinking": answer.thinking},
            answer.created,
            answer.sources,
        )
        return _State(self._add(key, said), answer)

    def _question(self, state: _State) -> int:
        """Of an answer; there are some that nobody asked for."""
        if state.last is not None:
            return state.last
        return self._add("", IncomingMessage(ASKS, None, gettext("(no question)")))

    def _add(self, key: str, message: IncomingMessage) -> int:
        self.size += len(message.text) + len(message.facts.get("thinking", ""))
        if self.size > MOST_TEXT:
            raise NotImportable(
                Sentence("This file cannot be imported: a conversation is too long.")
            )
        self.messages.append(message)
        self.places[key] = len(self.messages) - 1
        return self.places[key]

    def _shown(self, current: str | None) -> int | None:
        """That message, else the one before it; the last one where neither is said."""
        while current is not None and current in self.nodes:
            if current in self.places:
                return self.places[current]
            current = self.nodes[current].parent
        return len(self.messages) - 1 if self.messages else None
