"""How well a chunk answers a question: two halves on scales of their own, made comparable."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

# BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond"
# (2009), section 3.4; its idf plus one inside the logarithm, so that it is never negative.
K1 = 1.2
B = 0.75
VECTOR_WEIGHT = 0.5  # of the two halves; words have the rest
NAME_WEIGHT = 0.2  # of a file name that holds all the question's terms


class Scored(NamedTuple):
    """A chunk with both its scores; either is None where it cannot be had."""

    chunk: int
    words: float | None  # BM25
    vectors: float | None  # cosine
    name: float = 0.0  # share of the question that the file's name answers, 0 to 1


def idf(chunks: int, of: int) -> float:
    """The weight of a term that stands in `chunks` of `of` chunks."""
    return math.log(1 + (max(of - chunks, 0) + 0.5) / (chunks + 0.5))


def fused(found: Sequence[Scored]) -> list[tuple[float, Scored]]:
    """Best first, scores from 0 to 1. By scores: ranks would give a poor half an equal vote."""
    words = _spread([each.words for each in found])
    vectors = _spread([each.vectors for each in found])
    weight = VECTOR_WEIGHT if any(each.vectors is not None for each in found) else 0.0
    scored = [
        ((1 - weight) * by_words + weight * by_vector + NAME_WEIGHT * each.name, each)
        for each, by_words, by_vector in zip(found, words, vectors, strict=True)
    ]
    scored.sort(key=lambda pair: (-pair[0], pair[1].chunk))
    return [(score / (1 + NAME_WEIGHT), each) for score, each in scored]


def _spread(scores: Iterable[float | None]) -> list[float]:
    """Lowest to 0, highest to 1; what has no score stands with the lowest."""
    scores = list(scores)
    known = [score for score in scores if score is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    if high <= low:
        return [float(score is not None and score > 0) for score in scores]
    return [0.0 if score is None else (score - low) / (high - low) for score in scores]


def named(terms: Mapping[str, float], name_terms: Iterable[str]) -> float:
    """The share of the question's weight, as idf, that the terms of a name hold."""
    total = sum(terms.values())
    return sum(terms.get(term, 0.0) for term in set(name_terms)) / total if total else 0.0
