"""The front desk: a question becomes two rows, and its answer begins to be written."""

from functools import partial
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from chat import answering
from chat.models import Conversation, Message
from chat.question_parsing import Wish
from localchat.lib import events
from localchat.lib.db_threads import threaded
from localchat.lib.errors import NotFound


async def ask(
    user: User,
    question: str,
    wish: Wish,
    ref: UUID | None = None,
    conversation: int | None = None,
) -> Message:
    """Store the question and begin its answer, which is returned still empty.

    The same `ref` again returns the same answer. Raises NotFound.
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
    try:
        return _write(user, question, wish, ref, _conversation(user, conversation, question)), True
    except IntegrityError:
        if known := _known(user, ref):
            return known, False
        raise


def _known(user: User, ref: UUID) -> Message | None:
    return Message.objects.for_user(user).answers().filter(ref=ref).first()


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
        request=wish.as_json(),
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
