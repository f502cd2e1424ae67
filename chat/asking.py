"""The front desk: a question becomes two rows, and its answer begins to be written."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from chat import answering, pictures
from chat.models import Conversation, Message
from chat.question import held, kept_manner, quoted
from chat.question_parsing import Place, Wish
from chat.record import continuation, together
from chat.record.branches import Tree
from localchat.accounts.limits import rates
from localchat.lib import events
from localchat.lib.db_threads import threaded
from localchat.lib.errors import NotFound
from localchat.lib.hub import hub

LONGEST_TITLE = 80  # characters
TEMPORARY = timedelta(hours=1)  # after its last question, unless it is left before
END = Place()  # of the branch that is shown


async def ask(
    user: User,
    question: str,
    wish: Wish,
    ref: UUID | None = None,
    conversation: int | None = None,
    place: Place = END,
    said: Collection[str] = (),
    beside: Sequence[str] = (),
) -> Message:
    """Store the question and begin its answer, which is returned still empty.

    The same `ref` again returns the same answer. `beside`: other models that are asked the same;
    their answers are `together.others` of it. Raises NotFound, NotAllowed, and Conflict for an answer that
    cannot be written on.
    """
    ref = ref or uuid4()
    wish = await threaded(held.narrowed)(user, wish, conversation, place)
    if place.continues is not None:
        answer, made = await threaded(_take_up)(user, place.continues)
        if made:
            await hub().flushed()  # its end may still be on its way to the log
            await threaded(events.forget)(answer.topic)
    else:
        answer, made = await threaded(store)(
            user, question, wish, ref, conversation, place, said, beside
        )
    if made:
        for each in [answer, *await threaded(together.others)(answer)]:
            answering.start(each)
            await events.announce(user.pk, each.topic)
    return answer


def _take_up(user: User, pk: int) -> tuple[Message, bool]:
    """The answer that is to be written on, and whether nobody does so yet."""
    answer = _mine(user, pk, Message.Role.ASSISTANT)
    if answer.is_writing:
        return answer, False
    rates.count_questions(user, 1)
    taken = Message.objects.take_up(pk, continuation.text_to_go_on_from(answer))
    return _mine(user, pk, Message.Role.ASSISTANT), taken


def store(
    user: User,
    question: str,
    wish: Wish,
    ref: UUID,
    conversation: int | None,
    place: Place = END,
    said: Collection[str] = (),
    beside: Sequence[str] = (),
) -> tuple[Message, bool]:
    """The answer's row, and whether it is new."""
    if known := _known(user, ref):
        return known, False
    rates.count_questions(user, 1 + len(beside))
    try:
        if place.regenerates is not None:
            return _write_again(user, wish, ref, place.regenerates, said), True
        if place.edits is not None:
            return _write_instead(user, question, wish, ref, place.edits, said, beside), True
        found = _conversation(user, conversation, question, wish, place)
        return _write(user, question, wish, ref, found, place, said, beside), True
    except IntegrityError:
        if known := _known(user, ref):
            return known, False
        raise


def _known(user: User, ref: UUID) -> Message | None:
    return Message.objects.for_user(user).answers().filter(ref=ref).first()


def _mine(user: User, pk: int, role: str) -> Message:
    mine = Message.objects.for_user(user).select_related("conversation", "previous")
    found: Message | None = mine.filter(pk=pk, role=role).first()
    if found is None:
        raise NotFound
    return found


def title_of(question: str) -> str:
    """The question's own beginning, without what it quotes."""
    title = " ".join(quoted.split(question).question.split())
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


def _conversation(
    user: User, pk: int | None, question: str, wish: Wish, place: Place
) -> Conversation:
    named = place.after if pk is None and place.previous is None else place.previous
    if named is not None:
        found = _mine(user, named, Message.Role.ASSISTANT).conversation
        if pk in (None, found.pk):
            return found
        raise NotFound
    if pk is None:
        new = Conversation(owner=user, title=title_of(question), temporary=wish.temporary)
        if assistant := kept_manner.begun_with(user, wish):
            kept_manner.begin_with(new, assistant)
        return new
    mine = Conversation.objects.for_user(user).filter(pk=pk).first()
    if mine is None:
        raise NotFound
    return mine


@transaction.atomic
def _write(
    user: User,
    question: str,
    wish: Wish,
    ref: UUID,
    conversation: Conversation,
    place: Place,
    said: Collection[str],
    beside: Sequence[str],
) -> Message:
    kept_manner.keep(conversation, wish, said)
    wish = kept_manner.settled(conversation, wish)
    previous = place.previous
    if conversation.pk is None:
        conversation.save()
    elif previous is None:
        previous = _end_after(conversation, place.after)
    asked = conversation.messages.create(
        owner=user, role=Message.Role.USER, text=question, ref=ref, previous_id=previous
    )
    pictures.hand_over(user, wish.pictures or [], asked)
    return _begin_each(asked, wish._replace(pictures=None), ref, beside)


def _end_after(conversation: Conversation, after: int | None) -> int | None:
    """The last answer that is shown; `after` itself where another branch is shown by now."""
    # Who asks at the same moment asks after this.
    locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if after in (None, locked.shown_id):
        return locked.shown_id
    tree = Tree(locked)
    is_elsewhere = after in tree and after not in tree.branch(locked.shown_id)
    return after if is_elsewhere else locked.shown_id


@transaction.atomic
def _write_instead(
    user: User,
    question: str,
    wish: Wish,
    ref: UUID,
    pk: int,
    said: Collection[str],
    beside: Sequence[str],
) -> Message:
    """Asked as the other question was, with its pictures, but for what is said now."""
    other = _mine(user, pk, Message.Role.USER)
    answered = other.following.order_by("pk").last()
    wish = answered.wish.alone().renewed(wish, said) if answered else wish
    wish = kept_manner.with_settings(other.conversation, wish, said)
    asked = other.conversation.messages.create(
        owner=user, role=Message.Role.USER, text=question, ref=ref, previous_id=other.previous_id
    )
    pictures.copy(user, other, asked)
    pictures.hand_over(user, wish.pictures or [], asked)
    return _begin_each(asked, wish._replace(pictures=None), ref, beside)


@transaction.atomic
def _write_again(user: User, wish: Wish, ref: UUID, pk: int, said: Collection[str]) -> Message:
    other = _mine(user, pk, Message.Role.ASSISTANT)
    assert other.previous is not None
    before = other.wish.alone()
    again = before.renewed(wish, said)
    again = kept_manner.with_settings(other.conversation, again, said)
    renewed = again._replace(pictures=None).as_json()
    # The same call would have the same answer.
    if renewed == before.as_json() and other.status == Message.Status.DONE:
        renewed["again"] = True
    return _begin(other.previous, renewed, ref)


def _begin_each(question: Message, wish: Wish, ref: UUID, beside: Sequence[str]) -> Message:
    """The answer; those by the other models stand beside it."""
    usual = wish.model or question.conversation.model
    others = [model for model in beside if model != usual]
    if others:
        wish = wish._replace(together=str(ref))
    answer = _begin(question, wish.as_json(), ref)
    for model in others:
        _claimed(question, wish._replace(model=model).as_json(), uuid4())
    return answer


def _begin(question: Message, request: dict[str, object], ref: UUID) -> Message:
    answer = _claimed(question, request, ref)
    end = Now() + TEMPORARY if question.conversation.temporary else None
    mine = Conversation.objects.filter(pk=question.conversation_id, owner=question.owner_id)
    mine.update(touched=Now(), expires=end, shown=answer)
    return answer


def _claimed(question: Message, request: dict[str, object], ref: UUID) -> Message:
    """From the start, by the process that took the question."""
    answer: Message = question.conversation.messages.create(
        owner_id=question.owner_id,
        role=Message.Role.ASSISTANT,
        status=Message.Status.WRITING,
        attempt=1,
        ref=ref,
        previous=question,
        request=request,
    )
    return answer


@transaction.atomic
def delete(conversation: Conversation) -> None:
    """Delete the conversation. Whoever still writes in it finds no row, and stops."""
    _end(conversation.messages.answers())
    conversation.delete()


@transaction.atomic
def delete_turn(question: Message) -> None:
    """Delete this question with its answers and all that follows them; other versions stay.

    The conversation goes with the last of its questions.
    """
    conversation = Conversation.objects.select_for_update().get(pk=question.conversation_id)
    tree = Tree(conversation)
    end = tree.end_without(question.pk)
    if end is None:
        delete(conversation)
        return
    _end(conversation.messages.answers().filter(pk__in=tree.below(question.pk)))
    if conversation.shown_id in tree.below(question.pk):
        Conversation.objects.filter(pk=conversation.pk).update(shown=end)
    question.delete()


def _end(answers: Collection[Message]) -> None:
    for answer in answers:
        transaction.on_commit(partial(_forget, answer.topic))


def _forget(topic: str) -> None:
    events.hint(stop=topic)
    events.forget(topic)
