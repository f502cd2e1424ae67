"""Any topic over HTTP, for who has no websocket."""

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from localchat.lib import following
from localchat.lib.api import Ok, event_stream, frames, person
from localchat.lib.db_threads import threaded
from localchat.lib.errors import NotFound

router = Router(tags=["Streams"])


# The operations' ids are those that generated clients know them by.
@router.get("/{topic}", operation_id="chat_api_stream")
async def stream(request: HttpRequest, topic: str, after: str = "") -> StreamingHttpResponse:
    """Take up any stream (`answer:42`, `document:7`, `pull:3`) after an event id.

    The id may also come as the header `Last-Event-ID`.
    """
    user = person(request)
    after = following.checked(after or request.headers.get("Last-Event-ID", ""))
    topics, pk = following.find(topic)
    if await threaded(topics.snapshot)(user, pk) is None:
        raise NotFound
    events = following.follow(user, topic, after)
    told = frames(events, lambda event: {**event, "topic": topic})
    return event_stream(told)


@router.post("/{topic}/stop", response=Ok, operation_id="chat_api_stop")
def stop(request: HttpRequest, topic: str) -> dict[str, bool]:
    """Ask for an end: at the latest a second later the engine's connection is closed."""
    following.stop(person(request), topic)
    return {"success": True}
