"""A talk of another program's protocol, asked on the road that the chat has.

Its client keeps the talk: it sends all turns each time, and here nothing is kept of it unless it
asks for that. Who hangs up ends the answer.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple

from django.contrib.auth.models import User

from chat import asking, pictures, question_parsing
from chat.api import once
from chat.manner import LENGTHS
from chat.models import Message
from chat.pictures import Picture
from documents.models import Collection
from localchat.lib import following
from localchat.lib.db_threads import threaded
from localchat.lib.errors import BadRequest, LocalChatError, NotFound
from localchat.lib.events import Event
from localchat.lib.sentences import Sentence
from localchat.web.protocols import stop_sequences
from localchat.web.protocols.stop_sequences import StopSequences
from models_mgmt.engines import Turn

SIGN = "+"  # between a model and what it is asked with
MOST_SENT = 2000  # turns that a client may send; the last ones are looked at
MOST_PARTS = 100  # of one turn
MOST_LISTED = 50  # collections, in the list of models
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
) -> Talk:
    """The last of the turns is the question. Raises BadRequest."""
    wanted, system, history = named(model), list[str](), list[dict[str, object]]()
    for turn in turns:
        if turn.role in {"system", "developer"}:
            system.append(turn.content)
        elif turn.role in question_parsing.ROLES:
            history.append({"role": turn.role, "content": turn.content})
        else:
            raise BadRequest(Sentence("Tools are not called here: turns are of user or assistant."))
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
        self.ended = False

    async def events(self, *, whole: bool = False) -> AsyncGenerator[Event | None]:
        """To its end, which is `done` or `failed`; whoever leaves before ends it.

        `whole`: nothing is sent before the end, so that `restart` can be heeded.
        """
        followed = following.follow(self.user, self.message.topic, begun=True)
        try:
            async for event in self.until_stop(followed if whole else once(followed)):
                self.ended = self.ended or bool(event and event["type"] in {"done", "failed"})
                yield event
        finally:
            task = asyncio.create_task(self.leave())  # also when this task is being cancelled
            _ending.add(task)
            task.add_done_callback(_ending.discard)
            await asyncio.shield(task)

    async def until_stop(self, events: AsyncIterator[Event | None]) -> AsyncIterator[Event | None]:
        """To the first stop sequence, with which the writing ends; `done` then names it."""
        stop = StopSequences(self.talk.stop)
        async for event in events:
            is_over = bool(stop.found)
            for told in stop.events(event):
                yield told
            if stop.found and not is_over:
                await threaded(following.stop)(self.user, self.message.topic)

    async def leave(self) -> None:
        if not self.talk.keep:
            await threaded(asking.delete)(self.message.conversation)
        elif not self.ended:
            await threaded(following.stop)(self.user, self.message.topic)


async def ask(user: User, talk: Talk) -> Answer:
    """Begin the answer. Raises what the question's parser raises, and NotFound."""
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
