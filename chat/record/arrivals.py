"""Documents that are still being read when a question about them comes: what it waits for, or lacks."""

import asyncio
import time
from typing import NamedTuple

from chat.models import Message
from chat.record.draft import Draft
from documents.models import Document
from localchat.lib.db_threads import threaded
from localchat.lib.sentences import Sentence

LOOK_SECONDS = 0.5  # between two looks at what is waited for
TOLD = 50  # unfinished documents that are kept with an answer
COUNTED = (Document.Status.READING, Document.Status.EMBEDDING)


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
    return sorted(found, key=lambda each: (each.status not in COUNTED, -each.done, each.pk))


def _sentence(coming: list[Coming], pace: _Pace) -> Sentence:
    """`report.pdf: 120 of 305 passages, about 20 s`."""
    one = coming[0]
    if one.status == Document.Status.QUEUED:
        text = Sentence("%(name)s: waiting its turn", name=one.name)
    elif not one.total or one.status == Document.Status.CHUNKING:
        text = Sentence("%(name)s: being read", name=one.name)
    elif one.status == Document.Status.READING:
        text = Sentence(
            "%(name)s: %(done)s of %(total)s pages", name=one.name, done=one.done, total=one.total
        )
    else:
        text = Sentence(
            "%(name)s: %(done)s of %(total)s passages",
            name=one.name,
            done=one.done,
            total=one.total,
        )
    left = pace.left(one)
    if left is not None and left < 90:
        text = Sentence("%(text)s, about %(n)s s", text=text, n=max(1, round(left)))
    elif left is not None:
        text = Sentence("%(text)s, about %(n)s min", text=text, n=round(left / 60))
    more = len(coming) - 1
    return Sentence("%(text)s, and %(n)s more", text=text, n=more) if more else text


def _take_stock(draft: Draft) -> None:
    """What of the scope cannot be in the answer: what failed is said, what is unfinished kept."""
    mine = Document.objects.for_user(draft.user)
    failed = mine.filter(pk__in=draft.wish.wait_for or [], status=Document.Status.FAILED)
    draft.notes += [
        Sentence("%(name)s could not be read: %(problem)s", name=each.name, problem=each.problem)
        for each in failed
    ]
    if draft.wish.use_documents:
        rows = mine.in_scope(draft.user, **draft.scope).unfinished().order_by("pk")
        draft.unfinished = list(rows.values_list("pk", flat=True)[:TOLD])
