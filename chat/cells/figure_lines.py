"""The figure that a question asks for, from the document that it is about."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from chat.cells import asked_verdicts, formulas, standard_terms, wording
from chat.cells.asked_figures import Wanted
from chat.cells.asked_periods import asked_periods
from chat.cells.asked_verdicts import Verdict
from chat.cells.columns import Period
from chat.cells.computing import Computation, Unread
from chat.cells.named_rows import NamedRow
from chat.cells.statements import Place, Statements, Store, by_document
from chat.cells.wording import Told
from documents.finding.search import Passage

MOST_DOCUMENTS = 3
MOST_PERIODS = 4
CLEARLY = 0.6  # of the scores of what was found
TITLE_PAGES = 2


class Found(NamedTuple):
    text: str
    steps: str  # what was worked out on the way: too many figures for a small model
    places: list[Place]  # of the rows that it was read from
    decides: bool = False  # it says what the question wants to know: yes or no, or which of two


def of_row(named: NamedRow, question: str) -> Found:
    """What a row of any table says."""
    verdict = asked_verdicts.of_change(question, "", asked_periods(question))
    decides = named.is_of_two_periods and (verdict.upwards is not None or verdict.direction)
    return Found(wording.row(named, verdict), "", [named.place], decides)


def found(wanted: Wanted, passages: Sequence[Passage], store: Store) -> Found | None:
    """From the document that the question is about; None where anything is in doubt."""
    documents = list(by_document(passages).values())[:MOST_DOCUMENTS]
    for mine in documents if wanted.rest else _clearly_first(documents):
        statements = Statements(store, mine)
        if not _is_meant(wanted, mine, statements):
            continue
        try:
            return _from(wanted, statements)
        except Unread:
            continue
    return None


def _clearly_first(documents: Sequence[Sequence[Passage]]) -> Sequence[Sequence[Passage]]:
    """The one that most of what was found is of, where the question names none."""
    scores = [sum(passage.score for passage in mine) for mine in documents]
    return documents[:1] if scores and scores[0] >= CLEARLY * sum(scores) else []


def _is_meant(wanted: Wanted, mine: Sequence[Passage], statements: Statements) -> bool:
    """Whether the document has the question's words that are no figure in its name or title."""
    name = standard_terms.plain(mine[0].filename)
    squeezed, initials = name.replace(" ", ""), "".join(word[0] for word in name.split())
    lacking = [
        word
        for word in wanted.rest
        if word not in squeezed and (len(word) < 2 or word.replace("n", "") not in initials)
    ]
    if not lacking:
        return True
    title = " ".join(text for _, text in statements.beginnings[:TITLE_PAGES])
    named = {standard_terms.plain(word) for word in re.findall(r"\b[A-Z]\S*", title)}
    return set(lacking) <= named - standard_terms.listed("narrower")


def _from(wanted: Wanted, statements: Statements) -> Found:
    periods = list(wanted.periods) or _every(wanted, statements)
    computation = Computation(statements, wanted.definitions, periods)
    told = [wording.as_told(wanted, computation.value(wanted.formula, each)) for each in periods]
    lines = [wording.line(wanted, periods, told)]
    decides = wanted.verdict.is_asked and wanted.manner == "compare" and len(told) == 2
    if wanted.also:
        other = wanted._replace(
            formula=wanted.also, name=f"or {wanted.name}", percent=False, verdict=Verdict()
        )
        values = [wording.as_told(other, computation.value(wanted.also, each)) for each in periods]
        lines.append(wording.line(other, periods, values))
        decides = decides and _move_alike(told, values)
        told += values
    return found_in(told, "; ".join(lines), decides=decides)


def found_in(told: Sequence[Told], text: str, *, decides: bool) -> Found:
    reads = [read for each in told for read in each.value.reads]
    places = {(each.place.passage.chunk, each.place.start): each.place for each in reads}
    steps = dict.fromkeys(step for each in told for step in each.value.steps)
    return Found(text, "; ".join(steps), list(places.values()), decides)


def _move_alike(told: Sequence[Told], values: Sequence[Told]) -> bool:
    return wording.is_above(*told) is wording.is_above(*values)


def _every(wanted: Wanted, statements: Statements) -> list[Period]:
    part = formulas.parts(wanted.formula)[0]
    figure = standard_terms.figure(part.phrase)
    found = statements.periods(figure) if figure else []
    if not found:
        raise Unread
    return found[:MOST_PERIODS]
