"""A talk of another program's protocol, asked on the road that the chat has.

Its client keeps the talk: it sends all turns each time, and here nothing is kept of it unless it
asks for that. Who hangs up ends the answer.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple

from django.contrib.auth.models import User

from chat import asking, pictures, question_parsing
from chat.api import once
from chat.manner import LENGTHS
from chat.models import Message
from chat.pictures import Picture
from chat.question_parsing import Wish, storable
from documents.models import Collection
from localchat.lib import following
from localchat.lib.db_threads import threaded
from localchat.lib.errors import BadRequest, LocalChatError, NotFound
from localchat.lib.events import Event
from localchat.lib.sentences import Sentence
from localchat.web.protocols import stop_sequences, tool_talk
from localchat.web.protocols.tool_talk import ToolTalk
from localchat.web.protocols.tools import Tools
from models_mgmt.engines import Turn

SIGN = "+"  # between a model and what it is asked with
MOST_SENT = 2000  # turns that a client may send; the last ones are looked at
MOST_PARTS = 100  # of one turn
MOST_LISTED = 50  # collections, in the list of models
SYSTEM = ("system", "developer")
NONE = Tools()
_ending: set["asyncio.Task[None]"] = set()


class Named(NamedTuple):
    """`llama3.2`: the model alone; `llama3.2+`: all documents; `llama3.2+Contracts`: these."""

    model: str  # empty: the one that answers in the chat
    use_documents: bool
    collection: str  # empty: all


def named(name: str) -> Named:
    model, sign, collection = name.partition(SIGN)
    return Named(model.strip(), bool(sign), collection.strip())


def names(user: User, model: str) -> list[str]:
    """Under which a model can be asked: alone, with all documents, with one collection."""
    mine = Collection.objects.for_user(user).select_related("owner")
    collections = mine.order_by("name", "pk")[:MOST_LISTED]
    return [
        model,
        f"{model}{SIGN}",
        *(f"{model}{SIGN}{each.called_by(user)}" for each in collections),
    ]


def length(tokens: int | None) -> int | None:
    """Of an answer at most. A small one is cut by its client just as well."""
    least, most = LENGTHS
    return None if tokens is None else min(max(least, tokens), most)


class Talk(NamedTuple):
    """What is said to `ask`, by the names of the question's own parser."""

    said: dict[str, Any]
    images: list[bytes]  # of all turns: they are shown with the question
    stop: list[str]  # texts before which the answer ends
    keep: bool


def talk(
    model: str,
    turns: Sequence[Turn],
    settings: Mapping[str, object],
    *,
    stop: Sequence[str] = (),
    keep: bool = False,
    tools: Tools = NONE,
) -> Talk | ToolTalk:
    """The last of the turns is the question, or the result of a tool. Raises BadRequest."""
    system = [turn.content for turn in turns if turn.role in SYSTEM]
    said_by = [turn for turn in turns if turn.role not in SYSTEM]
    if any(turn.role not in (*question_parsing.ROLES, "tool") for turn in said_by):
        raise BadRequest(Sentence("Turns are of system, user, assistant or tool."))
    if tools.offered or any(turn.calls or turn.answers for turn in turns):
        talk = ToolTalk(_wish(model, settings, keep=keep), _with(system, said_by), tools, [])
        return talk._replace(stop=stop_sequences.checked(stop))
    return _talk(model, system, said_by, settings, stop, keep=keep)


def _wish(model: str, settings: Mapping[str, object], *, keep: bool) -> Wish:
    wanted = named(model)
    if wanted.use_documents or keep:
        raise BadRequest(
            Sentence("Tools go with a model alone: not with documents, and nothing is kept.")
        )
    return question_parsing.parse_wish({**settings, "model": wanted.model})


def _with(system: Sequence[str], said: Sequence[Turn]) -> list[Turn]:
    if not said or said[-1].role == "assistant":
        raise BadRequest(Sentence("The last turn must be the question, of the user."))
    begun = [Turn("system", "\n\n".join(system))] if system else []
    return [turn._replace(content=storable(turn.content)) for turn in (*begun, *said)]


def _talk(
    model: str,
    system: Sequence[str],
    turns: Sequence[Turn],
    settings: Mapping[str, object],
    stop: Sequence[str],
    *,
    keep: bool,
) -> Talk:
    wanted = named(model)
    history = [{"role": turn.role, "content": turn.content} for turn in turns]
    if not history or history[-1]["role"] != "user":
        raise BadRequest(Sentence("The last turn must be the question, of the user."))
    question = history.pop()["content"]
    said: dict[str, Any] = {
        "question": question,
        "history": history[-question_parsing.MOST_TURNS :],
        "use_documents": wanted.use_documents,
        "model": wanted.model or None,
        "collection": wanted.collection or None,
        "instructions": "\n\n".join(system) or None,
        "temporary": not keep,
        **settings,
    }
    images = [image for turn in turns for image in turn.images]
    return Talk(said, images[-pictures.MOST :], stop_sequences.checked(stop), keep)


class Answer:
    """An answer that has been begun, as its protocol follows it."""

    def __init__(self, user: User, message: Message, talk: Talk) -> None:
        self.user, self.message, self.talk = user, message, talk
        self.name = str(message.pk)
        self.ended = False

    async def events(self, *, whole: bool = False) -> AsyncGenerator[Event | None]:
        """To its end, which is `done` or `failed`; whoever leaves before ends it.

        `whole`: nothing is sent before the end, so that `restart` can be heeded.
        """
        followed = following.follow(self.user, self.message.topic, begun=True)
        try:
            told = followed if whole else once(followed)
            async for event in stop_sequences.until(told, self.talk.stop, self.stop):
                self.ended = self.ended or bool(event and event["type"] in {"done", "failed"})
                yield event
        finally:
            task = asyncio.create_task(self.leave())  # also when this task is being cancelled
            _ending.add(task)
            task.add_done_callback(_ending.discard)
            await asyncio.shield(task)

    async def stop(self) -> None:
        await threaded(following.stop)(self.user, self.message.topic)

    async def leave(self) -> None:
        if not self.talk.keep:
            await threaded(asking.delete)(self.message.conversation)
        elif not self.ended:
            await self.stop()


Begun = Answer | tool_talk.Answer


async def ask(user: User, talk: Talk | ToolTalk) -> Begun:
    """Begin the answer. Raises what the question's parser raises, and NotFound."""
    if isinstance(talk, ToolTalk):
        return await tool_talk.ask(user, talk)
    question = question_parsing.parse(talk.said)
    if question.wish.collection:
        await threaded(_check_collection)(user, question.wish.collection)
    shown = [await threaded(pictures.keep)(user, BytesIO(each)) for each in talk.images]
    wish = question.wish._replace(pictures=[each.pk for each in shown] or None)
    try:
        message = await asking.ask(user, *question._replace(wish=wish))
    except LocalChatError:
        await threaded(_forget)(user, shown)
        raise
    return Answer(user, message, talk)


def _forget(user: User, shown: Sequence[Picture]) -> None:
    mine = Picture.objects.for_user(user).unasked()
    mine.filter(pk__in=[each.pk for each in shown]).delete()


def _check_collection(user: User, name: str) -> None:
    if not Collection.objects.called(user, name).exists():
        raise NotFound(Sentence("There is no collection of that name."))
