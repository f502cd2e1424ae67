"""Whether each sentence of an answer stands in the passages it was made from. No model is asked."""

import logging
import re
from collections.abc import Sequence
from typing import NamedTuple

from chat.grounding import figures, numbers_dates
from chat.grounding.evidence import WORD, Evidence, Unit, language, names
from chat.grounding.numbers_dates import SCALES, Number
from chat.grounding.sentences import Sentence, sentences
from chat.html import citations
from documents.finding.search import Passage
from documents.text import periods, words
from documents.text.folding import fold

logger = logging.getLogger(__name__)

COVERED = 0.34  # of a sentence's terms have to stand in the passages
FEWEST = 4  # terms of a sentence that is worth comparing
ALIKE = 0.75  # of a sentence's terms stand in one sentence of a passage, which says the same
LONGEST = 40_000  # characters of an answer that are checked


class Doubt(NamedTuple):
    start: int  # characters of the answer's Markdown
    end: int
    reason: str


_NOT_FOUND = re.compile(
    r"\b(?:no|any) (?:\w+ )?(?:information|mention|details?|passages?|evidence|data|answer|indication)\b"
    r"|\b(?:passages?|documents?|sources?|texts?|context|excerpts?|files?|reports?|information)\b.{0,60}"
    r"\b(?:not|n't|never|nothing|no|neither)\b"
    r"|\b(?:not|n't) (?:\w+ )?(?:mentioned|stated|specified|provided|found|given|contained|available"
    r"|answered|in the (?:passages|documents|sources|text))\b"
    r"|\b(?:cannot|can't|could not|couldn't|unable to|not able to) (?:\w+ )?(?:find|answer|determine|tell|say)"
    r"|\b(?:i|we) (?:do not|don't) (?:know|have)\b"
    r"|\b(?:keine?n? (?:angaben?|informationen|hinweise?|passagen?)|nicht (?:erwähnt|genannt|gefunden"
    r"|enthalten|angegeben))\b|\bne (?:\w+ )?(?:mentionne|précise|contien|indique|trouve)"
    r"|\bno se (?:menciona|encuentra|especifica|indica)",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"[\"“„«”]\s?([^\"“”„«»\n]{3,600}?)[.,!?]?\s?[\"”“»]")
NEAR = 100  # characters before a name, in which the word before it stands
_GAP = re.compile(r"(?:(?<!\s)\s++)?(?:\[?(?:\.{3}|…)\]?)\s*")
_POINTER = re.compile(
    r"\b(?:passages?|sources?|pages?|pp?\.|documents?|excerpts?|no\.|step|point)\s?\d+"
    r"(?:(?:,| and| or|-|\u2013)\s?\d+)*",
    re.IGNORECASE,
)
_UNITS = frozenset(words.terms(f"{' '.join(SCALES)} dollars euros USD EUR GBP"))
_FRESH = re.compile(r"(?:^|[:;\u2013\u2014(\[\"“„«•]|[.!?]\s)\s*$")
_CAPITAL_BEFORE = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w.&'-]* $")


def check(text: str, passages: Sequence[str], numbers: Sequence[int] = ()) -> list[Doubt]:
    """The sentences whose numbers, dates, names, quotations or words the passages do not have.

    `numbers`: by which the answer cites the passages; from 1 on where none are given. A sentence
    is judged by itself: the same one is doubted wherever it stands.
    """
    if not any(passage.strip() for passage in passages):
        return []
    evidence, said = Evidence(passages, numbers), sentences(text[:LONGEST])
    same = language(" ".join(sentence.text for sentence in said)) == evidence.language
    found = []
    for sentence in said:
        cited = _cited(text[sentence.start : sentence.end], evidence)
        if says_something(sentence) and (reason := _reason(sentence, evidence, cited, same)):
            found.append(Doubt(sentence.start, sentence.end, reason))
    return found


def doubts(
    text: str, passages: Sequence[Passage], numbers: Sequence[int] = ()
) -> list[dict[str, int | str]]:
    """The same as it is kept with the answer. What names a passage is part of it."""
    try:
        return [doubt._asdict() for doubt in check(text, [*map(as_shown, passages)], numbers)]
    except Exception:  # no answer is lost for its check
        logger.exception("an answer of %d characters could not be checked", len(text))
        return []


def as_shown(passage: Passage) -> str:
    """Its text under what names it."""
    return f"{passage.filename}\n{passage.heading}\n{passage.text}"


def _cited(markdown: str, evidence: Evidence) -> list[int]:
    """The places of the passages that a sentence cites, from 0."""
    if "[" not in markdown and "【" not in markdown:
        return []
    cited = citations.numbers(markdown)
    return [at for at, number in enumerate(evidence.numbered) if number in cited]


def says_something(sentence: Sentence) -> bool:
    """Whether it claims anything: a question does not, nor that nothing was found."""
    said = sentence.text.strip()
    is_question = said.endswith(("?", "？"))  # noqa: RUF001
    return bool(said) and not is_question and not _NOT_FOUND.search(said)


def _reason(
    sentence: Sentence, evidence: Evidence, cited: Sequence[int], same_language: bool
) -> str:
    """Why it is doubted; empty when it is not. Words are compared within a language only."""
    said = _POINTER.sub(" ", sentence.text.replace("_", " "))
    reason = _quotation(said, evidence) or figures.reason(said, evidence, cited)
    if reason or not same_language:
        return reason
    said = periods.without(said)
    reason = _name(said, evidence, is_cell=sentence.is_cell)
    if reason or sentence.is_cell:
        return reason
    return _otherwise(said, evidence) or _unlike(said, evidence)


def _quotation(said: str, evidence: Evidence) -> str:
    for match in _QUOTATION.finditer(said):
        for part in _GAP.split(match[1]):
            quoted = list(map(fold, WORD.findall(part)))
            if len(quoted) > 1 and not evidence.has_quotation(quoted):
                return f"“{_short(match[1])}” does not stand so in the sources"
    return ""


def _name(said: str, evidence: Evidence, *, is_cell: bool) -> str:
    """A name that is missing. A single word with a capital begins many a sentence."""
    for match in names(said):
        run = _is_run(said, match)
        before = said[max(0, match.start() - NEAR) : match.start()]
        is_fresh = _FRESH.search(before) is not None
        if not run and (is_cell or is_fresh or evidence.language == "german"):
            continue
        around = said[max(0, match.start() - 30) : match.end() + 60]
        if not evidence.has_name(match[0], around):
            return f"“{match[0]}” is not in the sources"
    return ""


def _is_run(said: str, match: re.Match[str]) -> bool:
    """Whether another word with a capital stands beside it."""
    before = _CAPITAL_BEFORE.search(said[max(0, match.start() - NEAR) : match.start()])
    after = said[match.end() : match.end() + 2]
    return before is not None or (after[:1] == " " and after[1:].isupper())


def _otherwise(said: str, evidence: Evidence) -> str:
    """What the sources say in the same words, but with another name or number."""
    own = frozenset(term for term in words.terms(said) if not term[:1].isdigit())
    if len(own) < 3:
        return ""
    most = max((len(own & unit.terms) for unit in evidence.units), default=0)
    alike = [unit for unit in evidence.units if len(own & unit.terms) == most]
    if most >= ALIKE * len(own) and all(_differs(said, own, unit, evidence) for unit in alike):
        return f"A source says: {_short(alike[0].text)}"
    return ""


def _differs(said: str, own: frozenset[str], unit: Unit, evidence: Evidence) -> bool:
    new = own - unit.terms
    if not new:
        return _has_other_numbers(said, own, unit, evidence)
    ours = [each[0] for each in names(said) if set(words.terms(each[0])) & new]
    theirs = [each[0] for each in names(unit.text) if fold(each[0]) in evidence.proper]
    others = [name for name in theirs if not set(words.terms(name)) & own]
    return len(new) == 1 and bool(ours and others) and not evidence.has_name(ours[0], "")


def _has_other_numbers(said: str, own: frozenset[str], unit: Unit, evidence: Evidence) -> bool:
    """A number of ours stands in a sentence of the same kind, not in this one that has another."""
    ours = [n for n in numbers_dates.numbers(said) if n.tail != "word"]
    theirs = list(numbers_dates.numbers(unit.text))
    kin = [
        n
        for each in evidence.units
        if len(own & each.terms) * 2 >= len(own)
        for n in numbers_dates.numbers(each.text)
    ]
    lacking = [n for n in ours if not _among(n, theirs) and _among(n, kin)]
    return bool(lacking) and any(not _among(number, ours) for number in theirs)


def _among(number: Number, numbers: Sequence[Number]) -> bool:
    return any(numbers_dates.same_number(number, other, about=True) for other in numbers)


def _unlike(said: str, evidence: Evidence) -> str:
    terms = set(words.terms(said)) - _UNITS
    is_lead = said.rstrip().endswith(":")
    if is_lead or len(terms) < FEWEST:
        return ""
    covered = len(terms & evidence.terms)
    return "Little of this is in the sources" if covered < COVERED * len(terms) else ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 90 else f"{text[:89].rsplit(None, 1)[0]}…"
