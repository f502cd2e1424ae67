"""Answers without a chat model: the sentences and table rows that answer best, as they stand."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from chat.grounding.units import Unit, units, worth_of_terms
from documents.text import words
from documents.text.markdown_escape import escaped

BEGINNING = (
    "No chat model answers here. These are quotes from your documents that seem to answer best:"
)
NOTHING = (
    "No chat model answers here, and nothing in the documents seems to answer this."
    " Try other words, or install a model on the Models page."
)
GONE = "No chat model answered, and the documents that were quoted here have been deleted."
LONGEST = 600  # characters of a quote
AROUND = 0.4  # what a word is worth that stands in the heading or in the sentence before
GOOD_ENOUGH = 0.5  # of the best quote's score

_WHOLE = re.compile(r"[.!?:;。！？][\"'”’)\]]*$|\||\d\W*$|^[-*+•‣▪]")  # noqa: RUF001


class Quotable(Protocol):
    """A passage, or the source that keeps it."""

    @property
    def text(self) -> str: ...

    @property
    def heading(self) -> str: ...

    @property
    def score(self) -> float: ...


class _Quote(NamedTuple):
    score: float
    number: int  # of its passage
    place: int  # in the passage
    unit: Unit


def quote(question: str, passages: Mapping[int, Quotable], *, limit: int = 3) -> str:
    """Markdown: a line that says what this is, then at most `limit` quotes with their numbers."""
    best = _best(question, passages)[:limit]
    if not best:
        return NOTHING
    return "\n\n".join([BEGINNING, *map(_as_quote, best)])


def first(
    question: str, passages: Mapping[int, Quotable], numbers: Collection[int], *, limit: int = 3
) -> list[dict[str, object]]:
    """What answers best of the passages with these numbers, before a model has said a word.

    `start` and `end` are where it stands in the passage's text; a table's row comes under its head.
    """
    found = [each for each in _best(question, passages) if each.number in numbers]
    best = [each for each in found if not _is_title(each.unit)] or found
    return [_placed(each) for each in best[:limit]]


def _placed(best: _Quote) -> dict[str, object]:
    lines = "\n".join(_cut(line) for line in _lines(best.unit))
    return {
        "number": best.number,
        "text": lines,
        "start": best.unit.start,
        "end": best.unit.end,
    }


def of_passage(question: str, passages: Mapping[int, Quotable], numbers: Collection[int]) -> str:
    """What answers best of the passages with these numbers; empty if nothing does."""
    best = [each for each in _best(question, passages) if each.number in numbers]
    return "\n\n".join(map(_as_quote, best[:2]))


def without(text: str, numbers: Collection[int]) -> str:
    """What `quote` returned, but for the quotes of these passages."""
    first, *quotes = text.split("\n\n")
    marks = tuple(f"[{number}]" for number in numbers)
    kept = [each for each in quotes if not each.endswith(marks)]
    return "\n\n".join([first, *kept]) if kept else GONE


def _best(question: str, passages: Mapping[int, Quotable]) -> list[_Quote]:
    found = [
        (number, place, unit)
        for number, passage in passages.items()
        for place, unit in enumerate(units(passage.text))
    ]
    stems = [frozenset(words.terms(unit.text)) for _, _, unit in found]
    worth = worth_of_terms(words.query(question), stems)
    quotes = []
    for (number, place, unit), said in zip(found, stems, strict=True):
        score = _score(worth, said, unit, passages[number])
        if score > 0:
            quotes.append(_Quote(score, number, place, unit))
    return _distinct(sorted(quotes, key=lambda each: (-each.score, each.number, each.place)))


def _score(worth: dict[str, float], found: frozenset[str], unit: Unit, passage: Quotable) -> float:
    own = sum(value for term, value in worth.items() if term in found)
    if not own:
        return 0.0
    if _is_title(unit):
        own *= AROUND
    around = set(words.terms(f"{passage.heading} {unit.head} {unit.before}")) - found
    own += AROUND * sum(value for term, value in worth.items() if term in around)
    return own * (0.6 + 0.4 * min(max(passage.score, 0.0), 1.0)) / (1 + 0.002 * len(found))


def _is_title(unit: Unit) -> bool:
    """A title, or the names of columns: they answer little."""
    return unit.text == unit.head or not _WHOLE.search(unit.text)


def _distinct(quotes: Sequence[_Quote]) -> list[_Quote]:
    seen: set[str] = set()
    kept = []
    for each in quotes:
        same = " ".join(each.unit.text.casefold().split())
        if each.score >= GOOD_ENOUGH * quotes[0].score and same not in seen:
            kept.append(each)
        seen.add(same)
    return kept


def _as_quote(best: _Quote) -> str:
    unit, mark = best.unit, f"[{best.number}]"
    if "|" in unit.text:
        rows = [_cells(line) for line in _lines(unit)]
        rule = "|".join(["---"] * (rows[0].count("|") - 1))
        table = [rows[0], f"|{rule}|", *rows[1:]] if len(rows) > 1 else [escaped(unit.text)]
        return "\n".join(f"> {line}".rstrip() for line in [*table, "", mark])
    lines = [escaped(_cut(line)) for line in _lines(unit)]
    return "> " + "  \n> ".join(lines) + f" {mark}"


def _lines(unit: Unit) -> list[str]:
    return [unit.head, unit.text] if unit.head not in {"", unit.text} else [unit.text]


def _cells(line: str) -> str:
    cells = line.strip().removeprefix("|").removesuffix("|").split("|")
    return "| " + " | ".join(escaped(cell.strip()) for cell in cells) + " |"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(None, 1)[0] + " …"
