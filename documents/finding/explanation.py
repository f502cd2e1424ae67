"""Why a passage was found where it was, or why it was not."""

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import User

from documents.finding.fusion import Ranked
from documents.finding.scope import FOUND_IN, Scope
from documents.finding.search import Passage, Search
from documents.finding.vector_search import Nearest
from documents.models import Index
from localchat.lib.db_snapshot import one_moment
from localchat.lib.sentences import Sentence

_NAMED = f"""
SELECT DISTINCT version.content_id {FOUND_IN}
AND (%(file)s::text IS NULL OR document.name = %(file)s)
AND (%(document)s::bigint IS NULL OR document.id = %(document)s)"""
_PASSAGES = """
SELECT id FROM mine
WHERE (%(page)s::int IS NULL OR page = %(page)s) AND (%(chunk)s::bigint IS NULL OR id = %(chunk)s)
ORDER BY content_id, position"""

HALVES = ("words", "vectors")
NOT_LOOKED = {
    "words": Sentence("nothing was looked for by words"),
    "vectors": Sentence("nothing was looked for by vectors"),
}


class Why(NamedTuple):
    rank: int | None  # from 1, among all that were put forward, each text once
    passage: Passage
    reason: str


class Asked(NamedTuple):
    """The passages to be explained: each fact narrows them further."""

    file: str | None = None
    document: int | None = None
    page: int | None = None
    chunk: int | None = None


@one_moment()
def explain(
    user: User,
    query: str,
    asked_for: Asked,
    *,
    collection: str | None = None,
    documents: Sequence[int] | None = None,
) -> list[Why]:
    """Each such passage, in their order; empty where there is none in scope."""
    index = Index.objects.current()
    if index is None:
        return []
    scope = Scope(user, index, collection, documents)
    facts = asked_for._asdict()
    contents = [content for (content,) in scope.rows(_NAMED, **facts)]
    asked = [chunk for (chunk,) in scope.mine(_PASSAGES, contents=contents, **facts)]
    if not asked:
        return []
    looked = Search(scope, query, Nearest(index, query))
    order = looked.order()
    placed = {each.scored.chunk for each in order}
    left_out = [chunk for chunk in asked if chunk not in placed]
    rated = [*order, *(looked.rated([], [], left_out) if left_out else [])]
    by_chunk = {each.scored.chunk: each for each in rated}
    shown = looked.best(order, len(order))
    ranks = {passage.chunk: rank for rank, passage in enumerate(shown, start=1)}
    passages = {each.chunk: each for each in looked.passages([by_chunk[each] for each in asked])}
    passages |= {passage.chunk: passage for passage in shown if passage.chunk in passages}

    def reason(chunk: int) -> str:
        if chunk in ranks:
            rank = Sentence("Rank %(rank)s of %(n)s.", rank=ranks[chunk], n=len(shown))
            if not looked.skipped:
                return rank
            return Sentence("%(rank)s %(skipped)s", rank=rank, skipped=looked.skipped)
        if chunk in looked.twins:
            rank_of_twin = ranks[looked.twins[chunk]]
            return Sentence("Folded: it says the same as rank %(rank)s.", rank=rank_of_twin)
        return _left_out(by_chunk[chunk], looked, order)

    return [Why(ranks.get(chunk), passages[chunk], reason(chunk)) for chunk in asked]


def _left_out(ranked: Ranked, looked: Search, order: list[Ranked]) -> Sentence:
    """By how much it missed the first hundred of each half."""
    by_words, by_vectors = (
        _missed(half, ranked, looked.ranks[n], order) for n, half in enumerate(HALVES)
    )
    return Sentence("Not put forward: %(one)s; %(other)s.", one=by_words, other=by_vectors)


def _missed(half: str, ranked: Ranked, ranks: dict[int, int], order: list[Ranked]) -> Sentence:
    own: float | None = getattr(ranked.scored, half)
    found = [getattr(each.scored, half) for each in order if each.scored.chunk in ranks]
    scores = [score for score in found if score is not None]
    if own is None or not scores:
        return NOT_LOOKED[half]
    own_score, n, least = f"{own:.3f}", len(scores), f"{min(scores):.3f}"
    by_words = Sentence(
        "by words %(own)s, and the last of %(n)s has %(least)s", own=own_score, n=n, least=least
    )
    by_vectors = Sentence(
        "by vectors %(own)s, and the last of %(n)s has %(least)s", own=own_score, n=n, least=least
    )
    return by_words if half == "words" else by_vectors
