"""How the next prompt of a conversation begins, as far as the model can be sent it in time."""

from collections.abc import Sequence

from django.conf import settings

from chat import prompt
from chat.answers import reading_time
from chat.models import Message
from chat.prompt import RESERVE
from chat.question.asked import window
from chat.record import own_words, transcript
from chat.record.talk import Talk
from chat.record.transcript import Transcript
from models_mgmt import counting
from models_mgmt.engines import Model, Turn, last_read


def as_sent(answer: Message, model: Model, talk: Talk) -> Transcript | None:
    """The talk with its passages, unless the model would have to read too much of it again.

    Who is patient gets it all the same.
    """
    wish = answer.wish
    sent = transcript.as_sent(answer, model, talk, grounded=wish.use_documents)
    if sent is None or wish.patient:
        return sent
    unread = tokens(sent.turns[last_read.leading(model, sent.turns) :], model)
    needed = reading_time.of_prompt(reading_time.reading_rate(answer.owner, model), unread)
    known_as_quick = needed is not None and needed <= settings.FIRST_WORD_SECONDS / 2
    return sent if not unread or known_as_quick else None


def turns(answer: Message, model: Model, talk: Talk) -> list[Turn]:
    """What comes before the question, whatever that will be."""
    if sent := as_sent(answer, model, talk):
        return list(sent.turns)
    counter = counting.counter(model)
    ids = [turn.get("message", 0) for turn in talk]
    images = transcript.images_of(answer.owner, ids) if model.may_see else transcript.NO_IMAGES
    built = prompt.build(
        "",
        None,
        transcript.bare(
            talk, grounded=answer.wish.use_documents, own=own_words.of(answer), images=images
        ).turns,
        fence="",
        form="",
        window=window(model),
        reserve=RESERVE,
        count=counter,
        turn_tokens=counter.turn,
    )
    return built.turns[:-1]


def tokens(turns: Sequence[Turn], model: Model) -> int:
    """Of these turns as the model's template has them."""
    counter = counting.counter(model)
    images = sum(len(turn.images) for turn in turns)
    return (
        sum(counter(turn.content) + counter.turn for turn in turns) + counting.IMAGE_TOKENS * images
    )
