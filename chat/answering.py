"""The workshop: an answer is written in a task of its own, whoever follows or leaves."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from contextvars import Context
from functools import partial

from django.db.models import F
from django.db.models.functions import Now

from chat.answers import dispatch
from chat.grounding import source_labels
from chat.models import Message, Provenance
from chat.record.draft import Draft
from localchat.lib import heartbeat
from localchat.lib.db_threads import threaded
from localchat.lib.errors import LocalChatError
from localchat.lib.hub import hub
from localchat.lib.sentences import Sentence
from models_mgmt import engines

logger = logging.getLogger(__name__)

GAVE_UP = Sentence(
    "Working on this question stopped LocalChat twice, so it is not tried again. Please ask it in"
    " other words."
)
ATTEMPTS = 3  # after that many broken ones the answer ends with what it had

_tasks: set[asyncio.Task[None]] = set()


def start(answer: Message) -> None:
    """Write the claimed answer in a task of its own, which owes nothing to who asked."""
    task = asyncio.create_task(write(answer), context=Context())
    _tasks.add(task)
    task.add_done_callback(_ended)


def _ended(task: "asyncio.Task[None]") -> None:
    """An answer whose task failed is found by the sweeper."""
    _tasks.discard(task)
    if not task.cancelled() and (error := task.exception()):
        logger.error("an answer broke off: %s", type(error).__name__)


async def finished() -> None:
    """Wait until no answer is being written in this process."""
    while _tasks:
        await asyncio.wait(set(_tasks))


def is_busy() -> bool:
    """Whether an answer is being written in this process."""
    return bool(_tasks)


async def write(answer: Message) -> None:
    """Take the claimed answer to its end, unless another process claims it."""
    loop = asyncio.get_running_loop()
    with hub().writing(answer.topic, answer.attempt) as writer:
        stop = writer.stopped.set
        with heartbeat.kept(answer, partial(_tell, loop, stop)) as beat:
            if answer.attempt > 1 and not answer.begun:
                writer.publish("restart")
            draft = await threaded(Draft)(answer, writer, beat)
            async with engines.asking(answer.owner_id, answer.topic, draft.line.tell):
                await _run(draft)
        await hub().flushed()


async def _run(draft: Draft) -> None:
    work = asyncio.create_task(_work(draft))
    stopped = asyncio.create_task(draft.writer.stopped.wait())
    await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not draft.ending:
        work.cancel()  # closes the connection to the engine
    with contextlib.suppress(asyncio.CancelledError):
        await work
    if work.cancelled() and not (draft.beat.lost or draft.writer.lost):
        await draft.end(Message.Status.STOPPED, "stopped")


async def _work(draft: Draft) -> None:
    try:
        reason = await dispatch.compose(draft)
        await source_labels.put(draft)
        draft.ending = True
        await draft.end(Message.Status.DONE, reason)
    except LocalChatError as error:
        await draft.fail(error)
    except Exception:
        logger.exception("message %d could not be answered", draft.answer.pk)
        await draft.fail(LocalChatError())


def _tell(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """From the heartbeat's thread. A loop that is closed has nobody who writes."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(stop)


def deserted() -> list[Message]:
    """Claim the answers whose writer died; those that died too often are ended here.

    Who got nowhere may have died of the question itself: the next one leaves it to the search
    alone, and if that gets nowhere either, nobody tries it again.
    """
    claimed: list[Message] = []
    for stale in Message.objects.stale().filter(role=Message.Role.ASSISTANT):
        nowhere = _got_nowhere(stale)
        if nowhere and stale.attempt > 1:
            _give_up(stale.pk, stale.attempt)
        elif stale.attempt >= ATTEMPTS:
            _interrupt(stale.pk, stale.attempt)
        elif answer := Message.objects.claim(stale.pk):
            answer.is_doubtful = nowhere
            claimed.append(answer)
    return claimed


def _got_nowhere(stale: Message) -> bool:
    """Its writer died while it found out what is asked; not while it waited for documents."""
    told = stale.text or stale.thinking or stale.cursor != "0-0"
    kept = Provenance.objects.filter(message=stale).exists()
    return not (told or kept or stale.wish.wait_for)


def _give_up(pk: int, attempt: int) -> None:
    """Fail it in words. Followers are told from the row."""
    Message.objects.filter(pk=pk, attempt=attempt, status=Message.Status.WRITING).update(
        status=Message.Status.FAILED,
        reason="failed",
        error="gave_up",
        problem=GAVE_UP,
        attempt=F("attempt") + 1,
        cursor=f"{attempt + 1}-1",
        finished=Now(),
    )


def _interrupt(pk: int, attempt: int) -> None:
    """End the answer with what it had. Followers are told from the row."""
    Message.objects.filter(pk=pk, attempt=attempt, status=Message.Status.WRITING).update(
        status=Message.Status.INTERRUPTED,
        reason="interrupted",
        attempt=F("attempt") + 1,
        cursor=f"{attempt + 1}-1",
        finished=Now(),
    )
