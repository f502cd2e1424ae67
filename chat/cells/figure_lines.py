"""The figure that a question asks for, from the document that it is about."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from chat.cells import formulas, standard_terms, wording
from chat.cells.asked_figures import Wanted
from chat.cells.columns import Period
from chat.cells.computing import Computation, Unread
from chat.cells.named_rows import NamedRow
from chat.cells.statements import Place, Statements, Store, by_document
from documents.finding.search import Passage

MOST_DOCUMENTS = 3
MOST_PERIODS = 4
CLEARLY = 0.6  # of the scores of what was found
TITLE_PAGES = 2


class Found(NamedTuple):
    text: str
    steps: str  # what was worked out on the way: too many figures for a small model
    places: list[Place]  # of the rows that it was read from


def of_row(named: NamedRow) -> Found:
    """What a row of any table says."""
    return Found(wording.row(named), "", [named.place])


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
    if wanted.also:
        other = wanted._replace(formula=wanted.also, name=f"or {wanted.name}", percent=False)
        values = [wording.as_told(other, computation.value(wanted.also, each)) for each in periods]
        lines.append(wording.line(other, periods, values))
        told += values
    reads = [read for each in told for read in each.value.reads]
    places = {(each.place.passage.chunk, each.place.start): each.place for each in reads}
    steps = dict.fromkeys(step for each in told for step in each.value.steps)
    return Found("; ".join(lines), "; ".join(steps), list(places.values()))


def _every(wanted: Wanted, statements: Statements) -> list[Period]:
    part = formulas.parts(wanted.formula)[0]
    figure = standard_terms.figure(part.phrase)
    found = statements.periods(figure) if figure else []
    if not found:
        raise Unread
    return found[:MOST_PERIODS]
