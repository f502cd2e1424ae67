"""Finding passages: by their words (BM25) and by their vectors, fused by scores."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import connection, transaction

from documents import ranking, words
from documents.models import Index
from documents.ranking import Scored
from localchat.lib.errors import EngineError, EngineStalled
from models_mgmt import engines

HALF = 100  # chunks that each half puts forward
CANDIDATES = 1000  # chunks whose BM25 is worked out
EXACT = 30_000  # chunks up to which every vector of the scope is compared
EF_SEARCH = 200
EMBED_SECONDS = 10.0
LARGEST = 2**63  # what a row's number can be
WORDS_ALONE = "Searched by words alone: "


class Passage(NamedTuple):
    chunk: int
    document: int
    version: int
    filename: str
    page: int | None  # from 1
    start: int
    end: int
    heading: str
    text: str
    score: float  # 0 to 1
    stages: dict[str, float | int | None]


Half = list[tuple[int, int, float]]  # chunk, content, score; best first


class Found(NamedTuple):
    passages: list[Passage]  # best first
    notes: list[str]  # sentences
    documents: int  # in scope
    chunks: int  # in scope


# Every statement below begins so: no chunk is reached but through a document of its owner.
_SCOPE = """
WITH scope AS MATERIALIZED (
    SELECT DISTINCT ON (version.content_id)
        version.content_id, version.id AS version_id, document.id AS document_id, document.name
    FROM documents_document AS document
    JOIN documents_version AS version ON version.id = document.current_id
    JOIN documents_collection AS collection ON collection.id = document.collection_id
    WHERE document.owner_id = %(owner)s
    AND (%(collection)s::text IS NULL OR upper(collection.name) = upper(%(collection)s))
    AND (%(documents)s::bigint[] IS NULL OR document.id = ANY (%(documents)s::bigint[]))
    AND (%(contents)s::bigint[] IS NULL OR version.content_id = ANY (%(contents)s::bigint[]))
    ORDER BY version.content_id, document.id
), mine AS NOT MATERIALIZED (
    SELECT chunk.* FROM documents_chunk AS chunk
    WHERE chunk.owner_id = %(owner)s AND chunk.index_id = %(index)s
    AND chunk.content_id IN (SELECT content_id FROM scope)
)"""

_COUNT = f"""{_SCOPE}
SELECT (SELECT count(*) FROM scope), (SELECT count(*) FROM mine)"""

_BM25 = """
    SELECT sum(asked.weight * cardinality(has.positions) * %(k1)s::float8 / (
        cardinality(has.positions) + %(flat)s::float8 + %(steep)s::float8 * length
    ))
    FROM unnest(words) AS has
    JOIN unnest(%(terms)s::text[], %(weights)s::float8[]) AS asked (term, weight)
    ON asked.term = has.lexeme"""

_BY_WORDS = f"""{_SCOPE}, candidates AS MATERIALIZED (
    (SELECT id FROM mine WHERE words @@ %(every)s::tsquery LIMIT %(candidates)s)
    UNION
    (SELECT id FROM mine WHERE words @@ %(some)s::tsquery LIMIT %(candidates)s)
)
SELECT chunk.id, content_id, ({_BM25}) AS score
FROM documents_chunk AS chunk JOIN candidates USING (id)
ORDER BY score DESC, chunk.id LIMIT %(half)s"""

_BY_VECTOR = f"""{_SCOPE}, compared AS MATERIALIZED (
    SELECT id, content_id, embedding <=> %(vector)s::vector AS distance
    FROM mine WHERE embedding IS NOT NULL
)
SELECT id, content_id, 1 - distance FROM compared ORDER BY distance, id LIMIT %(half)s"""

_CONTENTS = f"{_SCOPE} SELECT array_agg(content_id) FROM scope"

# The cast and the condition are those of `ensure_vector_index`.
_BY_VECTOR_INDEX = """
SELECT id, content_id, 1 - (embedding <=> %(vector)s::vector) AS score FROM (
    SELECT id, content_id, embedding FROM documents_chunk
    WHERE index_id = {index} AND owner_id = %(owner)s AND content_id = ANY (%(contents)s)
    ORDER BY embedding::halfvec({dimensions}) <=> %(vector)s::halfvec({dimensions})
    LIMIT %(many)s
) AS near ORDER BY score DESC, id LIMIT %(half)s"""

_SETTINGS = f"""
SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true),
    set_config('hnsw.ef_search', '{EF_SEARCH}', true)"""

_DETAILS = f"""{_SCOPE}
SELECT chunk.id, document_id, version_id, name, page, start, "end", heading, text,
    ({_BM25}), 1 - (embedding <=> %(vector)s::vector)
FROM mine AS chunk JOIN scope USING (content_id) WHERE chunk.id = ANY (%(ids)s::bigint[])"""


def search(
    user: User,
    query: str,
    *,
    limit: int = 8,
    collection: str | None = None,
    documents: Sequence[int] | None = None,
) -> Found:
    """The passages of the person's documents that answer best, each content once."""
    index = Index.objects.current()
    if index is None:
        return Found([], [], 0, 0)
    return _Search(user, index, query, collection, documents).run(limit)


class _Search:
    def __init__(
        self,
        user: User,
        index: Index,
        query: str,
        collection: str | None,
        documents: Sequence[int] | None,
    ) -> None:
        self.index, self.query = index, query
        self.notes: list[str] = []
        self.facts: dict[str, Any] = {
            "owner": user.pk,
            "index": index.pk,
            "collection": collection and collection.replace("\0", ""),
            "documents": None if documents is None else [pk for pk in documents if pk < LARGEST],
            "contents": None,  # all that are in scope
            "half": HALF,
            "candidates": CANDIDATES,
            "vector": None,
        }

    def run(self, limit: int) -> Found:
        in_scope, chunks = self.rows(_COUNT)[0]
        if not chunks:
            return Found([], [], in_scope, 0)
        self.weigh()
        by_words = self.by_words()
        by_vector = self.by_vector(chunks)
        passages = self.passages(by_words, by_vector)
        return Found(passages[:limit], self.notes, in_scope, chunks)

    def rows(self, sql: str, **facts: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, {**self.facts, **facts})
            return list(cursor.fetchall())

    def weigh(self) -> None:
        """What each term of the question is worth. Terms that stand nowhere are left out."""
        asked = words.query(self.query)
        counted: dict[str, int] = dict(
            self.rows(
                "SELECT term, chunks FROM documents_term"
                " WHERE owner_id = %(owner)s AND term = ANY (%(asked)s)",
                asked=[*asked, "#chunks", "#terms"],
            )
        )
        chunks = max(counted.get("#chunks", 0), 1)
        average = max(counted.get("#terms", 0) / chunks, 1.0)
        self.counts = {term: counted[term] for term in asked if counted.get(term, 0) > 0}
        self.weights = {term: ranking.idf(n, chunks) for term, n in self.counts.items()}
        self.facts |= {
            "terms": list(self.weights),
            "weights": list(self.weights.values()),
            "k1": ranking.K1 + 1,
            "flat": ranking.K1 * (1 - ranking.B),
            "steep": ranking.K1 * ranking.B / average,
        }

    def by_words(self) -> Half:
        """The chunks with all the words, and those with the rarest ones, best first."""
        if not self.weights:
            return []
        every = " & ".join(map(words.quoted, self.weights))
        some = " | ".join(map(words.quoted, self.rarest()))
        return self.rows(_BY_WORDS, every=every, some=some)

    def rarest(self) -> list[str]:
        """As many of the rarest terms as stand in CANDIDATES chunks together; at least one."""
        picked: list[str] = []
        room = CANDIDATES
        for term in sorted(self.counts, key=self.counts.__getitem__):
            room -= self.counts[term]
            if picked and room < 0:
                break
            picked.append(term)
        return picked

    def by_vector(self, chunks: int) -> Half:
        vector = self.embedded()
        if vector is None:
            return []
        self.facts["vector"] = str(vector)
        if chunks <= EXACT:
            return self.rows(_BY_VECTOR)
        contents = self.rows(_CONTENTS)[0][0]
        sql = _BY_VECTOR_INDEX.format(index=self.index.pk, dimensions=self.index.dimensions)
        with transaction.atomic():
            self.rows(_SETTINGS)
            return self.rows(sql, contents=contents, many=2 * HALF)

    def embedded(self) -> list[float] | None:
        """The question as a vector; None, with a note, when the engine cannot make one."""
        try:
            vector = _embed(self.index, self.query)
        except EngineError as error:
            self.notes.append(WORDS_ALONE + error.message)
            return None
        if len(vector) != self.index.dimensions:
            self.notes.append(WORDS_ALONE + "the documents were read with another model.")
            return None
        return vector

    def passages(self, by_words: Half, by_vector: Half) -> list[Passage]:
        """Both hundreds in one order. Who came by one half alone is given the other's score too."""
        ranks = [
            {chunk: rank for rank, (chunk, *_) in enumerate(half, start=1)}
            for half in (by_words, by_vector)
        ]
        contents = list({content for _, content, _ in by_words + by_vector})
        ids = list({**ranks[0], **ranks[1]})
        rows = {row[0]: row for row in self.rows(_DETAILS, ids=ids, contents=contents)}
        found = [
            Scored(pk, bm25 or 0.0, cosine, self.name_match(name))
            for pk, _, _, name, *_, bm25, cosine in rows.values()
        ]
        return [
            _passage(rows[each.chunk], score, each, *(rank.get(each.chunk) for rank in ranks))
            for score, each in ranking.fused(found)
        ]

    def name_match(self, name: str) -> float:
        return ranking.named(self.weights, words.terms(name.replace("_", " ")))


def _embed(index: Index, text: str) -> list[float]:
    """One vector. Raises EngineError, also when it takes longer than a question can wait."""
    pool = ThreadPoolExecutor(1)
    try:
        future = pool.submit(engines.named(index.engine).embed, index.name, [text])
        return future.result(EMBED_SECONDS)[0]
    except TimeoutError as error:
        raise EngineStalled("The embedding model takes too long to answer.") from error
    finally:
        pool.shutdown(wait=False)


def _passage(
    row: tuple[Any, ...],
    score: float,
    each: Scored,
    words_rank: int | None,
    vector_rank: int | None,
) -> Passage:
    chunk, document, version, name, page, start, end, heading, text, *_ = row
    stages = {
        "words": each.words,
        "words_rank": words_rank,
        "vectors": each.vectors,
        "vectors_rank": vector_rank,
        "name": each.name,
    }
    return Passage(chunk, document, version, name, page, start, end, heading, text, score, stages)


def ensure_vector_index(index: Index) -> None:
    """Build, beside running writes, the graph that scopes of more than EXACT chunks need."""
    name, dimensions = f"chunk_near_{index.pk:d}", int(index.dimensions)
    beside = "" if connection.in_atomic_block else "CONCURRENTLY"
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
        if (state := cursor.fetchone()) and not state[0]:  # an earlier build broke off
            cursor.execute(f"DROP INDEX {beside} {name}")
        cursor.execute(
            f"CREATE INDEX {beside} IF NOT EXISTS {name} ON documents_chunk"
            f" USING hnsw ((embedding::halfvec({dimensions})) halfvec_cosine_ops)"
            f" WHERE index_id = {index.pk:d}"
        )
