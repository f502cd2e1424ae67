"""Questions, answers and conversations over HTTP."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, cast

from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from chat import asking, loading, pictures, question_parsing, revising, stopping
from chat.keeping import changing, forking, kept
from chat.models import Conversation, Message
from chat.record import continuation, provenance, sources, together
from chat.record.branches import Tree
from chat.schemas import (
    ChatIn,
    ConversationChanges,
    ConversationOut,
    ConversationsWanted,
    ConversationWithMessages,
    MessageOut,
    SentOut,
    TypingIn,
    VerdictIn,
)
from localchat.accounts.audit.models import Act
from localchat.accounts.audit.noting import note
from localchat.lib import following
from localchat.lib.api import Body, Ok, event_stream, failed, frames, person
from localchat.lib.db_threads import threaded
from localchat.lib.events import Event
from localchat.lib.sentences import Sentence
from localchat.lib.wording import worded

router = Router(tags=["Chat"])
INTERRUPTED = {"error": "interrupted", "message": Sentence("The answer began again; it is kept.")}


@router.post("/chat")
async def chat(request: HttpRequest, body: ChatIn) -> StreamingHttpResponse:
    """Ask, and get the answer as `text/event-stream`: `content` frames, then `done` or `error`.

    Closing the connection stops nothing: the answer is written on and kept. The header `X-Topic`
    names it for `/api/streams/`, `X-Beside` the answers of other models that were asked as well.
    """
    user = person(request)
    answer = await asking.ask(user, *question_parsing.parse(body.dict(exclude_unset=True)))
    headers = {
        "X-Message": str(answer.pk),
        "X-Conversation": str(answer.conversation_id),
        "X-Topic": answer.topic,
    }
    if others := await threaded(together.others)(answer):
        headers["X-Beside"] = " ".join(each.topic for each in others)
    events = following.follow(user, answer.topic)
    told = frames(events if body.events else once(events), partial(_frame, every=body.events))
    return event_stream(told, headers)


@router.post("/chat/typing", response=Ok)
async def typing(request: HttpRequest, body: TypingIn) -> dict[str, bool]:
    """A question is being typed: load its model, and let it read how the prompt will begin.

    Answered at once. Nothing is kept of it.
    """
    wish = question_parsing.parse_wish(body.dict())
    await loading.begin(person(request), wish, body.conversation)
    return {"success": True}


async def once(events: AsyncIterator[Event | None]) -> AsyncIterator[Event | None]:
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
def conversations(request: HttpRequest, wanted: Query[ConversationsWanted]) -> list[dict[str, Any]]:
    """The newest first; of a search titles first, then what was said, each with where it says it."""
    return kept.listed(person(request), wanted)


@router.get("/conversations/{conversation_id}", response=ConversationWithMessages)
def conversation(request: HttpRequest, conversation_id: int) -> dict[str, Any]:
    """With the branch that is shown; the other versions are named with its messages."""
    found = _mine(request, conversation_id)
    tree = Tree(found)
    ids = tree.branch(found.shown_id)
    rows = found.messages.prefetch_related("sources__document", "pictures").in_bulk(ids)
    return {**kept.as_json(found), "messages": [_message(rows[pk], tree) for pk in ids]}


@router.patch("/conversations/{conversation_id}", response=ConversationOut)
def change_conversation(
    request: HttpRequest, conversation_id: int, body: ConversationChanges
) -> dict[str, Any]:
    """Rename it, pin it, put it away or into a folder, give it tags."""
    found = _mine(request, conversation_id)
    changing.change(found, cast(changing.Changes, body.dict()))
    return kept.as_json(found)


@router.delete("/conversations/{conversation_id}", response=Ok)
def delete_conversation(request: HttpRequest, conversation_id: int) -> dict[str, bool]:
    """Delete the conversation for good; answers that are still being written are stopped."""
    asking.delete(_mine(request, conversation_id))
    note(Act.CONVERSATION_DELETED, "conversation", conversation_id)
    return {"success": True}


@router.get("/messages/{message_id}", response=MessageOut)
def message(request: HttpRequest, message_id: int) -> dict[str, Any]:
    found = _my_message(request, message_id)
    return _message(found, Tree(found.conversation))


@router.delete("/messages/{message_id}", response=Ok)
def delete_message(request: HttpRequest, message_id: int) -> dict[str, bool]:
    """Delete a question with its answers and all that follows; its other versions stay.

    The conversation goes with the last of its questions.
    """
    asking.delete_turn(_my_message(request, message_id, Message.Role.USER))
    return {"success": True}


@router.post("/messages/{message_id}/show", response=Ok)
def show(request: HttpRequest, message_id: int) -> dict[str, bool]:
    """Show the conversation with this version, and the newest of what follows it."""
    revising.show(_my_message(request, message_id))
    return {"success": True}


@router.post("/messages/{message_id}/fork", response=ConversationOut)
def fork(request: HttpRequest, message_id: int) -> dict[str, Any]:
    """Begin a new conversation from an answer, with the branch up to it; the other one stays."""
    return kept.as_json(forking.fork(person(request), message_id))


@router.post("/messages/{message_id}/verdict", response=Ok)
def judge(request: HttpRequest, message_id: int, body: VerdictIn) -> dict[str, bool]:
    """Keep what you think of an answer."""
    answer = _my_message(request, message_id, Message.Role.ASSISTANT)
    revising.judge(answer, body.verdict, body.words)
    return {"success": True}


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


def _my_message(request: HttpRequest, pk: int, *roles: str) -> Message:
    mine = Message.objects.for_user(person(request)).select_related("conversation")
    found: Message = get_object_or_404(mine, pk=pk, role__in=roles or Message.Role.values)
    return found


def _message(message: Message, tree: Tree) -> dict[str, Any]:
    versions = tree.versions(message.pk)
    told = {
        "id": message.pk,
        "conversation": message.conversation_id,
        "role": message.role,
        "text": message.text,
        "thinking": message.thinking,
        "status": message.status,
        "error": message.error,
        "problem": message.problem,
        "topic": message.topic if message.role == Message.Role.ASSISTANT else None,
        "pictures": [pictures.as_json(each) for each in message.pictures.all()],
        "sources": sources.as_json(message.sources.all()),
        **sources.facts_of(message),
        "stale": [
            {"number": each.number, "filename": each.filename, "change": each.change}
            for each in sources.stale(message)
        ],
        "previous": message.previous_id,
        "versions": versions.ids,
        "version": versions.number,
        "beside": [each.pk for each in together.others(message)],
        "can_continue": continuation.can_go_on(message),
        "verdict": message.verdict,
        "verdict_words": message.verdict_words,
        "created": message.created.isoformat(),
    }
    return {name: worded(value) for name, value in told.items()}
