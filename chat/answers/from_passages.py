"""Answers from the passages that a search finds: by the model, as quotes, or none at all."""

import time
from collections.abc import Mapping, Sequence
from functools import partial

from chat.answers import figures_told, not_found, quotes, reading_time, stages
from chat.answers.figures_told import Told
from chat.answers.fitted_prompt import FittedPrompt, fitted
from chat.answers.leads import Lead
from chat.answers.openings import Opening
from chat.grounding import attribution, check
from chat.html import citations
from chat.prompt import RESERVE, Prompt, fence
from chat.question.asked import (
    Asked,
    room_for_answer,
    room_for_thoughts,
    room_kept,
    warmth,
    window,
)
from chat.record import engine_turn, provenance, remarks
from chat.record.draft import Draft
from chat.record.search_record import SearchRecord
from chat.record.sources import by_number
from documents.finding import answerability, search
from documents.finding.search import Found, Passage
from localchat.lib.db_threads import threaded
from localchat.lib.errors import PromptTooLong
from localchat.lib.sentences import Sentence, counted
from models_mgmt import choosing, counting
from models_mgmt.engines import Call, Model

PASSAGES = 12  # of which what answers is sent
SHARES = (0.75, 0.5, 0.5)  # of the tokens that were refused as too long, for the next try
# Figures are quoted, not made up: the likeliest word each time.
GROUNDED: Mapping[str, object] = {"temperature": 0.0}
ANEW: Mapping[str, object] = {"temperature": 0.5}  # who wants another version gets other words
NAMED = Sentence("The model named no source; those that say the same were found by their words.")
QUOTED = Sentence("The model named a passage and said nothing; what it says there is quoted.")


async def search_and_write(draft: Draft, asked: Asked) -> str:
    """From what is found for the question; returns why the answer ended."""
    found = await _find(draft, asked)
    if not found.chunks and any(each is not None for each in draft.scope.values()):
        return await _decline(draft, found, not_found.empty_scope(asked.question))
    if not (asked.leans or asked.shown) and answerability.is_lacking(
        asked.question, found.answerability
    ):
        nobody = asked.model is None and asked.problem is None
        text = quotes.NOTHING if nobody else not_found.sentence(asked.question)
        return await _decline(draft, found, text)
    return await write(draft, asked, found, hurried=not draft.wish.patient)


async def write(draft: Draft, asked: Asked, found: Found | None, *, hurried: bool = False) -> str:
    """From these passages, or by the model alone; returns why the answer ended.

    `hurried`: from fewer of them where the model would take long to read all.
    """
    passages, told = (None, None) if found is None else await _with_figures(draft, asked, found)
    if told and passages and told.is_all:
        await figures_told.say(draft, told, passages)
        return "stop"
    if asked.model is None:
        return await _do_without(draft, asked, found)
    return await _ask(draft, asked, asked.model, passages, told, hurried=hurried)


async def _find(draft: Draft, asked: Asked) -> Found:
    """Search for the question with what it leans on."""
    if asked.leans:
        draft.standalone = asked.standalone
    leans_alone = asked.leans and not asked.quote
    searching = Sentence("Searching for “%(question)s”", question=asked.standalone)
    draft.step(searching if leans_alone else Sentence("Searching your documents"))
    began = time.monotonic()
    found = await threaded(search.search)(
        draft.user, asked.standalone, limit=PASSAGES, **draft.scope
    )
    draft.search = SearchRecord(
        query=asked.standalone,
        notes=found.notes,
        documents=found.documents,
        chunks=found.chunks,
        reranked=found.reranked,
        answerability=found.answerability and found.answerability.as_json(),
        seconds=round(time.monotonic() - began, 3),
    )
    notes = not_found.minded(found.notes, asked.question)
    for note in notes:
        draft.step(note)
    draft.notes += notes
    return found


async def _decline(draft: Draft, found: Found, text: str) -> str:
    """Nothing that was found answers: no model is asked, so that none can guess."""
    draft.declined, draft.read = True, []
    passages = by_number(found.passages)
    await draft.show_sources(passages, passages)
    await draft.keep_provenance()
    await draft.say(text)
    return "stop"


async def _do_without(draft: Draft, asked: Asked, found: Found | None) -> str:
    """No chat model: quotes of what was found, or a sentence that says so.

    Where a model is only out of reach the answer fails, and can be asked for again.
    """
    passages = by_number(found.passages) if found else {}
    if found is not None:
        await draft.show_sources(passages)
    await draft.keep_provenance()
    if asked.problem:
        draft.show_quotes(quotes.first(asked.standalone, passages, passages))
        raise asked.problem
    draft.notes += (await threaded(choosing.installed)()).problems
    nobody = not_found.no_model(asked.question)
    await draft.say(nobody if found is None else quotes.quote(asked.standalone, passages))
    return "stop"


async def _ask(
    draft: Draft,
    asked: Asked,
    model: Model,
    passages: Sequence[Passage] | None,
    told: Told | None,
    *,
    hurried: bool,
) -> str:
    """As much as fits; where the model counts more than we do and refuses, with less again."""
    draft.model = model.name
    rate = await threaded(reading_time.reading_rate)(draft.user, model)
    most = partial(reading_time.passages_in_time, rate, model) if hurried else None
    thoughts = room_for_thoughts(model, think=draft.wish.think)
    room = window(model) - room_kept(model, draft.wish.length) - thoughts
    # Who thinks at temperature 0 goes round in circles.
    options = GROUNDED if passages is not None and not thoughts else {}
    if options and draft.answer.request.get("again"):
        options = ANEW
    options = warmth(draft.wish, options)
    conversation = str(draft.answer.conversation_id)
    mark = fence(conversation)
    for share in (*SHARES, 0.0):
        sent = await threaded(fitted)(asked, passages, model, room, conversation, most, told)
        built = sent.prompt
        length = room_for_answer(model, sent.most, thoughts, draft.wish.length) + thoughts
        call = Call(model, built.turns, window(model), length, options, think=thoughts > 0)
        draft.hurried = built.hurried
        await _keep(draft, call, sent, asked)
        tell = partial(stages.tell, draft, call, built.tokens, sent.read, rate)
        await tell()
        try:
            opening = None if passages is None else Opening(sent.titles).said
            lead = Lead(sent.lead, opening) if sent.lead and opening else None
            titles = (f"\n[{number}] {title}" for number, title in sent.titles.items())
            async with engine_turn.waited_for(draft, call, tell):
                reason = await draft.stream(
                    call, opening=lead.said if lead else opening, until=[mark, *titles]
                )
            break
        except PromptTooLong as error:
            if not share or not (built.chosen.sent or built.begun[1:]):
                raise
            room = _room_below(built, error, share)
    await threaded(_compare)(draft, model, sent)
    if lead and not draft.text:
        await draft.say(lead.ended(draft.held))
        draft.held = ""
    if draft.held or not draft.text.strip():
        await _mend(draft, asked, sent)
    citable = sent.with_told
    await _name_sources(draft, asked, citable, reason)
    draft.doubts = await threaded(check.doubts)(draft.text, list(citable.values()), list(citable))
    if sent.begun.standing:
        await draft.keep_sources({*(sent.found or ()), *citations.numbers(draft.text)})
    return reason


async def _with_figures(
    draft: Draft, asked: Asked, found: Found
) -> tuple[list[Passage], Told | None]:
    """The passages, with what the figures that are asked for stand in."""
    passages, told = await threaded(figures_told.with_figures)(
        draft.user, asked.standalone, found.passages
    )
    if told:
        what = "; ".join(filter(None, (told.text, told.steps)))
        draft.step(Sentence("Read from tables: %(what)s", what=what))
    return passages, told


def _room_below(built: Prompt, refused: PromptTooLong, share: float) -> int:
    """For a prompt in place of the refused one: to the window, where the engine tells it."""
    if not (refused.sent and refused.window):
        return int(built.tokens * share)
    room = max(refused.window - RESERVE, refused.window // 2)
    return int(built.tokens * min(SHARES[0], room / refused.sent))


async def _mend(draft: Draft, asked: Asked, sent: FittedPrompt) -> None:
    """Small models at times name a passage and say nothing: then what it says is quoted.

    So is what answers best of all that was sent, where they say nothing at all.
    """
    await draft.look_at_sources()
    there = {source.number for source in draft.sources if source.text}
    citable = {number: each for number, each in sent.citable.items() if number in there}
    if not draft.held.strip():
        quoted = quotes.of_passage(asked.standalone, citable, citable)
        await draft.say(f"{remarks.on_quotes(asked.question)}\n\n{quoted}" if quoted else "")
        return
    named = Opening(sent.titles).named(draft.held)
    is_there = bool(named) and named <= citable.keys()
    quoted = quotes.of_passage(asked.standalone, citable, named) if is_there else ""
    if quoted:
        draft.notes.append(QUOTED)
    await draft.say(quoted or draft.held)
    draft.held = ""


async def _name_sources(
    draft: Draft, asked: Asked, citable: Mapping[int, Passage], reason: str
) -> None:
    """Small models at times say what is right and forget where it stands."""
    find = threaded(attribution.supporting)
    numbers = await find(draft.text, citable, asked.standalone) if reason != "length" else []
    if numbers:
        await draft.say(attribution.ending(draft.text, numbers))
        draft.notes.append(NAMED)


async def _keep(draft: Draft, call: Call, sent: FittedPrompt, asked: Asked) -> None:
    """Keep what is about to be sent, and say what is not."""
    draft.left_out = len(sent.left_out)
    if draft.left_out and draft.hurried:
        draft.step(
            counted(
                "%(n)s passage was left out to begin sooner",
                "%(n)s passages were left out to begin sooner",
                draft.left_out,
            )
        )
    elif draft.left_out:
        draft.step(
            counted(
                "%(n)s passage was left out for want of room",
                "%(n)s passages were left out for want of room",
                draft.left_out,
            )
        )
    elif not sent.prompt.chosen.is_all:
        draft.step(
            Sentence("The passages were shortened to begin sooner")
            if draft.hurried
            else Sentence("The passages were shortened for want of room")
        )
    if sent.found is not None:
        await draft.show_sources({**sent.begun.standing, **sent.found}, sent.left_out)
        numbers = [number for number in sent.found if number not in sent.left_out]
        best = await threaded(quotes.first)(asked.standalone, sent.found, numbers)
        draft.show_quotes([*sent.rows_told(), *best][: max(len(best), 1)])
    provenance.note_call(draft.provenance, call, sent.prompt, sent.begun.kept, leans=asked.leans)
    await draft.keep_provenance()


def _compare(draft: Draft, model: Model, sent: FittedPrompt) -> None:
    """Learn from what the model counted, or say that it has not seen everything."""
    counted, built = draft.usage.get("prompt_tokens", 0), sent.prompt
    draft.usage.setdefault("kept_tokens", sent.read)  # where the engine does not tell
    draft.cut = 0 < counted < sent.fewest
    if counted >= min(sent.fewest, counting.TEACHES * built.tokens):
        counting.learn(model, built.turns, counted)
