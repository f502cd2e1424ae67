"""Whether an answer is the one that is expected, by rules. No model is asked."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from chat.grounding import numbers_dates, sentences
from chat.grounding.refusals import refuses
from chat.html import citations
from chat.measuring import figures
from chat.measuring.reference_answers import Kind, Reference
from documents.text.folding import fold

_YES, _NO = ("yes", "ja"), ("no", "nein")
_YES_NO = re.compile(rf"\b(?:{'|'.join((*_YES, *_NO))})\b(?!\.? ?\d)", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|never|cannot|can't|neither|nicht|keine?[nmrs]?|nie|untersagt|verboten|forbidden"
    r"|prohibited)\b|n't\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[*`]|【[^【】\n]*】")
_BARS = re.compile(r"[|#>]")
_NO_SPACES = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
FEWEST = 3  # words of a sentence that says yes or no without the word


class Outcome(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    DECLINED = "declined"
    FAILED = "failed"


class Grade(NamedTuple):
    outcome: Outcome
    share: float = 0.0  # of what is expected that is there


def grade(reference: Reference, text: str, *, declined: bool = False, ended: bool = True) -> Grade:
    """`declined`: the program itself said that nothing answers. `ended`: it came to its end."""
    said = plain(text)
    if not ended or not text.strip():
        return Grade(Outcome.FAILED)
    refused = declined or refuses(said)
    if reference.kind == Kind.UNANSWERABLE:
        return Grade(Outcome.RIGHT, 1.0) if refused else Grade(Outcome.WRONG)
    if declined:
        return Grade(Outcome.DECLINED)
    if reference.kind == Kind.YES_NO:
        share = _yes_no(reference, said, refused=refused)
    else:
        share = _held(reference, said)
    if share >= 1:
        return Grade(Outcome.RIGHT, share)
    return Grade(Outcome.DECLINED if refused else Outcome.WRONG, share)


def plain(text: str) -> str:
    """Without the numbers of sources and the marks of Markdown."""
    bare = _MARKS.sub("", citations.GROUP.sub(" ", text))
    return _BARS.sub("; ", bare).replace("_", " ")  # figures of two cells are not one


def is_only_numbers(text: str, sources: int) -> bool:
    """Whether it is nothing but numbers of sources, in brackets or bare."""
    left = plain(text)
    if not re.search(r"\w", left):
        return bool(text.strip())
    bare = re.findall(r"\w+", left)
    return all(each.isdecimal() and 1 <= int(each) <= sources for each in bare)


def _held(reference: Reference, said: str) -> float:
    """The share of the items that the answer has, each in one of its notations."""
    rule = _RULES[reference.kind]
    held = [any(rule(each, said, reference) for each in item) for item in reference.items]
    return sum(held) / max(len(held), 1)


def _number(wanted: str, said: str, reference: Reference) -> bool:
    figure = figures.expected(wanted, reference.scale, reference.unit, reference.tolerance)
    return figures.has_figure(said, figure, reference.question)


def _name(wanted: str, said: str, _: Reference) -> bool:
    """Whole words, whatever their case, accents and punctuation."""
    if _NO_SPACES.search(wanted):
        return _words(wanted).replace(" ", "") in _words(said).replace(" ", "")
    return f" {_words(wanted)} " in f" {_words(said)} "


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _date(wanted: str, said: str, reference: Reference) -> bool:
    """Every part of it, its year perhaps elsewhere in the answer or in the question."""
    found, _ = numbers_dates.dates(wanted)
    if not found:
        return _number(wanted, said, reference)
    date = found[0]
    is_told = not date.year or str(date.year) in f"{said} {reference.question}"
    return is_told and any(
        numbers_dates.same_date(date, other) for other in numbers_dates.dates(said)[0]
    )


def _anything(wanted: str, said: str, reference: Reference) -> bool:
    if figures.is_figure(wanted) and _number(wanted, said, reference):
        return True
    dates, rest = numbers_dates.dates(wanted)
    if dates and not re.search(r"\w", rest) and _date(wanted, said, reference):
        return True
    return _name(wanted, said, reference)


def _yes_no(reference: Reference, said: str, *, refused: bool) -> float:
    """Half of it is the word, the other half a figure of the reference, if it has one."""
    wanted = reference.items[0][0]
    if _is_no(wanted, refused=False) is not _is_no(said, refused=refused):
        return 0.0
    found = [figures.signed(wanted, figure) for figure in figures.telling(wanted)]
    has_figure = any(_number(raw, said, reference) for raw in found)
    return 1.0 if has_figure or not found else 0.5


def _is_no(said: str, *, refused: bool) -> bool | None:
    """By the first word for it, else by whether the first sentence denies; None: neither."""
    if word := _YES_NO.search(said):
        return word[0].lower() in _NO
    sentence = next(iter(sentences.split(said)), "")
    if refused or len(re.findall(r"[^\W\d_]+", sentence)) < FEWEST:
        return None
    return _NEGATION.search(sentence) is not None


_RULES: dict[Kind, Callable[[str, str, Reference], bool]] = {
    Kind.NUMBER: _number,
    Kind.NAME: _name,
    Kind.DATE: _date,
    Kind.LIST: _anything,
    Kind.SPAN: _anything,
}
