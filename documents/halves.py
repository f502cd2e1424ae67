"""The two halves of a search: what the words find, and what the vectors find."""

from collections.abc import Sequence

from django.db import connection, transaction

from documents import words
from documents.models import Index, Term
from documents.scope import MINE, Scope
from documents.weighing import Weighed

HALF = 100  # chunks that each half puts forward
CANDIDATES = 600  # chunks whose BM25 is worked out, by each way of coming by them
EXACT = 30_000  # chunks up to which every vector of the scope is compared
EF_SEARCH = 200

Half = list[tuple[int, int]]  # chunk and content, best first

BM25 = """
    SELECT sum(
        (%(weights)s::float8[])[array_position(%(terms)s::text[], lexeme)]
        * cardinality(positions) * %(k1)s::float8
        / (cardinality(positions) + %(flat)s::float8 + %(steep)s::float8 * length)
    )
    FROM unnest(words) WHERE lexeme = ANY (%(terms)s::text[])"""

_BY_WORDS = f"""{MINE}, candidates AS MATERIALIZED (
    (SELECT id FROM mine WHERE words @@ %(every)s::tsquery LIMIT %(candidates)s)
    UNION
    (SELECT id FROM mine WHERE words @@ %(some)s::tsquery LIMIT %(candidates)s)
    UNION
    (SELECT id FROM mine WHERE words @@ %(alike)s::tsquery LIMIT %(candidates)s)
)
SELECT id, content_id FROM (
    SELECT chunk.id, content_id, ({BM25}) AS score
    FROM documents_chunk AS chunk JOIN candidates USING (id)
) AS scored
ORDER BY score DESC, id LIMIT %(half)s"""

_BY_VECTOR = f"""{MINE}, compared AS MATERIALIZED (
    SELECT id, content_id, embedding <=> %(vector)s::vector AS distance
    FROM mine WHERE embedding IS NOT NULL
)
SELECT id, content_id FROM compared ORDER BY distance, id LIMIT %(half)s"""

# The cast and the condition are those of `ensure_vector_index`.
_BY_VECTOR_INDEX = """
SELECT id, content_id FROM (
    SELECT id, content_id, embedding FROM documents_chunk
    WHERE index_id = {index} AND owner_id = %(owner)s AND content_id = ANY (%(contents)s)
    ORDER BY embedding::halfvec({dimensions}) <=> %(vector)s::halfvec({dimensions})
    LIMIT %(many)s
) AS near ORDER BY embedding <=> %(vector)s::vector, id LIMIT %(half)s"""

_SETTINGS = f"""
SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true),
    set_config('hnsw.ef_search', '{EF_SEARCH}', true)"""


def by_words(scope: Scope, weighed: Weighed, contents: Sequence[int]) -> Half:
    """Those with all the words, those with the rarest, those with alike ones; best first."""
    stems, grams = weighed.stems, weighed.grams
    if not weighed.weights:
        return []
    return _half(
        scope.rows(
            _BY_WORDS,
            **weighed.facts,
            every=" & ".join(map(words.quoted, stems)),
            some=" | ".join(map(words.quoted, weighed.rarest(stems, CANDIDATES))),
            alike=" | ".join(map(words.quoted, weighed.rarest(grams, CANDIDATES))),
            candidates=CANDIDATES,
            contents=contents,
            half=HALF,
        )
    )


def by_vector(scope: Scope, vector: Sequence[float], chunks: int, contents: Sequence[int]) -> Half:
    """The nearest of the contents, which have so many chunks."""
    facts = {"vector": str(vector), "half": HALF, "contents": contents}
    if chunks <= EXACT:
        return _half(scope.rows(_BY_VECTOR, **facts))
    sql = _BY_VECTOR_INDEX.format(index=scope.index.pk, dimensions=scope.index.dimensions)
    with transaction.atomic():
        scope.rows(_SETTINGS)
        return _half(scope.rows(sql, **facts, many=2 * HALF))


def _half(rows: list[tuple[int, ...]]) -> Half:
    return [(chunk, content) for chunk, content in rows]


def wants_vector_index(index: Index) -> bool:
    """Whether somebody's scope can be larger than EXACT and the graph is not there."""
    if not Term.objects.filter(term="#chunks", chunks__gt=EXACT).exists():
        return False
    return not _vector_index(index)


def ensure_vector_index(index: Index) -> None:
    """Build, beside running writes, the graph that scopes of more than EXACT chunks need."""
    name, dimensions = _index_name(index), int(index.dimensions)
    beside = "" if connection.in_atomic_block else "CONCURRENTLY"
    broke_off = _vector_index(index) is False
    with connection.cursor() as cursor:
        if broke_off:
            cursor.execute(f"DROP INDEX {beside} {name}")
        cursor.execute(
            f"CREATE INDEX {beside} IF NOT EXISTS {name} ON documents_chunk"
            f" USING hnsw ((embedding::halfvec({dimensions})) halfvec_cosine_ops)"
            f" WHERE index_id = {index.pk:d}"
        )


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
