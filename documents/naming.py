"""Which documents a question is about: by their names, and by what fills them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath

from documents import ranking, words
from documents.scope import MINE, Scope
from documents.weighing import Weighed

ROOM = 2000  # chunks that the terms looked up may stand in together
BODY_WEIGHT = 0.3  # of a document full of a term; of one with the term in its name: 1
FULL = 10  # chunks with a term that make a document half full of it

_STANDING = f"""{MINE}
SELECT asked.term, mine.content_id, count(*)
FROM unnest(%(asked)s::text[], %(quoted)s::text[]) AS asked (term, quoted)
JOIN mine ON mine.words @@ asked.quoted::tsquery
GROUP BY asked.term, mine.content_id"""


def evidence(scope: Scope, question: str, weighed: Weighed) -> dict[int, float]:
    """The share of the question, by weight, that speaks for each content; none is left out."""
    by_name = _by_name(scope, [*words.query(question), *words.joined(question)])
    by_body = _by_body(scope, weighed)
    found: dict[int, float] = defaultdict(float)
    total = 0.0
    for term in {**by_name, **by_body}:
        named, filled = by_name.get(term, []), by_body.get(term, {})
        for_name, for_body = _idf(named, scope), _idf(filled, scope)
        total += max(for_name, for_body)
        for content in named:
            found[content] += for_name
        for content, chunks in filled.items():
            found[content] += BODY_WEIGHT * for_body * chunks / (chunks + FULL)
    return {content: score / total for content, score in found.items() if total}


def _idf(having: Iterable[int], scope: Scope) -> float:
    many = len(list(having))
    return ranking.idf(many, len(scope.places)) if many else 0.0


def _by_name(scope: Scope, asked: Iterable[str]) -> dict[str, list[int]]:
    """The contents whose name has a term."""
    wanted = {term for term in asked if _tells(term)}
    found: dict[str, list[int]] = defaultdict(list)
    for content, place in scope.places.items():
        for term in _name_terms(place.name) & wanted:
            found[term].append(content)
    return found


@lru_cache(maxsize=100_000)
def _name_terms(name: str) -> frozenset[str]:
    stem = PurePosixPath(name).with_suffix("")
    return frozenset(filter(_tells, words.terms(str(stem).replace("_", " "))))


def _tells(term: str) -> bool:
    """Days and counters are in many names, and in many questions that mean something else."""
    return not re.fullmatch(r"\d\d?", term)


def _by_body(scope: Scope, weighed: Weighed) -> dict[str, dict[int, int]]:
    """In how many chunks of each content the rarer terms stand."""
    asked = weighed.rarest(filter(_tells, weighed.stems), ROOM)
    found: dict[str, dict[int, int]] = defaultdict(dict)
    if asked:
        quoted = [words.quoted(term) for term in asked]
        for term, content, chunks in scope.rows(_STANDING, asked=asked, quoted=quoted):
            found[term][content] = chunks
    return found
