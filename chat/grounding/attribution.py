"""Which passages an answer rests on whose model has named none. No model is asked."""

import logging
from collections.abc import Mapping
from typing import NamedTuple

from chat.grounding import check
from chat.grounding.evidence import Evidence, language
from chat.grounding.sentences import Sentence, sentences
from chat.html import citations
from documents.finding.search import Passage
from documents.text import words

logger = logging.getLogger(__name__)

STANDS = 0.6  # of a sentence's terms stand in one sentence or row of the passage, or in its title
KNOWN = 0.8  # of them stand anywhere in it: what a model adds of its own is nobody's
FEWEST = 3  # terms of a sentence of which some may be missing
MOST = 4  # passages that are named


class _Candidate(NamedTuple):
    shown: str
    evidence: Evidence
    named: frozenset[str]  # terms of what names the passage


class _Match(NamedTuple):
    own: float  # share of the sentence's terms
    asked: float  # share of the question's


def supporting(text: str, passages: Mapping[int, Passage], question: str) -> list[int]:
    """The numbers of the passages that say what the answer says, in the order of its sentences.

    None, if it cites any itself, or where one of its sentences stands in no passage: then it is
    not for us to say what it rests on. Words are compared within a language only.
    """
    if not text.strip() or citations.numbers(text):
        return []
    try:
        return _supporting(text, passages, question)
    except Exception:  # no answer is lost for its sources
        logger.exception("the sources of %d characters were not looked for", len(text))
        return []


def _supporting(text: str, passages: Mapping[int, Passage], question: str) -> list[int]:
    said = [each for each in sentences(text) if check.says_something(each)]
    said = [each for each in said if words.terms(each.text)]
    asked = frozenset(words.terms(question))
    candidates = {number: _candidate(passage) for number, passage in passages.items()}
    numbers: dict[int, None] = {}  # in their order, each once
    for sentence in said:
        number = _best(sentence, candidates, asked)
        if number is None:
            return []
        numbers[number] = None
    return list(numbers) if len(numbers) <= MOST else []


def ending(text: str, numbers: list[int]) -> str:
    """The numbers as they are written after the text, below it where that ends in code or rows."""
    last = text.rstrip().rpartition("\n")[2].lstrip()
    apart = "" if text[-1:].isspace() else " "
    if last.startswith(("|", "```", "~~~", "$$")):
        apart = "\n\n"
    return apart + " ".join(f"[{number}]" for number in numbers)


def _candidate(passage: Passage) -> _Candidate:
    shown = check.as_shown(passage)
    named = words.terms(f"{passage.filename}\n{passage.heading}")
    return _Candidate(shown, Evidence([shown]), frozenset(named))


def _best(
    sentence: Sentence, candidates: Mapping[int, _Candidate], asked: frozenset[str]
) -> int | None:
    """The passage that has the sentence most, of two the one that has more of the question."""
    own = frozenset(words.terms(sentence.text))
    matches = {
        number: match
        for number, candidate in candidates.items()
        if (match := _match(sentence, own, asked, candidate))
    }
    return max(matches, key=lambda number: (sum(matches[number]), -number), default=None)


def _match(
    sentence: Sentence, own: frozenset[str], asked: frozenset[str], candidate: _Candidate
) -> _Match | None:
    """None, unless the passage has it; its words first, since its figures cost more to compare."""
    shown, evidence, named = candidate
    if language(sentence.text) not in {evidence.language, "other"}:
        return None
    if len(own & (evidence.terms | named)) < KNOWN * len(own):
        return None
    needed = STANDS * len(own) if len(own) >= FEWEST else len(own)
    matches = [
        _Match(len(own & said) / len(own), len(asked & said) / max(1, len(asked)))
        for unit in evidence.units
        if own & unit.terms and len(own & (said := unit.terms | named)) >= needed
    ]
    if not matches or check.check(sentence.text, [shown]):
        return None
    return max(matches, key=sum)
