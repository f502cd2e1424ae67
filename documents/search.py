"""Finding passages: by their words (BM25) and by their vectors, fused by scores."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.auth.models import User

from documents import halves, naming, ranking, weighing, words
from documents.halves import Half
from documents.models import Index
from documents.ranking import Ranked, Scored
from documents.scope import MINE, Place, Scope
from localchat.lib.errors import EngineError
from localchat.lib.moments import one_moment
from models_mgmt import engines

ABOUT = 1  # documents that the question is most about: their best chunks are looked at anyway
EMBED_SECONDS = 10.0
WORDS_ALONE = "Searched by words alone: "

Stages = dict[str, float | int | None]


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
    stages: Stages


class Found(NamedTuple):
    passages: list[Passage]  # best first
    notes: list[str]  # sentences
    documents: int  # in scope
    chunks: int  # in scope


LONG = 5  # passages, from which on a document's headings say where in it something stands
HEADING = 4  # its place in a row of _DETAILS
_DETAILS = f"""{MINE}
SELECT id, page, start, "end", heading, text, content_id, position, (
    SELECT max(position) FROM documents_chunk AS other
    WHERE other.content_id = mine.content_id AND other.index_id = mine.index_id
), ({halves.BM25}), 1 - (embedding <=> %(vector)s::vector)
FROM mine WHERE id = ANY (%(ids)s::bigint[])"""


def search(
    user: User,
    query: str,
    *,
    limit: int = 8,
    collection: str | None = None,
    documents: Sequence[int] | None = None,
) -> Found:
    """The passages of the person's documents that answer best, each content once."""
    with one_moment():  # a new version may be swapped in meanwhile
        return _searched(user, query, limit, collection, documents)


def _searched(
    user: User, query: str, limit: int, collection: str | None, documents: Sequence[int] | None
) -> Found:
    index = Index.objects.current()
    if index is None:
        return Found([], [], 0, 0)
    scope = Scope(user, index, collection, documents)
    chunks = scope.chunks()
    if not chunks:
        return Found([], [], len(scope.places), 0)
    looked = Search(scope, query, chunks)
    return Found(looked.passages()[:limit], looked.notes, len(scope.places), chunks)


class Search:
    """One question's way through the stages."""

    def __init__(self, scope: Scope, query: str, chunks: int) -> None:
        self.scope, self.query, self.chunks = scope, query, chunks
        self.notes: list[str] = []
        pool = ThreadPoolExecutor(1)
        self.embedding = pool.submit(_embed, scope.index, query)
        pool.shutdown(wait=False)
        self.weighed = weighing.weigh(scope, query)
        self.about = naming.evidence(scope, query, self.weighed)
        self.ranks: list[dict[int, int]] = [{}, {}]  # in each half, by chunk

    def passages(self) -> list[Passage]:
        """All that were put forward, in one order; each has both halves' scores."""
        by_words, by_vector = self.halves(list(self.scope.places), self.chunks)
        closer = sorted(self.about, key=lambda content: -self.about[content])[:ABOUT]
        again = self.halves(closer, 0) if len(self.scope.places) > 1 else ([], [])
        self.ranks = [_ranks(half) for half in (by_words, by_vector)]
        return self.rated([*by_words, *by_vector, *again[0], *again[1]])

    def rated(self, chunks: Half) -> list[Passage]:
        """Those chunks with all their scores, in the order of the last one."""
        rows = self.details(chunks)
        asked_for = weighing.headings_asked_for(
            self.scope, self.weighed, (row[HEADING] for row in rows.values())
        )
        found = [_scored(row, self.about, asked_for) for row in rows.values()]
        places = self.scope.places
        return [
            _passage(rows[each.scored.chunk], places[each.scored.content], each, self.ranks)
            for each in ranking.ranked(found, self.trust())
        ]

    def halves(self, contents: Sequence[int], chunks: int) -> tuple[Half, Half]:
        by_words = halves.by_words(self.scope, self.weighed, contents)
        if self.vector is None:
            return by_words, []
        return by_words, halves.by_vector(self.scope, self.vector, chunks, contents)

    def details(self, chunks: Half) -> dict[int, tuple[Any, ...]]:
        rows = self.scope.rows(
            _DETAILS,
            **self.weighed.facts,
            ids=list({chunk for chunk, _ in chunks}),
            contents=list({content for _, content in chunks}),
            vector=str(self.vector) if self.vector else None,
        )
        return {row[0]: row for row in rows}

    def trust(self) -> float:
        language = words.language(self.query)
        return ranking.trust(language, english_model=self.scope.index.engine == "builtin")

    @cached_property
    def vector(self) -> list[float] | None:
        """The question as a vector; None, with a note, when the engine cannot make one in time."""
        try:
            vector = self.embedding.result(EMBED_SECONDS)
        except TimeoutError:
            self.notes.append(WORDS_ALONE + "the embedding model takes too long to answer.")
            return None
        except EngineError as error:
            self.notes.append(WORDS_ALONE + error.message)
            return None
        if len(vector) != self.scope.index.dimensions:
            self.notes.append(WORDS_ALONE + "the documents were read with another model.")
            return None
        return vector


def _embed(index: Index, text: str) -> list[float]:
    return engines.named(index.engine).embed(index.name, [text])[0]


def _ranks(half: Half) -> dict[int, int]:
    return {chunk: rank for rank, (chunk, _) in enumerate(half, start=1)}


def _scored(row: tuple[Any, ...], about: dict[int, float], asked_for: dict[str, float]) -> Scored:
    chunk, *_, content, position, last, bm25, cosine = row
    document = about.get(content, 0.0)
    # The heading of a short document is its title: it tells no passage from another.
    heading = asked_for.get(row[HEADING], 0.0) if last >= LONG else 0.0
    return Scored(chunk, bm25 or 0.0, cosine, content, position, last, document, heading)


def _passage(
    row: tuple[Any, ...], place: Place, ranked: Ranked, ranks: Sequence[dict[int, int]]
) -> Passage:
    chunk, page, start, end, heading, text, *_ = row
    stages: Stages = {
        "words": ranked.scored.words,
        "words_rank": ranks[0].get(chunk),
        "vectors": ranked.scored.vectors,
        "vectors_rank": ranks[1].get(chunk),
        "fused": ranked.fused,
        "neighbours": ranked.around,
        "document": ranked.scored.document,
        "heading": ranked.scored.heading,
    }
    return Passage(chunk, *place, page, start, end, heading, text, ranked.score, stages)
