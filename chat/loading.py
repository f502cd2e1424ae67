"""The front desk for who begins to type: the model is loaded, and reads how the prompt will begin."""

import asyncio
import logging
from contextvars import Context

from django.contrib.auth.models import User

from chat import answering
from chat.answers import beginning
from chat.models import Conversation, Message
from chat.question import kept_manner, model_settings
from chat.question.asked import window
from chat.question_parsing import Wish
from chat.record.talk import talk_before
from localchat.lib.db_threads import threaded
from localchat.lib.errors import LocalChatError, NotFound
from models_mgmt import choosing, engines
from models_mgmt.engines import Call, last_read

logger = logging.getLogger(__name__)

_tasks: set[asyncio.Task[None]] = set()


async def begin(user: User, wish: Wish, conversation: int | None) -> None:
    """In a task of its own, unless a model is busy here or has read it. Raises NotFound."""
    answer = await threaded(next_answer)(user, wish, conversation)
    if _tasks or answering.is_busy():
        return
    task = asyncio.create_task(_load(answer), context=Context())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


def is_busy() -> bool:
    """Whether a model is being loaded for somebody who types."""
    return bool(_tasks)


async def finished() -> None:
    """Wait until nothing is being loaded by this process."""
    while _tasks:
        await asyncio.wait(set(_tasks))


def next_answer(user: User, wish: Wish, conversation: int | None) -> Message:
    """As it would be stored if the question were asked now."""
    found = None
    if conversation is not None:
        found = Conversation.objects.for_user(user).filter(pk=conversation).first()
        if found is None:
            raise NotFound
    last = found.shown if found else None
    if found:
        wish = kept_manner.settled(found, wish)
        wish = wish._replace(model=wish.model or found.model or None)
    question = Message(owner=user, conversation=found, role=Message.Role.USER, previous=last)
    return Message(owner=user, conversation=found, previous=question, request=wish.as_json())


async def _load(answer: Message) -> None:
    """What goes wrong here is told when the question is asked."""
    try:
        call = await threaded(_call)(answer)
        if call is not None:
            person, name = answer.owner_id, f"typing:{answer.owner_id}"
            async with engines.asking(person, name, is_patient=False):
                await engines.reply(call)
    except LocalChatError as error:
        logger.info("nothing was loaded ahead: %s", error.code)


def _call(answer: Message) -> Call | None:
    model = choosing.to_answer(answer.owner, answer.wish.model or "")
    if model is None:
        return None
    model = model_settings.put_on(answer, model)
    talk = talk_before(answer) if answer.conversation_id else []
    turns = beginning.turns(answer, model, talk)
    if last_read.leading(model, turns) == len(turns):
        return None
    return Call(model, turns, window(model), 1, {"temperature": 0.0})
