"""Sentences that are made where nobody knows who will read them, and put into words at the edge.

What is kept in a row and sent as an event is the message with its arguments; pages, sockets and
the API say it in the language of who looks (`wording.py`). Light: the readers of files use it.
"""

import html
import re
from collections.abc import Callable, Mapping
from typing import Any, Self

LONGEST = 500  # characters of an argument, as it is kept
DEEPEST = 5  # sentences within each other
GAP = re.compile(r"%\((\w+)\)s")

Argument = str | float


class Sentence(str):
    """As text it is English, whoever looks; `in_words` has it in the language that is active.

    Arguments are numbers, texts (a number that is a name among them) and other sentences. Where
    there are two forms, the number `n` says which.
    """

    one: str
    many: str
    arguments: dict[str, Argument]

    def __new__(cls, one: str, /, *, many: str = "", **arguments: Argument) -> Self:
        form = many if many and arguments.get("n") != 1 else one
        sentence = super().__new__(cls, GAP.sub(lambda gap: _english(arguments, gap), form))
        sentence.one, sentence.many, sentence.arguments = one, many, arguments
        return sentence

    def __html__(self) -> str:
        """What templates show. The readers of files have no Django, and show nothing."""
        from localchat.lib.wording import in_words

        return html.escape(in_words(self))


def counted(one: str, many: str, n: int, **arguments: Argument) -> Sentence:
    """One of two sentences, by the number that both may name as `%(n)s`."""
    return Sentence(one, many=many, n=n, **arguments)


def packed(value: Any) -> Any:
    """The same value of JSON, every sentence in it as its message and arguments."""
    return each(value, _packed)


def unpacked(value: Any, depth: int = DEEPEST) -> Any:
    """What `packed` was given. Who packed it need not be trusted."""
    if isinstance(value, list):
        return [unpacked(each, depth) for each in value]
    if not isinstance(value, dict):
        return value
    if "sentence" not in value:
        return {name: unpacked(each, depth) for name, each in value.items()}
    one, many, given = value["sentence"], value.get("many", ""), value.get("arguments", {})
    if not (depth and isinstance(one, str) and isinstance(many, str) and isinstance(given, dict)):
        return ""
    arguments = {str(name): unpacked(each, depth - 1) for name, each in given.items()}
    if not all(isinstance(each, str | int | float) for each in arguments.values()):
        return ""
    if many and not isinstance(arguments.get("n"), int):
        return ""
    arguments.pop("many", None)
    return Sentence(one, many=many, **arguments)


def each(value: Any, change: Callable[[Sentence], Any]) -> Any:
    """The same value of JSON, each sentence in it changed."""
    if isinstance(value, Sentence):
        return change(value)
    if isinstance(value, list | tuple):
        return [each(part, change) for part in value]
    if isinstance(value, Mapping):
        return {name: each(part, change) for name, part in value.items()}
    return value


def _packed(sentence: Sentence) -> dict[str, Any]:
    arguments = {
        name: _packed(each)
        if isinstance(each, Sentence)
        else each[:LONGEST]
        if isinstance(each, str)
        else each
        for name, each in sentence.arguments.items()
    }
    many = {"many": sentence.many} if sentence.many else {}
    return {"sentence": sentence.one, **many, "arguments": arguments}


def _english(arguments: Mapping[str, Argument], gap: re.Match[str]) -> str:
    found = arguments.get(gap[1], "")
    return found if isinstance(found, str) else f"{found:,}"
