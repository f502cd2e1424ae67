"""From question to answer: each way of answering is asked in turn, the search comes last."""

from collections.abc import Awaitable, Callable

from chat.answers import from_library, from_passages, from_tables, from_whole
from chat.answers.outcome import Answered, NotMine, Outcome, ReadThis
from chat.question import standalone
from chat.question.asked import Asked, window
from chat.record.draft import Draft
from chat.record.talk import Talk, talk_before
from localchat.lib.db_threads import threaded
from localchat.lib.errors import EngineUnreachable, LocalChatError
from models_mgmt import choosing
from models_mgmt.engines import Model

WAYS: tuple[Callable[[Draft, Asked], Awaitable[Outcome]], ...] = (
    from_library.answer,
    from_tables.answer,
    from_whole.answer,
)


async def compose(draft: Draft) -> str:
    """Write the whole answer; returns why it ended."""
    asked = await _asked(draft)
    if not draft.wish.use_documents:
        return await from_passages.write(draft, asked, None)
    # What is read whole needs a model, or says that there is none.
    for way in WAYS[:-1] if asked.problem else WAYS:
        match await way(draft, asked):
            case Answered(reason):
                return reason
            case ReadThis(found):
                return await from_passages.write(draft, asked, found)
            case NotMine():
                pass
    return await from_passages.search_and_write(draft, asked)


async def _asked(draft: Draft) -> Asked:
    question = draft.question
    model, problem = await threaded(_chosen)(draft)
    talk: Talk | None = draft.wish.history
    if talk is None:
        talk = await threaded(talk_before)(draft.answer)
    if not draft.wish.use_documents:
        return Asked(question, question, talk, model, problem)
    whole = await standalone.completed(question, talk, model, num_ctx=window(model))
    return Asked(question, whole, talk, model, problem)


def _chosen(draft: Draft) -> tuple[Model | None, LocalChatError | None]:
    """The model asked for, else the person's own, or why there is none. Raises ModelMissing."""
    wanted = draft.wish.model or ""
    try:
        return choosing.to_answer(draft.user, wanted), None
    except LocalChatError as error:
        if wanted and not isinstance(error, EngineUnreachable):
            raise
        return None, error
