"""Words that no passage has: those that are taken for ones written almost so, and names."""

import re
from collections.abc import Collection, Iterable, Mapping

from rapidfuzz.distance import OSA

from documents.finding.scope import Scope
from documents.text import words

_NAME = re.compile(r"(?<=\s)[^\W\d_a-zß-ÿ][\w&-]+")  # not the first word
SHORTEST = 5  # letters: shorter words are too near to too many others
LONG = 9  # letters, from which on two mistakes are forgiven
MOST = 3  # words of a question

# A first letter is seldom mistaken; with it the table of terms is read by its index.
_LIKE = """
SELECT term, chunks FROM documents_term
WHERE owner_id = %(owner)s AND term >= %(first)s AND term < %(after)s
AND length(term) BETWEEN %(shortest)s AND %(longest)s AND chunks > 0"""


_HAVING = "SELECT text FROM mine WHERE words @@ %(term)s::tsquery LIMIT 1"


def meant(scope: Scope, unknown: Iterable[str]) -> dict[str, tuple[str, int]]:
    """For each of the terms that has one, the nearest known one, and the chunks that have it."""
    wanted = [term for term in unknown if len(term) >= SHORTEST and term.isalpha()]
    found = {term: _nearest(scope, term) for term in wanted[:MOST]}
    return {term: near for term, near in found.items() if near}


def notes(scope: Scope, question: str, found: Mapping[str, str]) -> list[str]:
    """A sentence for each term that stands nowhere, with the words as people write them."""
    return [
        f"No passage has “{words.written(asked, question)}”:"
        f" looked for “{_as_it_stands(scope, near)}” instead."
        for asked, near in found.items()
    ]


def _as_it_stands(scope: Scope, term: str) -> str:
    rows = scope.mine(_HAVING, term=words.quoted(term))
    return words.written(term, rows[0][0]) if rows else term


def _nearest(scope: Scope, term: str) -> tuple[str, int] | None:
    """By the fewest mistakes; of those that are even, the one that most chunks have."""
    most = 2 if len(term) >= LONG else 1
    rows = scope.rows(
        _LIKE,
        first=term[0],
        after=chr(ord(term[0]) + 1),
        shortest=len(term) - most,
        longest=len(term) + most,
    )
    near = [
        (mistakes, -chunks, known)
        for known, chunks in rows
        if (mistakes := apart(term, known, most)) <= most
    ]
    if not near:
        return None
    _, chunks, known = min(near)
    return known, -chunks


def apart(one: str, other: str, most: int) -> int:
    """Letters added, left out, changed or swapped with the next; beyond `most` one more."""
    return OSA.distance(one, other, score_cutoff=most)


def strangers(question: str, known: Collection[str]) -> list[str]:
    """Names in the question of which no word is known: what is asked about may be nowhere."""
    found = {name: words.terms(name) for name in _NAME.findall(question)}
    return [name for name, terms in found.items() if terms and not {*terms} & {*known}][:MOST]
