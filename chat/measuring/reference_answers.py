"""Questions whose answers are known: from a folder's answers.jsonl, else from its queries."""

import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from chat.measuring import figures
from documents.measuring import evaluation
from localchat.lib.errors import BadRequest

TOLERANCE = 0.005  # of a figure, where nothing else is said
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
MOST_WORDS = 6  # of a reference that can be looked for to the letter
MOST_TOLD = 20  # words of a sentence that is known by its figures
MOST_FIGURES = 3  # of such a sentence

_SCALE = re.compile(r"\bin (?:USD |US )?\$? ?(thousand|million|billion)s?\b", re.IGNORECASE)
_YES_NO = re.compile(r"(?:yes|no|ja|nein)(?:$|[,.](?! ?\d))", re.IGNORECASE)
_ASKS_NAME = re.compile(r"\b(?:which|who)\b", re.IGNORECASE)

Place = tuple[str, int | None]  # file and page, from 1; None: any page of it


class Kind(StrEnum):
    NUMBER = "number"
    NAME = "name"
    DATE = "date"
    LIST = "list"
    YES_NO = "yes-no"
    SPAN = "span"
    UNANSWERABLE = "unanswerable"


class Reference(NamedTuple):
    id: str
    question: str
    kind: Kind
    items: list[list[str]]  # all of them are wanted, each in one of its notations
    places: frozenset[Place]
    scale: float = 1.0  # in which a figure is asked for
    unit: str = ""
    tolerance: float = TOLERANCE

    @property
    def expected(self) -> str:
        return "; ".join(" | ".join(item) for item in self.items)


class NoAnswers(BadRequest):
    """The folder has neither an answers.jsonl nor answers in its queries.jsonl."""


def load(folder: Path) -> tuple[list[Reference], int]:
    """The questions, and how many were left out: no rule can grade their answers.

    Raises NoAnswers.
    """
    if (folder / "answers.jsonl").is_file():
        return [_own(row) for row in evaluation.lines(folder / "answers.jsonl")], 0
    if not (folder / "queries.jsonl").is_file():
        raise NoAnswers
    rows = [row for row in evaluation.lines(folder / "queries.jsonl") if _answers(row)]
    if not rows:
        raise NoAnswers
    places = _places(folder)
    found = [_of_query(row, places.get(row["id"], frozenset())) for row in rows]
    kept = [reference for reference in found if reference]
    return kept, len(rows) - len(kept)


def spread(references: Sequence[Reference], limit: int) -> list[Reference]:
    """So many of them, at even distances; 0: all."""
    if not 0 < limit < len(references):
        return list(references)
    return [references[place * len(references) // limit] for place in range(limit)]


def _own(row: dict[str, Any]) -> Reference:
    kind = Kind(row["kind"])
    given = row.get("answer", [])
    items = given if kind == Kind.LIST else [given] if kind != Kind.UNANSWERABLE else []
    file = row.get("file")
    return Reference(
        id=str(row["id"]),
        question=row["question"],
        kind=kind,
        items=[_notations(item) for item in items],
        places=frozenset([(file, row.get("page"))] if file else ()),
        scale=SCALES.get(str(row.get("scale", "")).rstrip("s"), 1.0),
        unit=row.get("unit", ""),
        tolerance=row.get("tolerance", TOLERANCE),
    )


def _notations(given: object) -> list[str]:
    return [str(each) for each in given] if isinstance(given, list) else [str(given)]


def _answers(row: dict[str, Any]) -> list[str]:
    return _notations(row.get("answers") or row.get("answer") or [])


def _of_query(row: dict[str, Any], places: frozenset[Place]) -> Reference | None:
    """None: its answer is a text that only a reader can grade."""
    question, answers = row["text"], _answers(row)
    scale = _SCALE.search(question)
    kind, items = _recognised(answers, question)
    if not items:
        return None
    return Reference(
        id=row["id"],
        question=question,
        kind=kind,
        items=items,
        places=places,
        scale=SCALES[scale[1].lower()] if scale else 1.0,
    )


def _recognised(answers: list[str], question: str) -> tuple[Kind, list[list[str]]]:
    first = answers[0]
    if _YES_NO.match(first):
        return Kind.YES_NO, [answers]
    if figures.is_figure(first):
        return Kind.NUMBER, [answers]
    if len(first.split()) <= MOST_WORDS:
        return Kind.SPAN, [answers]
    told = [figures.signed(first, figure) for figure in figures.telling(first, question)]
    is_known = len(told) <= MOST_FIGURES and len(first.split()) <= MOST_TOLD
    is_known = is_known and not _ASKS_NAME.search(question)
    return Kind.LIST, [[each] for each in told if is_known]


def _places(folder: Path) -> dict[str, frozenset[Place]]:
    """The right places of each query, as files and pages of the collection."""
    if not (folder / "qrels.tsv").is_file():
        return {}
    names: dict[str, str] = {}
    if (folder / "corpus.jsonl").is_file():
        rows = evaluation.lines(folder / "corpus.jsonl")
        names = {row["id"]: evaluation.as_file(row)[0] for row in rows}
    qrels = evaluation.read_qrels(folder / "qrels.tsv")
    return {
        query: frozenset(_place(judged, names) for judged, gain in rels.items() if gain > 0)
        for query, rels in qrels.items()
    }


def _place(judged: str, names: dict[str, str]) -> Place:
    if judged in names:
        return names[judged], None
    file, _, page = judged.rpartition("#")
    return (file, int(page)) if file and page.isdecimal() else (judged, None)
