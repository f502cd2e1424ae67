"""Finding passages: by their words (BM25) and by their vectors, fused by scores."""

import heapq
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import connection

from documents.finding import (
    answerability,
    candidates,
    document_weights,
    exact_forms,
    foreign_questions,
    fusion,
    quoted_phrases,
    repeated_passages,
    reranking,
    spelling,
    term_weights,
)
from documents.finding.answerability import Answerability, Seen
from documents.finding.candidates import Half
from documents.finding.fusion import Ranked, Scored
from documents.finding.scope import Place, Scope, array
from documents.finding.vector_search import Near, Nearest
from documents.models import Index
from documents.pages import page_states
from documents.text import claims, words
from localchat.lib.db_snapshot import one_moment
from localchat.lib.sentences import Sentence

ABOUT = 1  # documents that the question is most about: their best chunks are looked at anyway
BEST = 5  # passages that tell what the right ones are like
LACKING = "None of your passages mentions"  # so begins what is said of words that none has
TWINS = 12  # passages looked at beyond those asked for, in place of ones that say the same

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
    answerability: Answerability | None = None  # where it cannot be told
    reranked: str = ""  # the model that had a second look


LONG = 5  # passages, from which on a document's headings say where in it something stands

# Either score alone where its half has not worked it out already.
_FACTS = """
SELECT mine.id, content_id, position, passages - 1, heading,
    CASE WHEN mine.id = ANY (%(unworded)s::bigint[]) THEN BM25 END,
    CASE WHEN mine.id = ANY (%(unplaced)s::bigint[])
        THEN 1 - (embedding <=> %(vector)s::vector) END
FROM mine JOIN documents_content AS content ON content.id = content_id
WHERE mine.id = ANY (%(ids)s::bigint[])"""

_TEXTS = 'SELECT id, page, start, "end", heading, text FROM mine WHERE id = ANY (%(ids)s::bigint[])'


def search(
    user: User,
    query: str,
    *,
    limit: int = 8,
    collection: str | None = None,
    documents: Sequence[int] | None = None,
    of: Index | None = None,
) -> Found:
    """The passages of the person's documents that answer best, each content once, by the index in use."""
    # What a transaction has not committed, another connection would not see.
    beside = not connection.in_atomic_block
    with one_moment():  # a new version may be swapped in meanwhile
        index = of or Index.objects.current()
        if index is None:
            return Found([], [], 0, 0)
        nearest = Nearest(index, query)
        scope = Scope(user, index, collection, documents)
        if not scope.chunks:
            return Found([], [], scope.documents, 0)
        if beside:
            nearest.look(scope)
        looked = Search(scope, query, nearest)
        passages = looked.best(looked.order(), limit)
        short = page_states.shortfalls(user, {each.version for each in passages}, scope.named)
        notes = [*looked.notes, *filter(None, [looked.skipped]), *short]
        answerable = looked.answerability(passages)
        by = reranking.model() if any("reranked" in each.stages for each in passages) else ""
        return Found(passages, notes, scope.documents, scope.chunks, answerable, by)


class Search:
    """One question's way through the stages."""

    def __init__(self, scope: Scope, query: str, nearest: Nearest) -> None:
        self.scope, self.query, self.nearest = scope, query, nearest
        self.notes: list[str] = []
        self.weighed = term_weights.weigh(scope, query)
        self.notes += spelling.notes(scope, query, self.weighed.meant)
        if said := ", ".join(f"“{name}”" for name in self.weighed.strangers):
            self.notes.append(Sentence("None of your passages mentions %(words)s.", words=said))
        self.about = document_weights.worth_of_documents(scope, query, self.weighed)
        self.ranks: list[dict[int, int]] = [{}, {}]  # in each half, by chunk
        self.most_words = 0.0  # BM25 of the best passage by words
        self.quoted: dict[int, float] = {}  # share of the quoted phrases, by chunk
        self.exact: dict[int, float] = {}  # share of the rare numbers and the like, by chunk
        self.twins: dict[int, int] = {}  # the chunk that is shown in place of each that was folded
        self.is_foreign = False  # in another language than what is nearest
        self.skipped = ""  # why there was no second look that should have been

    def order(self) -> list[Ranked]:
        """All that were put forward, best first; each has both halves' scores."""
        by_words, by_vector = self.halves()
        halves = (by_words, by_vector)
        self.ranks = [{hit.chunk: n for n, hit in enumerate(half, start=1)} for half in halves]
        self.most_words = by_words[0].score if by_words else 0.0
        self.is_foreign, offers = foreign_questions.look(self.scope, self.query, by_vector)
        self.notes += offers
        if self.scope.documents > 1:
            closer = heapq.nlargest(ABOUT, self.about, key=self.about.__getitem__)
            again = self.halves(closer)
            by_words, by_vector = [*by_words, *again[0]], [*by_vector, *again[1]]
        quoting = quoted_phrases.find(self.scope, self.weighed, self.query)
        self.quoted = quoting.shares
        self.notes += quoting.notes
        exact = exact_forms.find(self.scope, self.weighed, self.query)
        self.exact = exact.shares
        return self.rated([*by_words, *quoting.hits, *exact.hits], by_vector)

    def rated(self, by_words: Half, by_vector: Half, others: Iterable[int] = ()) -> list[Ranked]:
        """Those chunks with all their scores, in the order of the last one."""
        bm25 = {hit.chunk: hit.score for hit in by_words}
        cosines = {hit.chunk: hit.score for hit in by_vector}
        chunks = {*bm25, *cosines, *others}
        of = {hit.content for hit in (*by_words, *by_vector)} if not others else None
        rows = self.scope.mine(
            _FACTS.replace("BM25", self.weighed.bm25),
            contents=of,
            **self.weighed.facts,
            ids=array(chunks),
            unworded=array(chunks - bm25.keys()),
            unplaced=array(chunks - cosines.keys()),
            vector=str(self.near.vector) if self.near.vector else None,
        )
        # The heading of a short document is its title: it tells no passage apart.
        headings = (heading for *_, last, heading, _, _ in rows if last >= LONG)
        asked_for = term_weights.headings_asked_for(self.scope, self.weighed, headings)
        found = [
            Scored(
                chunk,
                bm25.get(chunk, words_score or 0.0),
                cosines.get(chunk, cosine),
                content,
                position,
                last,
                self.about.get(content, 0.0),
                asked_for.get(heading, 0.0) if last >= LONG else 0.0,
                self.quoted.get(chunk, 0.0),
                self.exact.get(chunk, 0.0),
            )
            for chunk, content, position, last, heading, words_score, cosine in rows
        ]
        return fusion.ranked(self.with_kin(found), self.trust())

    def with_kin(self, found: list[Scored]) -> list[Scored]:
        """What is near to the best ones counts too: their words are more than the question's."""
        few = len(found) <= 2 * BEST  # of few, half are no best
        if self.near.vector is None or few or self.is_foreign:
            return found
        rated = zip(fusion.fused(found, self.trust()), found, strict=True)
        best = heapq.nlargest(BEST, rated, key=lambda each: each[0])
        contents = {each.content for each in found}
        chunks = [each.chunk for each in found]
        near = candidates.kin(self.scope, [each.chunk for _, each in best], chunks, contents)
        return [each._replace(kin=near.get(each.chunk)) for each in found]

    def best(self, order: Sequence[Ranked], limit: int) -> list[Passage]:
        """What is shown: each text once, and the first of them in the order of a second look."""
        found = self.distinct(order, max(limit, reranking.depth()))
        again = reranking.look(self.query, [_named(passage) for passage in found])
        self.skipped = again.note
        if not again.places:
            return found[:limit]
        # A place keeps its score, so that they fall as before.
        moved = [
            found[at]._replace(
                score=found[rank].score,
                stages={**found[at].stages, "reranked": score, "reranked_from": at + 1},
            )
            for rank, (at, score) in enumerate(again.places)
        ]
        return [*moved, *found[len(moved) :]][:limit]

    def distinct(self, order: Sequence[Ranked], limit: int) -> list[Passage]:
        """The best of them, those that say the same as a better one left out and counted there."""
        found = self.passages(order[: limit + TWINS])
        folds = repeated_passages.fold([passage.text for passage in found])[:limit]
        shown = []
        for place, others in folds:
            self.twins |= {found[other].chunk: found[place].chunk for other in others}
            stages = {**found[place].stages, "folded": len(others)}
            shown.append(found[place]._replace(stages=stages))
        return shown

    def passages(self, order: Sequence[Ranked]) -> list[Passage]:
        """With their texts and places."""
        contents = {each.scored.content for each in order}
        places = self.scope.places(contents)
        chunks = array(each.scored.chunk for each in order)
        rows = self.scope.mine(_TEXTS, contents=contents, ids=chunks)
        texts = {chunk: rest for chunk, *rest in rows}
        return [self.passage(each, places[each.scored.content], texts) for each in order]

    def passage(self, ranked: Ranked, place: Place, texts: dict[int, list[Any]]) -> Passage:
        chunk = ranked.scored.chunk
        page, start, end, heading, text = texts[chunk]
        stages = self.stages(ranked)
        return Passage(chunk, *place, page, start, end, heading, text, ranked.score, stages)

    def stages(self, ranked: Ranked) -> Stages:
        scored = ranked.scored
        return {
            "words": scored.words,
            "words_rank": self.ranks[0].get(scored.chunk),
            "vectors": scored.vectors,
            "vectors_rank": self.ranks[1].get(scored.chunk),
            "fused": ranked.fused,
            "neighbours": ranked.around,
            "kin": scored.kin,
            "document": scored.document,
            "heading": scored.heading,
            "quoted": scored.quoted,
            "exact": scored.exact,
        }

    def halves(self, contents: Sequence[int] | None = None) -> tuple[Half, Half]:
        by_words = candidates.by_words(self.scope, self.weighed, contents)
        if self.near.vector is None:
            return by_words, []
        if contents is None and self.near.half is not None:
            return by_words, self.near.half
        return by_words, candidates.by_vector(self.scope, self.near.vector, contents)

    def answerability(self, passages: Sequence[Passage]) -> Answerability | None:
        """That these answer. Other models than the built-in one have cosines of another kind."""
        language = words.language(self.query)
        first = [passage.text for passage in passages[: answerability.LOOKED_AT]]
        own_model = self.scope.index.is_usual
        judged = own_model or not self.near.vector
        if not (judged and answerability.can_be_judged(language, first)):
            return None
        meaning = own_model and language == "english"
        seen = [_seen(passage) for passage in passages]
        return answerability.measured(
            self.query, self.weighed, seen, self.scope.chunks, meaning=meaning
        )

    def trust(self) -> float:
        english_model = self.scope.index.knows_english_alone
        if self.is_foreign and not english_model:
            return fusion.FOREIGN_WEIGHT
        known = fusion.trust(words.language(self.query), english_model=english_model)
        if self.scope.chunks <= 2 * BEST or self.exact or claims.is_claim(self.query):
            return known  # among so few no word is rare; numbers and claims stand as in texts
        held = self.most_words / self.weighed.rarest_worth
        return fusion.in_own_words(known, held, self.most_words / max(self.weighed.most, 1.0))

    @cached_property
    def near(self) -> Near:
        """The other half; without a vector, and with a note, when there can be none in time."""
        found = self.nearest.found()
        self.notes += [found.note] if found.note else []
        return found


def _named(passage: Passage) -> str:
    return f"{passage.filename.replace('_', ' ')} {passage.heading} {passage.text}"


def _seen(passage: Passage) -> Seen:
    return Seen(_named(passage), passage.stages["vectors"], passage.stages["document"] or 0.0)
