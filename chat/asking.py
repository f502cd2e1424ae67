"""The front desk: a question becomes two rows, and its answer begins to be written."""

from functools import partial
from typing import Any, TypedDict
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from chat import answering
from chat.models import Conversation, Message
from localchat.lib import events
from localchat.lib.errors import BadRequest, NotFound
from localchat.lib.threads import threaded

LONGEST = 20_000  # characters of a question
LONGEST_HISTORY = 50  # turns


class Wish(TypedDict, total=False):
    """How the asker wants to be answered; kept with the answer."""

    use_documents: bool
    model: str
    documents: list[int]
    collection: str
    whole: bool  # read everything in scope, whatever is asked
    history: list[dict[str, str]]


async def ask(
    user: User,
    question: str,
    *,
    wish: Wish,
    ref: UUID | None = None,
    conversation: int | None = None,
) -> Message:
    """Store the question and begin its answer, which is returned still empty.

    The same `ref` again returns the same answer. Raises BadRequest, NotFound.
    """
    ref = ref or uuid4()
    answer, made = await threaded(store)(user, question, wish, ref, conversation)
    if made:
        answering.start(answer)
        await events.announce(user.pk, answer.topic)
    return answer


def store(
    user: User, question: str, wish: Wish, ref: UUID, conversation: int | None
) -> tuple[Message, bool]:
    """The answer's row, and whether it is new."""
    if known := _known(user, ref):
        return known, False
    text = _checked(question, wish)
    try:
        return _write(user, text, wish, ref, _conversation(user, conversation, text)), True
    except IntegrityError:
        if known := _known(user, ref):
            return known, False
        raise


def _known(user: User, ref: UUID) -> Message | None:
    return Message.objects.for_user(user).answers().filter(ref=ref).first()


def _checked(question: str, wish: Wish) -> str:
    text = question.replace("\0", "").strip()
    if not text:
        raise BadRequest("The question is empty.")
    if len(text) > LONGEST:
        raise BadRequest(
            f"The question is too long ({len(text):,} characters). It may have {LONGEST:,}."
        )
    history: list[dict[str, Any]] = wish.get("history") or []
    if len(history) > LONGEST_HISTORY:
        raise BadRequest(f"The history may have {LONGEST_HISTORY} turns.")
    if any(turn.get("role") not in {"user", "assistant"} for turn in history):
        raise BadRequest("Each turn of the history needs a role, user or assistant, and a content.")
    return text


def _conversation(user: User, pk: int | None, question: str) -> Conversation:
    if pk is None:
        title = " ".join(question.split())
        return Conversation(owner=user, title=title if len(title) <= 80 else f"{title[:79]}…")
    found = Conversation.objects.for_user(user).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def _write(user: User, question: str, wish: Wish, ref: UUID, conversation: Conversation) -> Message:
    if conversation.pk is None:
        conversation.save()
    else:
        Conversation.objects.filter(pk=conversation.pk).update(touched=Now())
    asked = conversation.messages.create(owner=user, role=Message.Role.USER, text=question, ref=ref)
    # Claimed from the start by the process that took the question.
    return conversation.messages.create(
        owner=user,
        role=Message.Role.ASSISTANT,
        status=Message.Status.WRITING,
        attempt=1,
        ref=ref,
        question=asked,
        request=wish,
    )


@transaction.atomic
def delete(conversation: Conversation) -> None:
    """Delete the conversation. Whoever still writes in it finds no row, and stops."""
    topics = [answer.topic for answer in conversation.messages.answers()]
    conversation.delete()
    for topic in topics:
        transaction.on_commit(partial(_forget, topic))


def _forget(topic: str) -> None:
    events.hint(stop=topic)
    events.forget(topic)
