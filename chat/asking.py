"""The front desk: a question becomes two rows, and its answer begins to be written."""

from datetime import timedelta
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

LONGEST_TITLE = 80  # characters
TEMPORARY = timedelta(hours=1)  # after its last question, unless it is left before


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
        found = _conversation(user, conversation, question, wish)
        return _write(user, question, wish, ref, found), True
    except IntegrityError:
        if known := _known(user, ref):
            return known, False
        raise


def _known(user: User, ref: UUID) -> Message | None:
    return Message.objects.for_user(user).answers().filter(ref=ref).first()


def _conversation(user: User, pk: int | None, question: str, wish: Wish) -> Conversation:
    if pk is None:
        return Conversation(owner=user, title=title_of(question), temporary=wish.temporary)
    found = Conversation.objects.for_user(user).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def title_of(question: str) -> str:
    """The question's own beginning."""
    title = " ".join(question.split())
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


@transaction.atomic
def _write(user: User, question: str, wish: Wish, ref: UUID, conversation: Conversation) -> Message:
    end = Now() + TEMPORARY if conversation.temporary else None
    if conversation.pk is None:
        conversation.expires = end
        conversation.save()
    else:
        Conversation.objects.filter(pk=conversation.pk).update(touched=Now(), expires=end)
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
