"""From question to answer: each way of answering is asked in turn, the search comes last."""

from collections.abc import Awaitable, Callable

from chat.answers import from_library, from_passages, from_tables, from_whole
from chat.answers.outcome import Answered, NotMine, Outcome, ReadThis
from chat.question import standalone
from chat.question.asked import Asked, window
from chat.record.draft import Draft
from chat.record.talk import Talk, talk_before
from localchat.lib.errors import ModelMissing
from localchat.lib.threads import threaded
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
    for way in WAYS:
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
    model = await threaded(_chosen)(draft)
    talk: Talk | None = draft.wish.history
    if talk is None:
        talk = await threaded(talk_before)(draft.answer)
    if not draft.wish.use_documents:
        return Asked(question, question, talk, model)
    whole = await standalone.completed(question, talk, model, num_ctx=window(model))
    return Asked(question, whole, talk, model)


def _chosen(draft: Draft) -> Model | None:
    """The model asked for, else the person's own. Raises ModelMissing."""
    wanted = draft.wish.model
    if not wanted:
        return choosing.chat_model(draft.user)
    model = choosing.installed_chat_model(wanted)
    if model is None:
        raise ModelMissing(f"The model {wanted} is not installed.")
    return model
