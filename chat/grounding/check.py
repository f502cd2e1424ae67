"""Whether each sentence of an answer stands in the passages it was made from. No model is asked."""

import logging
import re
from collections.abc import Sequence
from typing import NamedTuple

from chat.grounding import numbers_dates
from chat.grounding.evidence import WORD, Evidence, Unit, language, names
from chat.grounding.numbers_dates import Number
from chat.grounding.sentences import Sentence, sentences
from documents.finding.search import Passage
from documents.text import words
from documents.text.folding import fold

logger = logging.getLogger(__name__)

COVERED = 0.34  # of a sentence's terms have to stand in the passages
FEWEST = 4  # terms of a sentence that is worth comparing
ALIKE = 0.75  # of a sentence's terms stand in one sentence of a passage, which says the same
LONGEST = 40_000  # characters of an answer that are checked
PARTS = (4.0, 12.0, 24.0, 60.0)  # of a year, a day, an hour


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
_ABOUT = re.compile(
    r"\b(?:about|around|approximately|approx|roughly|nearly|almost|over|under|more than|less than"
    r"|some|close to|etwa|rund|circa|ca|environ|unos|casi)\b|[~≈]",
    re.IGNORECASE,
)
_COUNTED = re.compile(  # what is said of numbers that somebody has worked out
    r"\b(?:total\w*|together|sum|combined|altogether|average|mean|ratio|margin|per|each|half|twice"
    r"|more|fewer|less|higher|lower|outnumber\w*|differ\w*|chang\w*|ris\w+|rose|f[ae]ll\w*|grew|gr[eo]w\w*"
    r"|up|down|increas\w*|decreas\w*|declin\w*|reduc\w*|gain\w*|drop\w*|that is|that means|or|from"
    r"|insgesamt|zusammen|summe|differenz|mehr|weniger|gestiegen|anstieg|stieg|rückgang|gesunken"
    r"|au total|ensemble|hausse|baisse|en total|aumento)\b|=|[+]",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"[\"“„«”]\s?([^\"“”„«»\n]{3,600}?)[.,!?]?\s?[\"”“»]")
_GAP = re.compile(r"\s*(?:\[?(?:\.{3}|…)\]?)\s*")
_POINTER = re.compile(
    r"\b(?:passages?|sources?|pages?|pp?\.|documents?|excerpts?|no\.|step|point)\s?\d+"
    r"(?:(?:,| and| or|-|\u2013)\s?\d+)*",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(?=[\w-]*\d)[A-Za-z][\w]*(?:-\w+)*\b|\b\d+-[A-Za-z]\w*\b"
    r"|\b\d+(?:\.\d+){2,}\b|\b\d{1,2}:\d\d(?::\d\d)?\b"  # versions, times
)
_FRESH = re.compile(r"(?:^|[:;\u2013\u2014(\[\"“„«•]|[.!?]\s)\s*[\"“„«(]*$")
_CAPITAL_BEFORE = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w.&'-]* $")


def check(text: str, passages: Sequence[str]) -> list[Doubt]:
    """The sentences whose numbers, dates, names, quotations or words the passages do not have.

    A sentence is judged by itself: the same one is doubted wherever it stands.
    """
    if not any(passage.strip() for passage in passages):
        return []
    evidence, said = Evidence(passages), sentences(text[:LONGEST])
    same = language(" ".join(sentence.text for sentence in said)) == evidence.language
    found = []
    for sentence in said:
        if _says_something(sentence) and (reason := _reason(sentence, evidence, same)):
            found.append(Doubt(sentence.start, sentence.end, reason))
    return found


def doubts(text: str, passages: Sequence[Passage]) -> list[dict[str, int | str]]:
    """The same as it is kept with the answer. What names a passage is part of it."""
    shown = [f"{each.filename}\n{each.heading}\n{each.text}" for each in passages]
    try:
        return [doubt._asdict() for doubt in check(text, shown)]
    except Exception:  # no answer is lost for its check
        logger.exception("an answer of %d characters could not be checked", len(text))
        return []


def _says_something(sentence: Sentence) -> bool:
    said = sentence.text.strip()
    is_question = said.endswith(("?", "？"))  # noqa: RUF001
    return bool(said) and not is_question and not _NOT_FOUND.search(said)


def _reason(sentence: Sentence, evidence: Evidence, same_language: bool) -> str:
    """Why it is doubted; empty when it is not. Words are compared within a language only."""
    said = _POINTER.sub(" ", sentence.text)
    reason = _quotation(said, evidence) or _figure(said, evidence)
    if reason or not same_language:
        return reason
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


def _figure(said: str, evidence: Evidence) -> str:
    dates, rest = numbers_dates.dates(said)
    for date in dates:
        if not evidence.has_date(date):
            return f"The date {date.raw} is not in the sources"
    for code in _CODE.finditer(rest):
        if not evidence.has_code(code[0]):
            return f"“{code[0]}” is not in the sources"
    rest = _CODE.sub(" ", rest)
    about = _ABOUT.search(rest) is not None
    numbers = list(numbers_dates.numbers(rest))
    known = [number for number in numbers if evidence.has_number(number, rest, about=about)]
    for number in numbers:
        counted = _COUNTED.search(rest) and (
            _is_worked_out(number, known) or _is_sum_of_source(number, said, evidence)
        )
        if number not in known and not counted:
            return f"{number.raw} is not in the sources"
    return ""


def _is_worked_out(number: Number, known: Sequence[Number]) -> bool:
    """A sum, difference, quotient or change of two numbers of the same sentence, or a month's."""
    given = [each.values[0] for each in known if not each.is_year]
    for place, a in enumerate(given):
        for b in [*given[:place], *given[place + 1 :], *PARTS]:
            results = [a + b, abs(a - b)]
            if b:
                results += [100 * a / b, 100 * abs(a - b) / b] if number.unit == "%" else [a / b]
            if any(abs(number.values[0] - result) <= 0.51 * number.step for result in results):
                return True
    return False


def _is_sum_of_source(number: Number, said: str, evidence: Evidence) -> bool:
    """Exactly the sum or difference of two numbers that one sentence of the same matter has."""
    own = frozenset(words.terms(said))
    for unit in evidence.units if number.values[0] >= 10 else ():
        theirs = [
            n for n in numbers_dates.numbers(unit.text) if n.unit == number.unit and not n.is_year
        ]
        if len(own & unit.terms) > 1 and len({n.values[0] for n in theirs}) > 1:
            pairs = [(a.values[0], b.values[0]) for a in theirs for b in theirs if a is not b]
            if any(number.values[0] in {a + b, a - b} for a, b in pairs):
                return True
    return False


def _name(said: str, evidence: Evidence, *, is_cell: bool) -> str:
    """A name that is missing. A single word with a capital begins many a sentence."""
    for match in names(said):
        run = _is_run(said, match)
        is_fresh = _FRESH.search(said[: match.start()]) is not None
        if not run and (is_cell or is_fresh or evidence.language == "german"):
            continue
        around = said[max(0, match.start() - 30) : match.end() + 60]
        if not evidence.has_name(match[0], around):
            return f"“{match[0]}” is not in the sources"
    return ""


def _is_run(said: str, match: re.Match[str]) -> bool:
    """Whether another word with a capital stands beside it."""
    before = _CAPITAL_BEFORE.search(said[: match.start()])
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
    terms = set(words.terms(said))
    is_lead = said.rstrip().endswith(":")
    if is_lead or len(terms) < FEWEST:
        return ""
    covered = len(terms & evidence.terms)
    return "Little of this is in the sources" if covered < COVERED * len(terms) else ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 90 else f"{text[:89].rsplit(None, 1)[0]}…"
