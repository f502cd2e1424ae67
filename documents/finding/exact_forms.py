"""Dates, amounts, numbers and identifiers of a question: passages with a rare one come first.

Vectors know none of them from another, and would put a passage first that is about the like.
"""

from typing import NamedTuple

from documents.finding import candidates, fusion
from documents.finding.candidates import Hit
from documents.finding.scope import Scope
from documents.finding.term_weights import Weighed
from documents.text import words

MOST = 6  # of a question
RARE = 40  # passages up to which it tells one from another


class Exact(NamedTuple):
    hits: list[Hit]
    shares: dict[int, float]  # of what the question names so, 0 to 1, by chunk


def find(scope: Scope, weighed: Weighed, question: str) -> Exact:
    hits: dict[int, Hit] = {}
    shares: dict[int, float] = {}
    named = words.exact(question)[:MOST]
    rarest = fusion.idf(1, weighed.chunks)
    for forms in named:
        rare = [form for form in forms if 0 < weighed.counts.get(form, 0) <= RARE]
        either = " | ".join(map(words.quoted, rare))
        for hit in candidates.by_phrase(scope, weighed, either) if rare else ():
            worth = max(fusion.idf(weighed.counts[form], weighed.chunks) for form in rare)
            hits[hit.chunk] = hit
            shares[hit.chunk] = shares.get(hit.chunk, 0.0) + worth / rarest / len(named)
    return Exact([*hits.values()], shares)
