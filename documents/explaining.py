"""Why a passage was found where it was, or why it was not."""

from typing import NamedTuple

from django.contrib.auth.models import User

from documents.models import Index
from documents.ranking import Ranked
from documents.scope import FOUND_IN, Scope
from documents.search import Passage, Search

_NAMED = f"SELECT DISTINCT version.content_id {FOUND_IN} AND document.name = %(file)s"
_PASSAGES = """
SELECT id FROM mine WHERE %(page)s::int IS NULL OR page = %(page)s::int
ORDER BY content_id, position"""

HALVES = ("words", "vectors")


class Why(NamedTuple):
    rank: int | None  # from 1, among all that were put forward
    passage: Passage
    reason: str


def explain(
    user: User, query: str, *, file: str, page: int | None = None, collection: str | None = None
) -> list[Why]:
    """Each passage of the file, or of its page, in their order; empty where there is none."""
    index = Index.objects.current()
    if index is None:
        return []
    scope = Scope(user, index, collection, None)
    contents = [content for (content,) in scope.rows(_NAMED, file=file)]
    asked = [chunk for (chunk,) in scope.mine(_PASSAGES, contents=contents, page=page)]
    if not asked:
        return []
    looked = Search(scope, query)
    order = looked.order()
    ranks = {each.scored.chunk: rank for rank, each in enumerate(order, start=1)}
    left_out = [chunk for chunk in asked if chunk not in ranks]
    rated = [*order, *(looked.rated([], [], left_out) if left_out else [])]
    by_chunk = {each.scored.chunk: each for each in rated}
    passages = looked.passages([by_chunk[chunk] for chunk in asked])
    return [
        Why(ranks[passage.chunk], passage, f"Rank {ranks[passage.chunk]} of {len(order)}.")
        if passage.chunk in ranks
        else Why(None, passage, _left_out(by_chunk[passage.chunk], looked, order))
        for passage in passages
    ]


def _left_out(ranked: Ranked, looked: Search, order: list[Ranked]) -> str:
    """By how much it missed the first hundred of each half."""
    parts = [_missed(half, ranked, looked.ranks[n], order) for n, half in enumerate(HALVES)]
    return f"Not put forward: {'; '.join(parts)}."


def _missed(half: str, ranked: Ranked, ranks: dict[int, int], order: list[Ranked]) -> str:
    own: float | None = getattr(ranked.scored, half)
    found = [getattr(each.scored, half) for each in order if each.scored.chunk in ranks]
    scores = [score for score in found if score is not None]
    if own is None or not scores:
        return f"nothing was looked for by {half}"
    return f"by {half} {own:.3f}, and the last of {len(scores)} has {min(scores):.3f}"
