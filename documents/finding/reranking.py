"""A second look at the best passages, by a model that reads each together with the question."""

from collections.abc import Sequence
from typing import NamedTuple

from localchat.lib.errors import EngineError
from localchat.lib.sentences import Sentence
from models_mgmt.engines import reranking

MOST = 30  # passages: beyond, a model takes longer than anybody waits
LONGEST = 4000  # characters of each


class Again(NamedTuple):
    places: list[tuple[int, float | None]] = []  # where each stood, and its score; best first
    note: str = ""  # a sentence, where it was to be and was not


def depth() -> int:
    """How many passages are looked at again."""
    return MOST if reranking.configured() else 0


def model() -> str:
    return reranking.model()


def look(question: str, texts: Sequence[str]) -> Again:
    """The order of the first of them. What the model says nothing of comes after, as it stood."""
    looked_at = [text[:LONGEST] for text in texts[: depth()]]
    if len(looked_at) < 2:
        return Again()
    try:
        scores = reranking.relevance(question, looked_at)
    except EngineError as error:
        return Again(note=Sentence("Not reranked: %(why)s", why=error.message))
    return Again(sorted(enumerate(scores), key=_place))


def _place(found: tuple[int, float | None]) -> tuple[bool, float, int]:
    at, score = found
    return score is None, -(score or 0.0), at
