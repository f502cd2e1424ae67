"""A short title by the model that has just answered, while nobody waits for it.

Only where that costs next to nothing: the model has read the whole conversation last and has kept
it, so that it reads one line more, and the next question goes on from what it had kept before.
"""

import asyncio
import logging
import re
from contextlib import suppress
from contextvars import Context
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from chat import answering, loading
from chat.answers import beginning
from chat.models import Conversation, Message
from chat.question import model_settings
from chat.question.asked import window
from chat.record.talk import talk_before
from documents.models import Document
from documents.text import words
from localchat.lib import events
from localchat.lib.db_threads import threaded
from localchat.lib.errors import LocalChatError
from models_mgmt import choosing, engines
from models_mgmt.engines import Call, Turn, last_read

logger = logging.getLogger(__name__)

FRESH = timedelta(minutes=5)  # after an answer; later the model has read something else
SECONDS = 8.0  # a model that needs longer is too slow for it
LOOK_SECONDS = 0.1  # between two looks whether somebody has asked something
TOKENS = 20
LONGEST = 60  # characters
MOST_WORDS = 9
_ASKED = (
    "Give this conversation a title of two to six words, in its own language, that tells it from"
    " others like it. Reply with the title alone."
)
_AROUND = " \t\"'“”„«»*_`#{}[]().:;"
_LABEL = re.compile(r"(?:title|titel|titre|título|titolo)\s*:\s*", re.IGNORECASE)
_ANSWERS = re.compile(r"\[\d+\]|^[^\S\n]*+\|", re.MULTILINE)  # with a citation or a table

_tasks: set[asyncio.Task[None]] = set()


def begin() -> None:
    """In a task of its own, one at a time."""
    if _tasks or not settings.TITLES:
        return
    task = asyncio.create_task(_give_one(), context=Context())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def finished() -> None:
    while _tasks:
        await asyncio.wait(set(_tasks))


async def _give_one() -> None:
    answer = await threaded(_untitled)()
    if answer is None or _is_waited_for():
        return
    try:
        call = await threaded(_call)(answer)
        reply = await _reply(call) if call else None
    except (LocalChatError, TimeoutError) as error:
        logger.info("no title was made: %s", type(error).__name__)
        reply = ""
    if reply is not None and await threaded(_keep)(answer, reply):
        await events.announce(answer.owner_id, answer.topic)


def _untitled() -> Message | None:
    """The last answer of a conversation that has no title of its own, while nothing is worked on."""
    if Message.objects.unfinished().exists() or Document.objects.unfinished().exists():
        return None
    named = Conversation.objects.present().kept().filter(titled=Conversation.Titled.QUESTION)
    done = Message.objects.answers().filter(status=Message.Status.DONE, conversation__in=named)
    fresh = done.filter(finished__gt=Now() - FRESH).exclude(model="").exclude(text="")
    return fresh.select_related("owner", "conversation").order_by("-pk").first()


def _is_waited_for() -> bool:
    return answering.is_busy() or loading.is_busy()


def _call(answer: Message) -> Call | None:
    following = loading.next_answer(answer.owner, answer.wish, answer.conversation_id)
    model = model_settings.put_on(following, choosing.installed_model(answer.model))
    turns = beginning.turns(following, model, talk_before(following))
    if last_read.leading(model, turns) < len(turns):
        return None
    return Call(model, [*turns, Turn("user", _ASKED)], window(model), TOKENS, {"temperature": 0.0})


async def _reply(call: Call) -> str | None:
    """What the model says; None as soon as somebody waits for a model."""
    work = asyncio.create_task(_beside_others(call))
    try:
        async with asyncio.timeout(SECONDS):
            while not work.done():
                await asyncio.wait({work}, timeout=LOOK_SECONDS)
                if _is_waited_for() or await threaded(Message.objects.unfinished().exists)():
                    return None
            return work.result()
    finally:
        work.cancel()  # closes the connection, and the engine ends
        with suppress(asyncio.CancelledError, LocalChatError):
            await work


async def _beside_others(call: Call) -> str:
    async with engines.asking(None, "title", is_patient=False):
        return await engines.reply(call)


def _keep(answer: Message, reply: str) -> bool:
    """Whether it is the title now. A reply that is none is not asked for again."""
    title = sound_title(reply, f"{answer.question and answer.question.text} {answer.text}")
    changes = {"titled": Conversation.Titled.MODEL} | ({"title": title} if title else {})
    mine = Conversation.objects.filter(
        pk=answer.conversation_id, titled=Conversation.Titled.QUESTION
    )
    return bool(mine.update(**changes) and title)


def sound_title(reply: str, said: str) -> str:
    """The title in a model's reply; empty where it is a sentence, an excuse or about nothing said."""
    lines = [line.strip(_AROUND) for line in reply.splitlines()]
    title = next((line for line in lines if line), "")
    title = " ".join(_LABEL.sub("", title, count=1).strip(_AROUND).split())
    if not 2 < len(title) <= LONGEST or len(title.split()) > MOST_WORDS or _ANSWERS.search(reply):
        return ""
    return title if set(words.query(title)) & set(words.query(said)) else ""
