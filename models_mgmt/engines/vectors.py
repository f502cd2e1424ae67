"""What all engines' vectors have in common: batches, checks, unit length, texts that are too long."""

import math
from collections.abc import Callable, Sequence

from localchat.lib.errors import EngineError, PromptTooLong
from localchat.lib.sentences import Sentence

BATCH = 64  # texts a request: an engine gives no partial result and no progress inside one

Embed = Callable[[Sequence[str]], list[list[float]]]


def embedded(once: Embed, texts: Sequence[str]) -> list[list[float]]:
    """Vectors of all texts by requests of at most BATCH."""
    vectors: list[list[float]] = []
    for start in range(0, len(texts), BATCH):
        vectors += _whatever_length(once, texts[start : start + BATCH])
    if len({len(vector) for vector in vectors}) > 1:
        raise EngineError(Sentence("The engine sent vectors of different lengths."))
    return vectors


def _whatever_length(once: Embed, texts: Sequence[str]) -> list[list[float]]:
    """As `once`, but a text that does not fit is embedded in parts.

    One text that is too long fails its whole batch, and the engine does not say which: so the
    batch is halved until it is alone, then the text itself. The mean of its parts stands for it:
    each part is seen whole, where cutting would make everything after the cut unfindable.
    """
    try:
        return checked(once(texts), len(texts))
    except PromptTooLong:
        if len(texts) == 1:
            return [_mean(_whatever_length(once, _halves(texts[0])))]
        middle = len(texts) // 2
        return [
            *_whatever_length(once, texts[:middle]),
            *_whatever_length(once, texts[middle:]),
        ]


def _halves(text: str) -> list[str]:
    if len(text) < 2:
        raise EngineError(Sentence("The engine refuses even the shortest text as too long."))
    middle = len(text) // 2
    space = text.rfind(" ", len(text) // 4, middle)
    cut = space if space > 0 else middle
    return [text[:cut], text[cut:]]


def _mean(vectors: Sequence[Sequence[float]]) -> list[float]:
    return unit([sum(values) / len(vectors) for values in zip(*vectors, strict=True)])


def checked(vectors: Sequence[Sequence[float]], count: int) -> list[list[float]]:
    if len(vectors) != count:
        raise EngineError(
            Sentence(
                "The engine sent %(vectors)s vectors for %(texts)s texts.",
                vectors=len(vectors),
                texts=count,
            )
        )
    return [unit(vector) for vector in vectors]


def unit(vector: Sequence[float]) -> list[float]:
    try:
        length = math.hypot(*vector)
    except TypeError as error:
        raise EngineError(
            Sentence("The engine sent a vector with values that are not numbers.")
        ) from error
    if not 0 < length < math.inf:
        raise EngineError(Sentence("The engine sent a vector that is empty, zero or not finite."))
    return [value / length for value in vector]
