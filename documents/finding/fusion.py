"""How well a chunk answers a question: two halves on scales of their own, made comparable."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

# BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond"
# (2009), section 3.4; its idf plus one inside the logarithm, so that it is never negative.
K1 = 0.9  # chunks are short: a term that stands there twice says little more
B = 0.75
GRAM_WEIGHT = 0.3  # of a run of characters, beside a stem's 1
MISSPELT_WEIGHT = 0.7  # of a word that is only written almost as asked
# Of the two halves the vectors' weight; words have the rest. Where the embedding model knows
# English alone it still knows names and kindred words of other languages.
VECTOR_WEIGHT = 0.5
ENGLISH_MODEL = {"english": 0.5, "other": 0.1}  # by the question's language or script
ENGLISH_MODEL_ELSE = 0.2
# Where the question is in another language than what is nearest to it, words are names at best.
FOREIGN_WEIGHT = 0.9
# A passage is the best by words even where it has one word of eight. The less it has, up to both
# of these, the more the vectors weigh: who asks in words of his own is found by what they mean.
OWN_WORDS_WEIGHT = 0.9
HELD = (1.2, 2.0)  # of the question, counted in terms as rare as can be: little, enough
COVERED = (0.35, 0.5)  # the same, of what a passage could have of it
KIN_WEIGHT = 0.6  # of being near to what the best say, beside the vectors' own weight
NEIGHBOUR_WEIGHT = 0.2  # of each of the two chunks around
HEADING_WEIGHT = 0.4  # of a heading that the question names whole
DOCUMENT_WEIGHT = 1.5  # of a document for which the whole question speaks
EXACT_WEIGHT = 2.0  # of a rare date, amount, number or identifier that the question names
QUOTED_WEIGHT = 4.0  # of a quoted phrase, word for word: more than all the rest together


class Scored(NamedTuple):
    """A chunk with both its scores; either is None where it cannot be had."""

    chunk: int
    words: float | None  # BM25
    vectors: float | None  # cosine
    content: int = 0
    position: int = 0  # in its content
    last: int = 0  # position in its content
    document: float = 0.0  # share of the question that speaks for the document, 0 to 1
    heading: float = 0.0  # share of the chunk's heading that the question names, 0 to 1
    quoted: float = 0.0  # share of the question's quoted phrases that stand there, 0 to 1
    exact: float = 0.0  # share of its rare dates, amounts and numbers that stand there, 0 to 1
    kin: float | None = None  # cosine with what the best of both halves say


class Ranked(NamedTuple):
    score: float  # 0 to 1
    fused: float  # both halves, 0 to 1
    around: float  # the same with its neighbours
    scored: Scored


def idf(chunks: int, of: int) -> float:
    """The weight of a term that stands in `chunks` of `of` chunks."""
    return math.log(1 + (max(of - chunks, 0) + 0.5) / (chunks + 0.5))


def trust(language: str, *, english_model: bool) -> float:
    """The weight of the vectors for a question in that language."""
    if not english_model:
        return VECTOR_WEIGHT
    return ENGLISH_MODEL.get(language, ENGLISH_MODEL_ELSE)


def in_own_words(trust: float, held: float, covered: float) -> float:
    """The weight of the vectors where the best passage by words has that much of the question."""
    if trust < VECTOR_WEIGHT:  # the model hardly knows the language
        return trust
    little = _little(held, HELD) * _little(covered, COVERED)
    return max(trust, trust + (OWN_WORDS_WEIGHT - trust) * little)


def _little(amount: float, bounds: tuple[float, float]) -> float:
    """1 up to the first, 0 from the second on."""
    little, enough = bounds
    return min(max((enough - amount) / (enough - little), 0.0), 1.0)


def fused(found: Sequence[Scored], trust: float) -> list[float]:
    """Both halves of each. By scores: ranks would give a poor half an equal vote."""
    weight = trust if any(each.vectors is not None for each in found) else 0.0
    words = _spread([each.words for each in found])
    vectors = _spread([each.vectors for each in found])
    return [
        (1 - weight) * by_words + weight * by_vector
        for by_words, by_vector in zip(words, vectors, strict=True)
    ]


def ranked(found: Sequence[Scored], trust: float) -> list[Ranked]:
    """Best first."""
    halves = zip(found, fused(found, trust), strict=True)
    own = {(each.content, each.position): score for each, score in halves}
    near = [KIN_WEIGHT * trust * kin for kin in _spread([each.kin for each in found])]
    most = 1 + 2 * NEIGHBOUR_WEIGHT + max(near, default=0.0)
    most += DOCUMENT_WEIGHT * max((each.document for each in found), default=0.0)
    most += HEADING_WEIGHT * max((each.heading for each in found), default=0.0)
    most += EXACT_WEIGHT * max((each.exact for each in found), default=0.0)
    most += QUOTED_WEIGHT * max((each.quoted for each in found), default=0.0)
    rows = [_ranked(each, own, kin, most) for each, kin in zip(found, near, strict=True)]
    return sorted(rows, key=lambda row: (-row.score, row.scored.chunk))


def _ranked(
    each: Scored, fused: Mapping[tuple[int, int], float], kin: float, most: float
) -> Ranked:
    """Neighbours that nobody put forward count nothing; beyond the ends the chunk is its own."""
    own = fused[each.content, each.position]
    before = own if each.position == 0 else fused.get((each.content, each.position - 1), 0.0)
    after = own if each.position >= each.last else fused.get((each.content, each.position + 1), 0.0)
    around = own + NEIGHBOUR_WEIGHT * (before + after)
    named = DOCUMENT_WEIGHT * each.document + HEADING_WEIGHT * each.heading
    named += EXACT_WEIGHT * each.exact + QUOTED_WEIGHT * each.quoted
    score = (around + kin + named) / most
    return Ranked(score, own, around / (1 + 2 * NEIGHBOUR_WEIGHT), each)


def _spread(scores: Iterable[float | None]) -> list[float]:
    """Lowest to 0, highest to 1; what has no score stands with the lowest."""
    scores = list(scores)
    known = [score for score in scores if score is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    if high <= low:
        return [float(score is not None and score > 0) for score in scores]
    return [0.0 if score is None else (score - low) / (high - low) for score in scores]
