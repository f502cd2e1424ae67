"""Documents that are still being read when a question about them comes: what it waits for, or lacks."""

import asyncio
import time
from typing import NamedTuple

from chat.models import Message
from chat.record.draft import Draft
from documents.models import Document
from localchat.lib.db_threads import threaded

LOOK_SECONDS = 0.5  # between two looks at what is waited for
TOLD = 50  # unfinished documents that are kept with an answer
_UNITS = {Document.Status.READING: "pages", Document.Status.EMBEDDING: "passages"}


class Coming(NamedTuple):
    pk: int
    name: str
    status: str
    done: int
    total: int


class _Pace:
    """How quickly what is waited for comes in, from what was seen of it."""

    def __init__(self) -> None:
        self.seen: dict[tuple[int, str], tuple[float, int]] = {}

    def left(self, each: Coming) -> float | None:
        """Seconds, where anything is known."""
        now = time.monotonic()
        began, first = self.seen.setdefault((each.pk, each.status), (now, each.done))
        if each.done <= first or now - began < 2 * LOOK_SECONDS:
            return None
        return (each.total - each.done) * (now - began) / (each.done - first)


async def come_in(draft: Draft) -> None:
    """Wait until all that the question waits for is in, has failed, or is waited for no more."""
    pace, told = _Pace(), ""
    while draft.wish.wait_for:
        coming = await threaded(_coming)(draft)
        if not coming:
            break
        text = _sentence(coming, pace)
        if text != told:
            one = coming[0]
            draft.writer.publish(
                "progress",
                stage="documents",
                done=one.done,
                total=one.total,
                document=one.pk,
                filename=one.name,
                text=text,
            )
            told = text
        await asyncio.sleep(LOOK_SECONDS)
    await threaded(_take_stock)(draft)


def _coming(draft: Draft) -> list[Coming]:
    """What is still to come, who is furthest first; the row says what is waited for now."""
    row = Message.objects.filter(pk=draft.answer.pk).values_list("request", flat=True).first()
    draft.answer.request = row or draft.answer.request
    draft.wish = draft.answer.wish
    rows = Document.objects.for_user(draft.user).filter(pk__in=draft.wish.wait_for or [])
    found = [
        Coming(each.pk, each.name, each.status, each.done, each.total) for each in rows.unfinished()
    ]
    return sorted(found, key=lambda each: (each.status not in _UNITS, -each.done, each.pk))


def _sentence(coming: list[Coming], pace: _Pace) -> str:
    """`report.pdf: 120 of 305 passages, about 20 s`."""
    one = coming[0]
    text = f"{one.name}: waiting its turn"
    if one.status != Document.Status.QUEUED:
        unit = _UNITS.get(Document.Status(one.status))
        counted = unit and one.total
        text = f"{one.name}: {f'{one.done:,} of {one.total:,} {unit}' if counted else 'being read'}"
    left = pace.left(one)
    if left is not None:
        text += f", about {max(1, round(left))} s" if left < 90 else f", about {left / 60:.0f} min"
    return text + (f", and {len(coming) - 1} more" if coming[1:] else "")


def _take_stock(draft: Draft) -> None:
    """What of the scope cannot be in the answer: what failed is said, what is unfinished kept."""
    mine = Document.objects.for_user(draft.user)
    failed = mine.filter(pk__in=draft.wish.wait_for or [], status=Document.Status.FAILED)
    draft.notes += [f"{each.name} could not be read: {each.problem}" for each in failed]
    if draft.wish.use_documents:
        rows = mine.in_scope(**draft.scope).unfinished().order_by("pk")
        draft.unfinished = list(rows.values_list("pk", flat=True)[:TOLD])
