"""Questions, answers and conversations over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from chat import asking, wish
from chat.models import Conversation, Message
from chat.record import provenance, sources
from chat.schemas import (
    ChatIn,
    ConversationOut,
    ConversationWithMessages,
    MessageOut,
    Ok,
    SentOut,
)
from localchat.lib import following
from localchat.lib.api import error_body, event_stream, person
from localchat.lib.errors import LocalChatError, NotFound
from localchat.lib.events import START, Event
from localchat.lib.threads import threaded

router = Router(tags=["Chat"])
Frame = tuple[str, dict[str, object]] | None


@router.post("/chat")
async def chat(request: HttpRequest, body: ChatIn) -> StreamingHttpResponse:
    """Ask, and get the answer as `text/event-stream`: `content` frames, then `done` or `error`.

    Closing the connection stops nothing: the answer is written on and kept. The header `X-Topic`
    names it for `/api/streams/`.
    """
    user = person(request)
    answer = await asking.ask(user, *wish.parse(body.dict()))
    headers = {
        "X-Message": str(answer.pk),
        "X-Conversation": str(answer.conversation_id),
        "X-Topic": answer.topic,
    }
    return event_stream(_frames(user, answer.topic, whole=body.events), headers)


async def _frames(user: User, topic: str, *, whole: bool) -> AsyncIterator[Frame]:
    """The answer's events as the frames of POST /api/chat."""
    sent = False
    async for event in following.follow(user, topic):
        if event is None:
            yield None
            continue
        if event["type"] == "restart" and sent and not whole:
            yield "", {"error": "interrupted", "message": "The answer began again; it is kept."}
            return
        if body := _frame(event, topic, whole=whole):
            sent = sent or event["type"] == "token"
            yield event["id"], body


def _frame(event: Event, topic: str, *, whole: bool) -> dict[str, object] | None:
    match event["type"]:
        case "token":
            return {"content": event["text"]}
        case "sources" if whole:
            return {"sources": event["sources"]}
        case "restart" if whole:
            return {"restart": True}
        case "failed":
            return {"error": event["error"], "message": event["message"]}
        case "done":
            return {
                "done": True,
                "reason": event["reason"],
                "message_id": event["message"],
                "conversation_id": event["conversation"],
                "topic": topic,
                "sources": event["sources"],
                "usage": event["usage"],
                "doubts": event["doubts"],
            }
    return None


@router.get("/streams/{topic}")
async def stream(request: HttpRequest, topic: str, after: str = "") -> StreamingHttpResponse:
    """Take up any stream (`answer:42`, `document:7`, `pull:3`) after an event id.

    The id may also come as the header `Last-Event-ID`.
    """
    user = person(request)
    after = following.checked(after or request.headers.get("Last-Event-ID", ""))
    topics, pk = following.find(topic)
    if await threaded(topics.snapshot)(user, pk) is None:
        raise NotFound
    return event_stream(_events(user, topic, after))


async def _events(user: User, topic: str, after: str) -> AsyncIterator[Frame]:
    try:
        async for event in following.follow(user, topic, after or START):
            yield None if event is None else (event["id"], event)
    except LocalChatError as error:
        yield "", {"type": "failed", "topic": topic, **error_body(error)}


@router.post("/streams/{topic}/stop", response=Ok)
def stop(request: HttpRequest, topic: str) -> dict[str, bool]:
    """Ask for an end: at the latest a second later the engine's connection is closed."""
    following.stop(person(request), topic)
    return {"success": True}


@router.get("/conversations", response=list[ConversationOut])
def conversations(request: HttpRequest) -> list[dict[str, Any]]:
    return [_conversation(each) for each in Conversation.objects.for_user(person(request))[:500]]


@router.get("/conversations/{conversation_id}", response=ConversationWithMessages)
def conversation(request: HttpRequest, conversation_id: int) -> dict[str, Any]:
    found = _mine(request, conversation_id)
    messages = found.messages.prefetch_related("sources__document")
    return {**_conversation(found), "messages": [_message(message) for message in messages]}


@router.delete("/conversations/{conversation_id}", response=Ok)
def delete_conversation(request: HttpRequest, conversation_id: int) -> dict[str, bool]:
    """Delete the conversation; answers that are still being written are stopped."""
    asking.delete(_mine(request, conversation_id))
    return {"success": True}


@router.get("/messages/{message_id}", response=MessageOut)
def message(request: HttpRequest, message_id: int) -> dict[str, Any]:
    found = Message.objects.for_user(person(request)).filter(pk=message_id).first()
    if found is None:
        raise NotFound
    return _message(found)


@router.get("/messages/{message_id}/sent", response=SentOut)
def sent(request: HttpRequest, message_id: int) -> dict[str, Any]:
    """What made an answer: the search with its stages, the passages, and the call to the model.

    Texts that have been deleted since stand as `[deleted]`; `whole` is then false.
    """
    found = Message.objects.for_user(person(request)).answers().filter(pk=message_id).first()
    if found is None:
        raise NotFound
    return provenance.as_json(found)


def _mine(request: HttpRequest, pk: int) -> Conversation:
    found = Conversation.objects.for_user(person(request)).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _conversation(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.pk,
        "title": conversation.title,
        "created": conversation.created.isoformat(),
        "touched": conversation.touched.isoformat(),
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": message.pk,
        "conversation": message.conversation_id,
        "role": message.role,
        "text": message.text,
        "status": message.status,
        "error": message.error,
        "problem": message.problem,
        "topic": message.topic if message.role == Message.Role.ASSISTANT else None,
        "sources": sources.as_json(message.sources.all()),
        **sources.facts_of(message),
        "stale": [
            {"number": each.number, "filename": each.filename, "change": each.change}
            for each in sources.stale(message)
        ],
        "created": message.created.isoformat(),
    }
