"""Of several models that were asked at once: what is told while an engine has another one of them.

An engine that queues by itself, and has room for one model at a time or for not all of them, says
nothing until it is a model's turn.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from chat.models import Message, Provenance
from chat.record import together
from chat.record.draft import Draft
from localchat.lib.db_threads import threaded
from models_mgmt import engines
from models_mgmt.engines import Call

LOOK_SECONDS = 1.0


@contextlib.asynccontextmanager
async def waited_for(
    draft: Draft, call: Call, begin: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """`begin`: tells what is done once it is this model's turn."""
    if draft.wish.together is None or engines.chatting(call.model).slots():
        yield
        return
    task = asyncio.create_task(_tell(draft, call, begin))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _tell(draft: Draft, call: Call, begin: Callable[[], Awaitable[None]]) -> None:
    told = 0
    await asyncio.sleep(LOOK_SECONDS)  # until the engine has begun, if it does
    while not (draft.text or draft.held or draft.thinking):
        before = await threaded(_before)(draft, call)
        if before != told and before:
            draft.line.wait(before + 1)
        elif told and not before:
            await begin()
            return
        told = before
        await asyncio.sleep(LOOK_SECONDS)


def _before(draft: Draft, call: Call) -> int:
    """How many of the others the engine has before this one; none once its model is loaded."""
    if engines.chatting(call.model).is_loaded(call) is not False:
        return 0
    writing = [each for each in together.others(draft.answer) if each.is_writing]
    asked = Provenance.objects.filter(engine=call.model.engine, message__in=writing)
    there = set(asked.values_list("message", flat=True))
    own = draft.answer.pk
    return sum(each.pk in there and (_has_begun(each) or each.pk < own) for each in writing)


def _has_begun(answer: Message) -> bool:
    return bool(answer.text or answer.thinking)
