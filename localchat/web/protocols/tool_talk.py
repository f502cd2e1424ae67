"""A talk in which the model may call tools of the client's. LocalChat itself runs none.

The model is asked as it stands, without documents and without our instructions: each turn comes
from the client, and nothing of it is kept.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, suppress
from typing import NamedTuple
from uuid import uuid4

from django.contrib.auth.models import User

from chat import pictures
from chat.api import once
from chat.question import model_settings
from chat.question.asked import room_for_answer, room_for_thoughts, warmth, window
from chat.question.sight import CannotSee
from chat.question_parsing import Wish
from localchat.accounts.limits import rates
from localchat.lib.db_threads import threaded
from localchat.lib.errors import LocalChatError, ModelMissing
from localchat.lib.events import END, Event
from localchat.lib.hub import SILENCE_SECONDS
from localchat.lib.sentences import Sentence
from localchat.web.protocols import stop_sequences
from localchat.web.protocols.tools import Tools
from models_mgmt import choosing, counting, engines
from models_mgmt.engines import Call, Model, Turn

logger = logging.getLogger(__name__)


class CannotCall(LocalChatError):
    """This model cannot call tools."""

    status, code = 400, "cannot_call"


class ToolTalk(NamedTuple):
    wish: Wish  # model, temperature, length, think
    turns: list[Turn]  # the system's is the first, if there is one
    tools: Tools
    stop: list[str]


async def ask(user: User, talk: ToolTalk) -> "Answer":
    """Raises ModelMissing, CannotCall, CannotSee, BadRequest, LimitReached."""
    return Answer(user, await threaded(_call)(user, talk), talk.stop)


def _call(user: User, talk: ToolTalk) -> Call:
    model = choosing.to_answer(user, talk.wish.model or "")
    if model is None:
        raise ModelMissing(Sentence("No model that chats is installed."))
    if not model.may_call:
        raise CannotCall(_sentence(model))
    turns = [_with_small_pictures(model, turn) for turn in talk.turns]
    rates.count_questions(user, 1)
    wish = _with_kept(user, model, talk.wish)
    model = model._replace(in_force=wish.window)
    if wish.instructions and turns[0].role != "system":
        turns.insert(0, Turn("system", wish.instructions))
    thoughts = room_for_thoughts(model, think=wish.think)
    length = room_for_answer(model, _tokens(model, turns, talk.tools), thoughts, wish.length)
    return Call(
        model,
        turns,
        window(model),
        length + thoughts,
        warmth(wish, {}),
        think=thoughts > 0,
        tools=talk.tools.offered,
        tool_choice=talk.tools.choice,
    )


def _sentence(model: Model) -> Sentence:
    found = choosing.installed().models
    others = [each.name for each in found if choosing.can_chat(each) and each.may_call]
    if not others:
        return Sentence(
            "%(model)s cannot call tools. None of the installed models can.", model=model.name
        )
    return Sentence(
        "%(model)s cannot call tools. These can: %(models)s.",
        model=model.name,
        models=", ".join(others),
    )


def _with_small_pictures(model: Model, turn: Turn) -> Turn:
    if turn.images and not model.may_see:
        raise CannotSee(Sentence("%(model)s cannot see pictures.", model=model.name))
    return turn._replace(images=tuple(pictures.smaller(each).jpeg for each in turn.images))


def _with_kept(user: User, model: Model, wish: Wish) -> Wish:
    """With what the person keeps for the model and the client has not said."""
    kept = model_settings.of(user, model.name).as_settings()
    unsaid = {name: kept[name] for name in kept if getattr(wish, name) is None}
    return wish._replace(**{n: value for n, value in unsaid.items() if value not in (None, "")})


def _tokens(model: Model, turns: Sequence[Turn], tools: Tools) -> float:
    """Of the prompt, about: engines tell nothing of what tools cost before they are asked."""
    count = counting.counter(model)
    beside = [json.dumps(each) for each in tools.offered]
    beside += [call.arguments for turn in turns for call in turn.calls]
    return (count.turns(turns) + sum(map(count, beside))) * (1 + count.slack)


class Answer:
    """As its protocol follows it: the events of an answer in the chat, and `calls`."""

    def __init__(self, user: User, call: Call, stop: Sequence[str]) -> None:
        self.user, self.call, self.stop = user, call, stop
        self.name = uuid4().hex
        self.told: asyncio.Queue[Event] = asyncio.Queue()
        self.writing: asyncio.Task[None] | None = None

    async def events(self, *, whole: bool = False) -> AsyncGenerator[Event | None]:
        """To its end, which is `done` or `failed`; whoever leaves before ends it.

        `whole`: nothing is sent before the end, so that `restart` can be heeded.
        """
        self.writing = asyncio.create_task(self._write())
        try:
            followed = self._follow() if whole else once(self._follow())
            async for event in stop_sequences.until(followed, self.stop, self._end):
                yield event
        finally:
            self.writing.cancel()  # closes the connection to the engine

    async def _follow(self) -> AsyncIterator[Event | None]:
        while True:
            event = None
            with suppress(TimeoutError):
                async with asyncio.timeout(SILENCE_SECONDS):
                    event = await self.told.get()
            yield event
            if event and event["type"] in END:
                return

    async def _end(self) -> None:
        if self.writing:
            self.writing.cancel()

    async def _write(self) -> None:
        began, reason, usage = time.monotonic(), "stopped", dict[str, int | float]()
        try:
            async with engines.asking(self.user.pk, f"tools:{self.name}"):
                reason, usage = await self._take()
        except LocalChatError as error:
            self._tell("failed", error=error.code, message=error.message)
        except Exception:
            logger.exception("an answer with tools broke off")
            self._tell("failed", **LocalChatError().as_json())
        finally:
            usage["seconds"] = round(time.monotonic() - began, 3)
            self._tell("done", reason=reason, usage=usage, sources=[])

    async def _take(self) -> tuple[str, dict[str, int | float]]:
        """Returns why it ended, and what the engine has counted."""
        reason, usage, has_called = "stop", dict[str, int | float](), False
        async with aclosing(engines.persevering(self.call)) as pieces:
            async for piece in pieces:
                if piece.anew:
                    self._tell("restart")
                if piece.thinking:
                    self._tell("thinking", text=piece.thinking)
                if piece.text:
                    self._tell("token", text=piece.text)
                if piece.calls:
                    self._tell("calls", calls=piece.calls)
                has_called = has_called or bool(piece.calls)
                if piece.done:
                    reason, usage = piece.reason or "stop", dict(piece.usage)
        return "calls" if has_called and reason != "length" else reason, usage

    def _tell(self, kind: str, **facts: object) -> None:
        self.told.put_nowait({"id": "", "type": kind, **facts})
