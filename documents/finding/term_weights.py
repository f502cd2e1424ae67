"""What each term of a question is worth among the passages that a person may read."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from documents.finding import bm25, fusion, spelling
from documents.finding.scope import KNOWN_TERMS, UNCOUNTED, Scope
from documents.readers.page import UNDER
from documents.text import words

_COUNTED = f"""
WITH uncounted AS MATERIALIZED (
    SELECT chunk.words, chunk.length
    FROM documents_content AS content JOIN documents_chunk AS chunk ON chunk.content_id = content.id
    WHERE {UNCOUNTED}
)
SELECT term, sum(chunks)::bigint FROM (
    SELECT term, chunks FROM {KNOWN_TERMS.format(condition="term = ANY (%(asked)s)")} AS known
    UNION ALL
    SELECT asked.term, count(*)
    FROM unnest(%(asked)s::text[], %(quoted)s::tsquery[]) AS asked (term, quoted), uncounted
    WHERE words @@ quoted GROUP BY 1
    UNION ALL SELECT '#chunks', count(*) FROM uncounted
    UNION ALL SELECT '#terms', coalesce(sum(length), 0) FROM uncounted
) AS found
GROUP BY term"""


# In a collection of few passages words are worth what they tell apart there: “function” says
# little among programs. One document is too little to tell by.
_COUNTED_THERE = """
SELECT asked.term, count(*)
FROM unnest(%(asked)s::text[], %(quoted)s::text[]) AS asked (term, quoted)
JOIN mine ON mine.words @@ asked.quoted::tsquery
GROUP BY asked.term
UNION ALL SELECT '#chunks', count(*) FROM mine
UNION ALL SELECT '#terms', sum(length)::bigint FROM mine"""
COUNTED_THERE = 3000  # chunks of a collection up to which its own words are counted


class Weighed(NamedTuple):
    """The terms of a question that stand anywhere."""

    chunks: int  # of the person, in all
    counts: dict[str, int]  # the chunks that each term stands in
    weights: dict[str, float]  # of stems and grams
    bm25: str  # an expression of a statement about chunks
    facts: dict[str, Any]  # its parameters
    meant: dict[str, str] = {}  # terms that stand nowhere, and the ones looked for in their place
    strangers: Sequence[str] = ()  # names in the question that stand nowhere
    idle: frozenset[str] = frozenset()  # unknown terms of what is written in other ways as well
    missing: int = 0  # terms that stand nowhere, and nothing like them does

    @property
    def rarest_worth(self) -> float:
        """The weight of a term that stands nowhere."""
        return fusion.idf(0, self.chunks)

    @property
    def most(self) -> float:
        """The BM25 that a passage would have with every term over and over."""
        return (fusion.K1 + 1) * (sum(self.weights.values()) + self.missing * self.rarest_worth)

    @property
    def stems(self) -> list[str]:
        return [term for term in self.weights if not term.startswith(words.GRAM)]

    @property
    def grams(self) -> list[str]:
        return [term for term in self.weights if term.startswith(words.GRAM)]

    def rarest(self, terms: Iterable[str], room: int) -> list[str]:
        """As many of the rarest as stand in `room` chunks together; at least one."""
        picked: list[str] = []
        for term in sorted(terms, key=self.counts.__getitem__):
            room -= self.counts[term]
            if picked and room < 0:
                break
            picked.append(term)
        return picked


def weigh(scope: Scope, question: str) -> Weighed:
    said = Counter([*words.terms(question), *words.grams(question)])  # often: it means that
    asked = list(said)
    known = _known(scope, asked)
    chunks = max(known.get("#chunks", 0), 1)
    average = max(known.get("#terms", 0) / chunks, 1.0)
    counts = {term: known[term] for term in asked if known.get(term, 0) > 0}
    weights = {term: said[term] * _weight(term, count, chunks) for term, count in counts.items()}
    idle = _idle(question, counts)
    unknown = [term for term in asked if term not in counts and term not in idle]
    likely = spelling.meant(scope, question, unknown)
    for near, having in likely.values():
        weights.setdefault(near, fusion.MISSPELT_WEIGHT * _weight(near, having, chunks))
        counts.setdefault(near, having)
    expression, facts = bm25.expression(
        weights,
        k1=fusion.K1 + 1,
        flat=fusion.K1 * (1 - fusion.B),
        steep=fusion.K1 * fusion.B / average,
    )
    meant = {term: near for term, (near, _) in likely.items()}
    strangers = spelling.strangers(question, {*counts, *meant, *idle})
    missing = sum(not term.startswith(words.GRAM) and term not in meant for term in unknown)
    return Weighed(chunks, counts, weights, expression, facts, meant, strangers, idle, missing)


def _idle(question: str, counts: Mapping[str, int]) -> frozenset[str]:
    """What says nothing by standing nowhere: 5 March 2026, if 2026-03-05 is there; else its form."""
    idle: set[str] = set()
    for notation, written in words.notated(question).items():
        there = any(form in counts for form in notation.forms)
        idle.update(set(notation.forms).union(written if there else ()).difference(counts))
        if not there:
            idle.difference_update(written)
    return frozenset(idle)


def _known(scope: Scope, asked: list[str]) -> dict[str, int]:
    """The chunks that each term stands in, how many there are and how many terms they have."""
    known = _counted(scope, [*asked, "#chunks", "#terms"])
    few = scope.is_collection and 0 < scope.chunks <= COUNTED_THERE
    if not few:
        return known
    # To count runs of characters there takes longer than the search itself: how many passages
    # there are tells most of it.
    grams = any(term.startswith(words.GRAM) for term in asked)
    there = [] if grams else [term for term in asked if known.get(term, 0) > 0]
    counted = _counted_there(scope, there)
    if grams:
        return {term: min(count, scope.chunks) for term, count in known.items()} | counted
    # What stands in other collections alone is no mistake in writing.
    return dict.fromkeys(there, 1) | counted


def _counted_there(scope: Scope, terms: list[str]) -> dict[str, int]:
    quoted = [words.quoted(term) for term in terms]
    return dict(scope.mine(_COUNTED_THERE, asked=terms, quoted=quoted))


def headings_asked_for(scope: Scope, weighed: Weighed, headings: Iterable[str]) -> dict[str, float]:
    """By path of headings, the share of the nearest one's weight that the question's terms hold.

    0 to 1, by idf. A path whole would be held against a passage for being deep inside.
    """
    nearest = {path: path.rpartition(UNDER)[2] for path in set(headings) if path}
    terms = {path: _of_heading(heading, weighed) for path, heading in nearest.items()}
    every = list(set().union(*terms.values()))
    counts = _counted(scope, every) if every else {}
    worth = {term: fusion.idf(counts.get(term, 0), weighed.chunks) for term in every}
    return {
        path: sum(worth[term] for term in found if term in weighed.weights)
        / sum(worth[term] for term in found)
        for path, found in terms.items()
        if found
    }


def _of_heading(heading: str, weighed: Weighed) -> set[str]:
    """As it is written, and in the forms that are asked for: the others are held against none."""
    return {*words.phrase(heading, heading), *weighed.weights.keys() & words.terms(heading)}


def _counted(scope: Scope, terms: list[str]) -> dict[str, int]:
    """In how many of the chunks that the person may read each stands.

    Who is held to some collections learns of those alone.
    """
    if scope.is_held:
        return _counted_there(scope, terms)
    return dict(scope.rows(_COUNTED, asked=terms, quoted=[words.quoted(term) for term in terms]))


def _weight(term: str, count: int, chunks: int) -> float:
    weight = fusion.idf(count, chunks)
    return fusion.GRAM_WEIGHT * weight if term.startswith(words.GRAM) else weight
