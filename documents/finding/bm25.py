"""BM25 of a chunk as an SQL expression over its columns `words` and `length`."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from documents.text import words

MANY = 20  # terms beyond which it is quicker to walk through all those of a chunk

_WALKED = """(
    SELECT sum(
        (%(weights)s::float8[])[array_position(%(terms)s::text[], lexeme)]
        * cardinality(positions) * %(k1)s::float8
        / (cardinality(positions) + %(flat)s::float8 + %(steep)s::float8 * length)
    )
    FROM unnest(words) WHERE lexeme = ANY (%(terms)s::text[])
)"""

# How often a term stands in a chunk PostgreSQL says only when all of them are unnested, which
# takes a function scan for each chunk. But ts_rank of one term is the sum of 1/j^2 over its
# places, by pi^2/6: from where it lies between two such sums the number follows, at a third
# of the cost.
_LOOKED_UP = """%(weight{n})s::float8 * (1 - (%(flat)s::float8 + %(steep)s::float8 * length) / (
    %(flat)s::float8 + %(steep)s::float8 * length + width_bucket(
        ts_rank('{{1,1,1,1}}', words, %(term{n})s::tsquery)::float8, %(borders)s::float8[]
    )
))"""
_RANK_LIMIT = 1.64493406685  # as PostgreSQL has it


def expression(
    weights: Mapping[str, float], *, k1: float, flat: float, steep: float
) -> tuple[str, dict[str, Any]]:
    """The expression and its parameters; `flat` + `steep` * length is how slowly terms saturate."""
    facts: dict[str, Any] = {"k1": k1, "flat": flat, "steep": steep}
    if not weights:
        return "0.0", facts
    if len(weights) > MANY:
        return _WALKED, facts | {"terms": list(weights), "weights": list(weights.values())}
    for n, (term, weight) in enumerate(weights.items()):
        facts |= {f"term{n}": words.quoted(term), f"weight{n}": weight}
    each = " + ".join(_LOOKED_UP.format(n=n) for n in range(len(weights)))
    return f"(%(k1)s::float8 * ({each}))", facts | {"borders": _borders()}


@cache
def _borders() -> str:
    """Between the ranks of a term that stands n - 1 and n times, for each n that a tsvector has."""
    rank, borders = 0.0, []
    for n in range(1, words.MOST_POSITIONS + 1):
        more = 1 / (n * n * _RANK_LIMIT)
        borders.append(rank + more / 2)
        rank += more
    return f"{{{','.join(f'{border:.12f}' for border in borders)}}}"
