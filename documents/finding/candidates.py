"""The two halves of a search: what the words find, and what the vectors find."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max, Sum

from documents.finding.scope import Scope, array
from documents.finding.term_weights import Weighed
from documents.models import Index, Term
from documents.text import words

HALF = 100  # chunks that each half puts forward
CANDIDATES = 600  # chunks whose BM25 is worked out, by each way of coming by them
EXACT = 30_000  # chunks up to which every vector of the scope is compared
EF_SEARCH = 200
SCANNED = 40_000  # vectors that the graph may look at in search of ones in scope


class Hit(NamedTuple):
    chunk: int
    content: int
    score: float  # BM25 or cosine


Half = list[Hit]  # best first

_CANDIDATES = "(SELECT id FROM mine WHERE words @@ %({way})s::tsquery LIMIT %(candidates)s)"
_BY_WORDS = """, candidates AS MATERIALIZED (CANDIDATES)
SELECT id, content_id, score FROM (
    SELECT chunk.id, content_id, BM25 AS score
    FROM documents_chunk AS chunk JOIN candidates USING (id)
) AS scored
ORDER BY score DESC, id LIMIT %(half)s"""

_BY_VECTOR = """, compared AS MATERIALIZED (
    SELECT id, content_id, embedding <=> %(vector)s::vector AS distance
    FROM mine WHERE embedding IS NOT NULL
)
SELECT id, content_id, 1 - distance FROM compared ORDER BY distance, id LIMIT %(half)s"""

_KIN = """, centre AS MATERIALIZED (
    SELECT avg(embedding) AS vector FROM mine WHERE id = ANY (%(best)s::bigint[])
)
SELECT mine.id, 1 - (embedding <=> centre.vector) FROM mine, centre
WHERE mine.id = ANY (%(ids)s::bigint[])"""

# The cast and the condition are those of `ensure_vector_index`.
_BY_VECTOR_INDEX = """
SELECT id, content_id, 1 - distance FROM (
    SELECT id, content_id, embedding <=> %(vector)s::vector AS distance FROM (
        SELECT id, content_id, embedding FROM mine WHERE vector_dims(embedding) = {dimensions}
        ORDER BY embedding::halfvec({dimensions}) <=> %(vector)s::halfvec({dimensions})
        LIMIT %(many)s
    ) AS near
) AS compared ORDER BY distance, id LIMIT %(half)s"""

_GRAPHS = """
SELECT quote_ident(indexname) FROM pg_indexes
WHERE tablename = 'documents_chunk' AND (indexdef LIKE %s OR indexdef LIKE %s)"""

_SETTINGS = f"""
SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true),
    set_config('hnsw.ef_search', '{EF_SEARCH}', true),
    set_config('hnsw.max_scan_tuples', '{SCANNED}', true)"""


def by_words(scope: Scope, weighed: Weighed, contents: Iterable[int] | None = None) -> Half:
    """Those with all the words, those with the rarest, those with alike ones; best first."""
    stems, grams = weighed.stems, weighed.grams
    ways = {
        "every": " & ".join(map(words.quoted, stems if len(stems) > 1 else [])),
        "some": " | ".join(map(words.quoted, weighed.rarest(stems, CANDIDATES))),
        "alike": " | ".join(map(words.quoted, weighed.rarest(grams, CANDIDATES))),
    }
    return _by_ways(
        scope, weighed, {way: each for way, each in ways.items() if each}, contents, most=HALF
    )


def by_phrase(scope: Scope, weighed: Weighed, phrase: str) -> Half:
    """Those that have the terms of a tsquery one after the other, best first."""
    return _by_ways(scope, weighed, {"phrase": phrase}, None, most=CANDIDATES)


def _by_ways(
    scope: Scope,
    weighed: Weighed,
    ways: dict[str, str],
    contents: Iterable[int] | None,
    *,
    most: int,
) -> Half:
    if not ways:
        return []
    candidates = " UNION ".join(_CANDIDATES.format(way=way) for way in ways)
    sql = _BY_WORDS.replace("CANDIDATES", candidates).replace("BM25", weighed.bm25)
    facts: dict[str, Any] = {**weighed.facts, **ways, "candidates": CANDIDATES}
    return [Hit(*row) for row in scope.mine(sql, contents=contents, half=most, **facts)]


def by_vector(scope: Scope, vector: Sequence[float], contents: Iterable[int] | None = None) -> Half:
    """The nearest in scope, or of the contents, which have few chunks."""
    facts: dict[str, Any] = {"vector": str(vector), "half": HALF}
    if contents is None and scope.chunks > EXACT:
        sql = _BY_VECTOR_INDEX.format(dimensions=scope.index.dimensions)
        with transaction.atomic(savepoint=False):
            scope.rows(_SETTINGS)
            rows = scope.mine(sql, in_passing=True, **facts, many=2 * HALF)
        if len(rows) == HALF:
            return [Hit(*row) for row in rows]
        # The graph gave up before it had met enough of what is in scope.
    return [Hit(*row) for row in scope.mine(_BY_VECTOR, contents=contents, **facts)]


def kin(
    scope: Scope, best: Iterable[int], chunks: Iterable[int], contents: Iterable[int]
) -> dict[int, float | None]:
    """Of each of the chunks, which are the contents', the cosine with the best ones' mean."""
    return dict(scope.mine(_KIN, contents=contents, best=array(best), ids=array(chunks)))


def wants_vector_index(index: Index) -> bool:
    """Whether somebody's scope can be larger than EXACT and the graph is not there."""
    counts = Term.objects.filter(term="#chunks")
    own = counts.filter(apart=None).aggregate(most=Max("chunks"))["most"] or 0
    shared = counts.exclude(apart=None).aggregate(all=Sum("chunks"))["all"] or 0
    if own + shared <= EXACT:
        return False
    return not _vector_index(index)


def ensure_vector_index(index: Index) -> None:
    """Build, beside running writes, the graph that scopes of more than EXACT chunks need."""
    name, dimensions = _index_name(index), int(index.dimensions)
    column = Index.Column(index.column).value
    beside = "" if connection.in_atomic_block else "CONCURRENTLY"
    broke_off = _vector_index(index) is False
    with connection.cursor() as cursor:
        if broke_off:
            cursor.execute(f"DROP INDEX {beside} {name}")
        cursor.execute(
            f"CREATE INDEX {beside} IF NOT EXISTS {name} ON documents_chunk"
            f" USING hnsw (({column}::halfvec({dimensions})) halfvec_cosine_ops)"
            f" WHERE vector_dims({column}) = {dimensions}"  # another model's may come to lie there
        )


def drop_vector_indexes(column: str) -> None:
    """Of whatever model: what another one writes there has other dimensions."""
    beside = "" if connection.in_atomic_block else "CONCURRENTLY"
    with connection.cursor() as cursor:
        cursor.execute(_GRAPHS, [f"%hnsw (({column})::halfvec%", f"%hnsw ((({column})::halfvec%"])
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {beside} IF EXISTS {name}")


def _vector_index(index: Index) -> bool | None:
    """Whether it is whole; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)",
            [_index_name(index)],
        )
        row = cursor.fetchone()
    return bool(row[0]) if row else None


def _index_name(index: Index) -> str:
    return f"chunk_near_{index.pk:d}"
