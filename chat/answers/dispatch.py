"""From question to answer: each way of answering is asked in turn, the search comes last."""

from collections.abc import Awaitable, Callable, Sequence

from django.contrib.auth.models import User

from chat.answers import (
    beginning,
    from_before,
    from_library,
    from_passages,
    from_tables,
    from_whole,
    reading_time,
)
from chat.answers.outcome import Answered, NotMine, Outcome, ReadThis
from chat.models import Conversation
from chat.question import model_settings, quoted, sight, small_talk, standalone
from chat.question.asked import Asked, window
from chat.record import arrivals, own_words, together
from chat.record.draft import Draft
from chat.record.talk import Talk, talk_before
from localchat.lib.db_threads import threaded
from localchat.lib.errors import EngineUnreachable, LocalChatError
from models_mgmt import choosing
from models_mgmt.engines import Model, last_read

Way = Callable[[Draft, Asked], Awaitable[Outcome]]

RULED = 2_000  # characters; what is longer is searched for, and no rule looks for a meaning in it
WAYS: tuple[Way, ...] = (
    from_library.answer,
    from_tables.answer,
    from_whole.answer,
)


async def compose(draft: Draft) -> str:
    """Write the answer, or the rest of it; returns why it ended."""
    if draft.answer.begun:
        return await from_before.write_on(draft)
    await arrivals.come_in(draft)
    _leave_documents_to_questions(draft, looks=await threaded(sight.is_asked_for)(draft.answer))
    asked = await _asked(draft)
    if not draft.wish.use_documents:
        return await from_passages.write(draft, asked, None)
    if (asked.quote and not draft.wish.whole) or asked.shown:
        return await from_passages.search_and_write(draft, asked)
    for way in _ways(draft, asked):
        match await way(draft, asked):
            case Answered(reason):
                return reason
            case ReadThis(found):
                # All of it stands in the prompt once, in its order.
                return await from_passages.write(draft, asked._replace(as_sent=None), found)
            case NotMine():
                pass
    return await from_passages.search_and_write(draft, asked)


def _ways(draft: Draft, asked: Asked) -> Sequence[Way]:
    """What is read whole needs a model, or says that there is none."""
    if len(asked.standalone) > RULED or draft.answer.is_doubtful:
        return (from_whole.answer,) if draft.wish.whole else ()
    return WAYS[:-1] if asked.problem else WAYS


def _leave_documents_to_questions(draft: Draft, *, looks: bool) -> None:
    """A greeting, or what a picture shows, is not looked for in documents that are not named."""
    wish = draft.wish
    named = wish.whole or wish.documents is not None or (looks and wish.collection is not None)
    brief = len(draft.question) <= RULED and not draft.answer.is_doubtful
    is_other = looks or (brief and small_talk.is_small_talk(draft.question))
    if wish.use_documents and not named and is_other:
        draft.wish = wish._replace(use_documents=False)
        draft.answer.request = {**draft.answer.request, **draft.wish.as_json()}
        draft.unfinished = []
    if not draft.wish.use_documents:
        draft.read = []


async def _asked(draft: Draft) -> Asked:
    asked = await _understood(draft)
    asked = asked._replace(own=await threaded(own_words.of)(draft.answer))
    return await threaded(sight.with_pictures)(draft, asked)


async def _understood(draft: Draft) -> Asked:
    quote, question = quoted.split(draft.question)
    model, problem = await threaded(_chosen)(draft)
    talk: Talk | None = draft.wish.history
    if talk is None:
        talk = await threaded(talk_before)(draft.answer)
    as_sent = await threaded(beginning.as_sent)(draft.answer, model, talk) if model else None
    if quote:
        draft.standalone = f"“{quote}”\n\n{question}"
        return Asked(question, draft.standalone, talk, model, problem, as_sent, quote)
    if not draft.wish.use_documents or draft.answer.is_doubtful:
        return Asked(question, question, talk, model, problem, as_sent)
    whole = await _standalone(draft.user, Asked(question, "", talk, model, problem, as_sent))
    return Asked(question, whole, talk, model, problem, as_sent)


async def _standalone(user: User, asked: Asked) -> str:
    """Made whole by the model, if it is known to be quick enough or nothing is known of it."""
    model = asked.model
    if model is not None and asked.talk:
        turns = standalone.rewriting(asked.question, asked.talk, asked.as_sent)
        unread = turns[last_read.leading(model, turns) :]
        tokens = await threaded(beginning.tokens)(unread, model)
        needed = await threaded(reading_time.seconds)(
            user, model, tokens=tokens, parts=1, note_tokens=standalone.REWRITE_TOKENS
        )
        if needed is not None and needed > standalone.REWRITE_SECONDS:
            model = None
    return await standalone.completed(
        asked.question, asked.talk, model, asked.as_sent, num_ctx=window(model)
    )


def _chosen(draft: Draft) -> tuple[Model | None, LocalChatError | None]:
    """The model asked for, else the conversation's, else the person's own, or why there is none.

    Raises ModelMissing. What answers first in a conversation is its model from then on.
    """
    conversation = draft.answer.conversation
    wanted = draft.wish.model or conversation.model
    try:
        model = choosing.to_answer(draft.user, wanted)
        if model and not conversation.model and together.is_first(draft.answer):
            Conversation.objects.keep_model(conversation, model.name)
        return model and _settled(draft, model), None
    except LocalChatError as error:
        if wanted and not isinstance(error, EngineUnreachable):
            raise
        return None, error


def _settled(draft: Draft, model: Model) -> Model:
    draft.answer.request = {**draft.answer.request, **draft.wish.as_json()}
    model = model_settings.put_on(draft.answer, model)
    draft.wish = draft.answer.wish
    return model
