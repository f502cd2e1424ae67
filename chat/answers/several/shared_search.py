"""A search for a question that several models were asked at once, which need not be made for each."""

import asyncio

from chat.record.draft import Draft
from documents.finding import search
from documents.finding.search import Found
from localchat.lib.db_threads import threaded

KEPT_SECONDS = 60.0  # for the others, which may take longer until they search

_Key = tuple[str | None, str]  # of the question asked of several, and what is searched for
_searches: dict[_Key, "asyncio.Task[Found]"] = {}


async def found(draft: Draft, query: str, limit: int) -> Found:
    """What is found for the query in the draft's scope."""
    if draft.wish.together is None:
        return await _search(draft, query, limit)
    key = (draft.wish.together, query)
    if key not in _searches:
        _searches[key] = asyncio.create_task(_search(draft, query, limit))
        asyncio.get_running_loop().call_later(KEPT_SECONDS, _searches.pop, key, None)
    # One of them may be stopped; the others still want it.
    return await asyncio.shield(_searches[key])


async def _search(draft: Draft, query: str, limit: int) -> Found:
    return await threaded(search.search)(draft.user, query, limit=limit, **draft.scope)
