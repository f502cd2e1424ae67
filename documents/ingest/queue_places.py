"""Documents that wait their turn: their places in the line, and telling them when they move up."""

import time

from documents.models import Document
from localchat.lib import events

TOLD = 20  # first in the line, who hear of every step; the others' places are seen when asked for
TELL_SECONDS = 1.0

_told = 0.0


def places() -> dict[int, int]:
    """From 1, by document: whose turn comes when, over all people."""
    line = Document.objects.in_line().values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(line, start=1)}


def place(document: Document) -> int | None:
    if document.status != Document.Status.QUEUED:
        return None
    before = Document.objects.in_line().before(document)
    return before.count() + 1


def tell() -> None:
    """Tell the first in the line where they are now. Called at every step, done once a second."""
    global _told
    now = time.monotonic()
    if now - _told < TELL_SECONDS:
        return
    _told = now
    first = Document.objects.in_line().values_list("pk", "attempt")[:TOLD]
    events.tell(
        (f"document:{pk}", attempt, {"type": "progress", **progress(place)})
        for place, (pk, attempt) in enumerate(first, start=1)
    )


def progress(place: int) -> dict[str, object]:
    return {"stage": "queued", "done": 0, "total": 0, "place": place}
