"""The one websocket consumer. It serves every topic, and does no work of its own.

A consumer hears one message at a time, so each topic is followed in a task of its own.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth.models import User
from django.utils import translation
from redis.exceptions import RedisError

from chat import asking, question_parsing, stopping
from chat.record import together
from localchat.accounts import access
from localchat.accounts.limits import sockets
from localchat.accounts.standing import Standing
from localchat.lib import events, following, language
from localchat.lib.db_threads import threaded
from localchat.lib.errors import BadRequest, LocalChatError, NotAllowed, NotFound
from localchat.lib.hub import hub
from localchat.lib.sentences import Sentence
from localchat.lib.wording import worded
from localchat.web.rendering import AsBlocks, AsText

logger = logging.getLogger(__name__)

Message = dict[str, Any]
SOON = 0.3  # seconds
MOST_TOPICS = 200  # that one socket may follow
LONGEST_MESSAGE = 200_000  # characters


class TopicConsumer(AsyncWebsocketConsumer):
    user: User
    standing: Standing  # when it was opened
    language: str  # of the page
    following: dict[str, "asyncio.Task[None]"]
    looking: set["asyncio.Task[None]"]
    place: "asyncio.Task[None] | None"  # where sockets are limited

    async def connect(self) -> None:
        self.following, self.looking, self.place = {}, set(), None
        self.language = language.of_scope(self.scope)
        user = await access.socket_user(self.scope)
        if user is None:
            await self.close(4401)
            return
        if not await self.has_place(user):
            return
        self.user, self.standing = user, await threaded(Standing.of)(user)
        group = events.user_group(self.user.pk)
        await self.channel_layer.group_add(group, self.channel_name)
        hub().watch(self.user.pk, self.look_again)
        await self.accept()
        self.look_again()  # what changed before the watch began

    async def has_place(self, user: User) -> bool:
        """One of those that the person may have at once; without, it is said, and the socket ends."""
        if not sockets.limited():
            return True
        try:
            await threaded(sockets.take_place)(user, self.channel_name)
        except LocalChatError as error:
            await self.accept()
            await self.tell({"type": "refused", **error.as_json()})
            await self.close(4429)
            return False
        self.place = asyncio.create_task(self.keep_place(user))
        return True

    async def keep_place(self, user: User) -> None:
        while True:
            await asyncio.sleep(sockets.KEEP_EVERY)
            with contextlib.suppress(RedisError):
                await threaded(sockets.keep_place)(user, self.channel_name)

    async def leave_place(self) -> None:
        if self.place:
            self.place.cancel()
            with contextlib.suppress(RedisError):
                await threaded(sockets.leave_place)(self.user, self.channel_name)

    async def disconnect(self, code: int) -> None:
        for task in list(self.following.values()):
            task.cancel()
        if hasattr(self, "user"):
            await self.leave_place()
            hub().unwatch(self.user.pk, self.look_again)
            group = events.user_group(self.user.pk)
            # Where very many leave at once there is no connection for each: it expires.
            with contextlib.suppress(RedisError):
                await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message: Message = {}
        if not hasattr(self, "user"):  # it had no place, and is being closed
            return
        try:
            message = _parsed(text_data)
            await self.check_user()
            await MESSAGES[message["type"]](self, message)
        except LocalChatError as error:
            await self.refuse(error, message)

    async def check_user(self) -> None:
        """The right to be here is looked at again with every message."""
        if not await access.may_go_on(self.scope, self.standing):
            for task in list(self.following.values()):
                task.cancel()
            await self.close(4401)
            raise NotAllowed(Sentence("Please log in."))

    async def refuse(self, error: LocalChatError, message: Message) -> None:
        ref = {name: message[name] for name in ("ref", "topic") if _is_short(message.get(name))}
        await self.tell({"type": "refused", **ref, **error.as_json()})

    async def tell(self, message: Message) -> None:
        with translation.override(self.language):
            text = json.dumps(worded(message), ensure_ascii=False)
        # What is sent back may hold half of a pair of surrogates.
        await self.send(text_data=text.encode("utf-8", "replace").decode())

    async def ask(self, message: Message) -> None:
        answer = await asking.ask(self.user, *question_parsing.parse(message))
        others = await threaded(together.others)(answer)
        beside = [{"message": each.pk, "topic": each.topic} for each in others]
        await self.tell(
            {
                "type": "asked",
                "ref": str(answer.ref),
                "conversation": answer.conversation_id,
                "message": answer.pk,
                "topic": answer.topic,
                **({"beside": beside} if beside else {}),
            }
        )
        for each in (answer, *others):
            self.start(each.topic, events.START, message.get("as"))

    async def follow(self, message: Message) -> None:
        after = following.checked(str(message.get("after") or ""))
        self.start(_text(message, "topic"), after, message.get("as"))

    async def unfollow(self, message: Message) -> None:
        if task := self.following.pop(_text(message, "topic"), None):
            task.cancel()

    async def stop(self, message: Message) -> None:
        await threaded(following.stop)(self.user, _text(message, "topic"))

    async def go_on(self, message: Message) -> None:
        """Answer without the documents that are waited for."""
        topic = _text(message, "topic")
        if not topic.startswith("answer:"):
            raise NotFound
        await threaded(stopping.go_on)(self.user, following.find(topic)[1])

    def start(self, topic: str, after: str, shape: object) -> None:
        """Follow in a task; one that followed the topic before is replaced."""
        if before := self.following.pop(topic, None):
            before.cancel()
        if len(self.following) >= MOST_TOPICS:
            raise BadRequest(
                Sentence("One socket may follow %(most_topics)s topics.", most_topics=MOST_TOPICS)
            )
        renderer = AsBlocks(self.tell) if shape == "blocks" else AsText(self.tell)
        task = asyncio.create_task(self.relay(topic, after, renderer))
        self.following[topic] = task
        task.add_done_callback(lambda done: self.ended(topic, done))

    def ended(self, topic: str, task: "asyncio.Task[None]") -> None:
        if self.following.get(topic) is task:
            del self.following[topic]
        if not task.cancelled() and (error := task.exception()):
            logger.error("following %s ended: %s", topic.split(":")[0], type(error).__name__)

    async def relay(self, topic: str, after: str, renderer: "AsText | AsBlocks") -> None:
        try:
            async for event in following.follow(self.user, topic, after):
                if event is not None:
                    await renderer.take(event)
        except LocalChatError as error:
            await self.refuse(error, {"topic": topic})
        finally:
            renderer.close()

    def look_again(self) -> None:
        """The person may have been logged out, or may not come in any more."""
        task = asyncio.create_task(self.leave_if_out())
        self.looking.add(task)
        task.add_done_callback(self.looking.discard)

    async def leave_if_out(self) -> None:
        await asyncio.sleep(SOON)  # a log-out is told just before its session goes
        with contextlib.suppress(NotAllowed):
            await self.check_user()

    async def announce(self, message: Message) -> None:
        """From the channel layer: something of this person's began, unless it was here."""
        if message["topic"] in self.following:
            return
        await self.tell({"type": "announce", "topic": message["topic"]})


class Nowhere(AsyncWebsocketConsumer):
    """On every other road: there is nothing to follow there."""

    async def connect(self) -> None:
        await self.close(4404)


MESSAGES: dict[str, Callable[[TopicConsumer, Message], Awaitable[None]]] = {
    "ask": TopicConsumer.ask,
    "follow": TopicConsumer.follow,
    "unfollow": TopicConsumer.unfollow,
    "stop": TopicConsumer.stop,
    "go_on": TopicConsumer.go_on,
}


def _parsed(text: str | None) -> Message:
    if text is None or len(text) > LONGEST_MESSAGE:
        raise BadRequest(Sentence("A message must be JSON text of a moderate length."))
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest(Sentence("The message is no JSON.")) from None
    if not isinstance(message, dict) or message.get("type") not in list(MESSAGES):
        raise BadRequest(Sentence("A message needs a type: %(names)s.", names=", ".join(MESSAGES)))
    return message


def _is_short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 100


def _text(message: Message, name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str):
        raise BadRequest(Sentence("%(name)s must be text.", name=name))
    return value
