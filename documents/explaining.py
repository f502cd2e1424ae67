"""Why a passage was found where it was, or why it was not."""

from typing import NamedTuple

from django.contrib.auth.models import User

from documents.models import Index
from documents.scope import MINE, Scope
from documents.search import Passage, Search

_PASSAGES = f"""{MINE}
SELECT id, content_id FROM mine WHERE %(page)s::int IS NULL OR page = %(page)s::int
ORDER BY content_id, position"""


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
    contents = [content for content, place in scope.places.items() if place.name == file]
    asked = [(pk, of) for pk, of in scope.rows(_PASSAGES, contents=contents, page=page)]
    if not asked:
        return []
    looked = Search(scope, query, scope.chunks())
    order = looked.passages()
    places = {passage.chunk: (rank, passage) for rank, passage in enumerate(order, start=1)}
    left_out = [(pk, content) for pk, content in asked if pk not in places]
    rated = {passage.chunk: passage for passage in looked.rated(left_out)} if left_out else {}
    return [
        Why(*places[pk], f"Rank {places[pk][0]} of {len(order)}.")
        if pk in places
        else Why(None, rated[pk], _left_out(rated[pk], order))
        for pk, _ in asked
    ]


def _left_out(passage: Passage, order: list[Passage]) -> str:
    """By how much it missed the first hundred of each half."""
    parts = [_missed(passage, order, half) for half in ("words", "vectors")]
    return f"Not put forward: {'; '.join(parts)}."


def _missed(passage: Passage, order: list[Passage], half: str) -> str:
    own = passage.stages[half]
    forward = [each.stages[half] for each in order if each.stages[f"{half}_rank"] is not None]
    scores = [score for score in forward if score is not None]
    if own is None or not scores:
        return f"nothing was looked for by {half}"
    return f"by {half} {own:.3f}, and the last of {len(scores)} has {min(scores):.3f}"
