"""The rest of an answer that was cut off, after all that was sent for it and what it says already."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext

from chat.answers import reading_time, stages
from chat.answers.from_passages import GROUNDED
from chat.grounding import check
from chat.prompt import RESERVE
from chat.question import model_settings
from chat.question.asked import room_for_answer, warmth, window
from chat.record import continuation, provenance, sources
from chat.record.draft import Draft
from documents.finding.search import Passage
from documents.text import words
from localchat.lib.db_threads import threaded
from localchat.lib.language import speaking
from models_mgmt import choosing, counting
from models_mgmt.engines import Call, Turn, last_read


class _Rest(NamedTuple):
    call: Call
    tokens: int  # of its prompt
    kept: int  # of them by the engine
    rate: float | None
    citable: Mapping[int, Passage]


async def write_on(draft: Draft) -> str:
    """Returns why it ended this time."""
    await draft.begin_again(thinking=draft.thinking)
    rest = await threaded(_prepared)(draft)
    await stages.tell(draft, rest.call, rest.tokens, rest.kept, rest.rate)
    begun = draft.text

    def opening(held: str) -> str | None:
        is_enough = len(held.lstrip()) >= continuation.SEAM
        return continuation.joined(begun, held) if is_enough else None

    reason = await draft.stream(rest.call, opening=opening)
    if draft.held:
        last, draft.held = draft.held, ""
        await draft.say(continuation.joined(begun, last))
    citable = rest.citable
    draft.doubts = await threaded(check.doubts)(draft.text, list(citable.values()), list(citable))
    await _keep_cited(draft, citable)
    return reason


def _prepared(draft: Draft) -> _Rest:
    """The call, put down beside the one before."""
    row = draft.provenance
    found = provenance.sources_of(row)
    model = model_settings.put_on(draft.answer, choosing.installed_model(row.model))
    draft.wish = draft.answer.wish
    counter = counting.counter(model)
    room = (window(model) - RESERVE) / (1 + counter.slack)

    def fits(turns: Sequence[Turn]) -> bool:
        return counter.turns(turns) <= room

    with speaking(words.language(draft.question)):
        request = gettext(
            "Your answer was cut off. Go on with it exactly where it ends. Do not repeat anything"
            " of it and do not begin anew."
        )
    sent = continuation.fitted(row, found, draft.text, request, fits)
    tokens = counter.turns(sent.turns)
    row.continued = [
        *row.continued,
        {"tokens": tokens, "left_out": sent.left_out, "has_all_said": sent.has_all_said},
    ]
    row.save(update_fields=["continued"])
    wish = draft.wish
    length = room_for_answer(model, tokens * (1 + counter.slack), wanted=wish.length)
    options = warmth(wish, GROUNDED if wish.use_documents else {})
    read = last_read.leading(model, sent.turns)
    return _Rest(
        Call(model, sent.turns, window(model), length, options),
        tokens,
        counter.turns(sent.turns[:read]) if read else 0,
        reading_time.reading_rate(draft.user, model),
        continuation.citable(row, found),
    )


async def _keep_cited(draft: Draft, citable: Mapping[int, Passage]) -> None:
    """What stands in the talk before is a source of this answer once it is cited."""
    await draft.look_at_sources()
    numbers = {source.number for source in draft.sources}
    new = continuation.newly_cited(draft.text, citable, numbers)
    if new:
        draft.sources += [sources.source(draft.answer, n, each) for n, each in new.items()]
        await draft.keep_sources({*numbers, *new})
