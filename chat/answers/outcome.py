"""What a way of answering made of a question: not its own, something to read, or the answer."""

from typing import NamedTuple

from documents.finding.search import Found


class NotMine(NamedTuple):
    """The question is for another way of answering; nothing was written."""


class ReadThis(NamedTuple):
    """These passages are to be read for the answer, and no others; nothing was written."""

    found: Found


class Answered(NamedTuple):
    """The answer is written."""

    reason: str = "stop"  # why it ended: stop or length


Outcome = NotMine | ReadThis | Answered
