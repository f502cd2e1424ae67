"""Whether what was found can answer a question at all, by evidence that needs no comparison.

Scores order what was found; the best of nothing is still the best. docs/evaluation.md tells how
the weights below were tuned, and how well they do.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from documents.finding import fusion
from documents.finding.term_weights import Weighed
from documents.text import words

LOOKED_AT = 8  # passages, the best ones
FEWEST, LARGEST = 1000, 30_000  # chunks, between which their number tells anything
ENOUGH = 0.0  # support from which on it is worth to ask a model
SOME = -1.0  # the same, where the question has few terms and most of their worth was found
NAMED = 0.3  # of the question for the document; more says no more

# By meaning, with the built-in model and in its language; else by words alone. The more there is to
# find something in, the nearer is the nearest, even where nothing answers.
BY_MEANING = {
    "constant": -3.0,
    "cosine": 17.5,
    "covered": 3.0,
    "held": 5.9,
    "document": 6.0,
    "chunks": -1.1,
}
BY_WORDS = {"constant": -5.8, "covered": 4.6, "held": 4.9, "document": 1.5}

WORTH_JUDGING = 2  # terms, from which on it is a question and no greeting
FEW, SHARE = 3, 0.4  # of so few terms one may stand in another form: that much of them is most
# The same where other forms are looked for, in so many passages; in ten times as many that much more.
SHARE_OF_FORMS, IN_PASSAGES, MORE = 0.45, 50, 0.08
# Languages that write words together and bend them, all with Latin letters but English, say much by
# words that begin alike: the Kündigungsfrist is about who kündigt.
WHOLE_WORDS = ("english", "other")
ALIKE = 0.5  # of a word's worth, where only one that begins alike is there
BEGINNING, MOST_OF_IT = 5, 0.8  # letters at least, and of the shorter of both


class Seen(NamedTuple):
    """A passage that was found."""

    text: str  # with all that names it
    cosine: float | None
    document: float  # share of the question that speaks for its document


class Answerability(NamedTuple):
    cosine: float | None  # the best
    covered: float  # share of the question's worth that one passage has, 0 to 1
    held: float  # the same, counted in terms as rare as can be
    document: float
    chunks: int = FEWEST  # in scope
    forms: bool = False  # words that begin alike count as well

    def as_json(self) -> dict[str, float | None]:
        return {**self._asdict(), "support": self.support}

    @property
    def support(self) -> float:
        """Log odds that an answer is there."""
        return _weighed(BY_MEANING if self.cosine is not None else BY_WORDS, self)


def can_be_judged(language: str, first: Sequence[str]) -> bool:
    """Whether words tell enough: not where what was found is in other languages, or mostly."""
    same = (words.language(text) == language for text in first)
    return not first or (any(same) if language == "english" else 2 * sum(same) > len(first))


def is_lacking(question: str, found: Answerability | None) -> bool:
    """Whether it is safe to say that nothing of what was found answers the question."""
    terms = len({*words.phrase(question, question)})  # as they are written
    if found is None or terms < WORTH_JUDGING:
        return False
    if terms <= FEW and found.covered >= _most(found):
        return found.cosine is not None and found.support < SOME
    return found.support < ENOUGH


def _most(found: Answerability) -> float:
    """The share of a question of few terms that is most of it."""
    if not found.forms:
        return SHARE
    return SHARE_OF_FORMS + MORE * max(math.log10(max(found.chunks, 1) / IN_PASSAGES), 0.0)


def measured(
    question: str, weighed: Weighed, seen: Sequence[Seen], scope: int, *, meaning: bool
) -> Answerability:
    """In `scope` are so many chunks. `meaning`: the cosines can be trusted for this question."""
    chunks = max(weighed.chunks, FEWEST)
    rarest = fusion.idf(0, chunks)
    worth = {
        term: fusion.idf(weighed.counts.get(term, 0), chunks) / rarest
        for term in words.query(question)
        if term not in weighed.idle
    }
    looked_at = seen[:LOOKED_AT]
    near = {
        term: fusion.MISSPELT_WEIGHT * fusion.idf(weighed.counts[term], chunks) / rarest
        for term in weighed.meant.values()
    }
    forms = words.language(question) not in WHOLE_WORDS
    known = {**near, **worth}
    held = max((_held(known, each.text, forms=forms) for each in looked_at), default=0.0)
    cosines = [each.cosine for each in looked_at if each.cosine is not None]
    return Answerability(
        cosine=max(cosines) if cosines and meaning else None,
        covered=held / (sum(worth.values()) or 1.0),
        held=held,
        document=max((each.document for each in looked_at), default=0.0),
        chunks=scope,
        forms=forms,
    )


def _held(worth: dict[str, float], text: str, *, forms: bool) -> float:
    has = set(words.terms(text))
    whole = sum(value for term, value in worth.items() if term in has)
    if not forms:
        return whole
    beginnings: dict[str, list[str]] = defaultdict(list)
    for term in has:
        beginnings[term[:BEGINNING]].append(term)
    alike = (
        value
        for term, value in worth.items()
        if term not in has
        and term.isalpha()
        and any(_begin_alike(term, other) for other in beginnings.get(term[:BEGINNING], ()))
    )
    return whole + ALIKE * sum(alike)


def _begin_alike(term: str, other: str) -> bool:
    """Both begin with the same letters, which are the most of one of them."""
    letters = max(BEGINNING, math.ceil(MOST_OF_IT * min(len(term), len(other))))
    return term[:letters] == other[:letters]


def _weighed(weights: dict[str, float], found: Answerability) -> float:
    facts = {
        "constant": 1.0,
        "cosine": found.cosine or 0.0,
        "covered": found.covered,
        "held": math.log1p(found.held),
        "document": min(found.document, NAMED),
        "chunks": math.log(min(max(found.chunks, FEWEST), LARGEST)),
    }
    return sum(weight * facts[name] for name, weight in weights.items())
