"""Questions, answers and conversations over HTTP."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router

from chat import asking, loading, question_parsing, stopping
from chat.models import Conversation, Message
from chat.record import provenance, sources
from chat.schemas import (
    ChatIn,
    ConversationOut,
    ConversationWithMessages,
    MessageOut,
    SentOut,
    TypingIn,
)
from localchat.lib import following
from localchat.lib.api import Body, Ok, event_stream, failed, frames, person
from localchat.lib.events import Event

router = Router(tags=["Chat"])
INTERRUPTED = {"error": "interrupted", "message": "The answer began again; it is kept."}


@router.post("/chat")
async def chat(request: HttpRequest, body: ChatIn) -> StreamingHttpResponse:
    """Ask, and get the answer as `text/event-stream`: `content` frames, then `done` or `error`.

    Closing the connection stops nothing: the answer is written on and kept. The header `X-Topic`
    names it for `/api/streams/`.
    """
    user = person(request)
    answer = await asking.ask(user, *question_parsing.parse(body.dict()))
    headers = {
        "X-Message": str(answer.pk),
        "X-Conversation": str(answer.conversation_id),
        "X-Topic": answer.topic,
    }
    events = following.follow(user, answer.topic)
    told = frames(events if body.events else _once(events), partial(_frame, every=body.events))
    return event_stream(told, headers)


@router.post("/chat/typing", response=Ok)
async def typing(request: HttpRequest, body: TypingIn) -> dict[str, bool]:
    """A question is being typed: load its model, and let it read how the prompt will begin.

    Answered at once. Nothing is kept of it.
    """
    wish = question_parsing.parse_wish(body.dict())
    await loading.begin(person(request), wish, body.conversation)
    return {"success": True}


async def _once(events: AsyncIterator[Event | None]) -> AsyncIterator[Event | None]:
    """To the end, or to where it begins again after a part was sent that nobody can take back."""
    sent = is_shorter = False
    async for event in events:
        kind = event["type"] if event else ""
        is_shorter = is_shorter or bool(event and event.get("shorter"))
        if kind == "restart" and sent and not is_shorter:
            yield {"id": "", "type": "failed", **INTERRUPTED}
            return
        sent = sent or kind == "token"
        if not (is_shorter and kind == "token"):  # of which all was sent already
            yield event


def _frame(event: Event, *, every: bool) -> Body | None:
    match event["type"]:
        case "token":
            return {"content": event["text"]}
        case "sources" if every:
            return {"sources": event["sources"]}
        case "quotes" if every:
            return {"quotes": event["quotes"]}
        case "thinking" if every:
            return {"thinking": event["text"]}
        case "restart" if every:
            return {"restart": True}
        case "failed":
            return failed(event)
        case "done":
            return {
                "done": True,
                "reason": event["reason"],
                "message_id": event["message"],
                "conversation_id": event["conversation"],
                "topic": event["topic"],
                "sources": event["sources"],
                "usage": event["usage"],
                "doubts": event["doubts"],
                "notes": event["notes"],
            }
    return None


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
    return _message(get_object_or_404(Message.objects.for_user(person(request)), pk=message_id))


@router.post("/messages/{message_id}/go-on", response=Ok)
def go_on(request: HttpRequest, message_id: int) -> dict[str, bool]:
    """Answer without the documents of `wait_for` that are not in yet."""
    stopping.go_on(person(request), message_id)
    return {"success": True}


@router.get("/messages/{message_id}/sent", response=SentOut)
def sent(request: HttpRequest, message_id: int) -> dict[str, Any]:
    """What made an answer: the search with its stages, the passages, and the call to the model.

    Texts that have been deleted since stand as `[deleted]`; `exact` is then false.
    """
    answers = Message.objects.for_user(person(request)).answers()
    return provenance.as_json(get_object_or_404(answers, pk=message_id))


def _mine(request: HttpRequest, pk: int) -> Conversation:
    return get_object_or_404(Conversation.objects.for_user(person(request)), pk=pk)


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
        "thinking": message.thinking,
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
