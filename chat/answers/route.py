"""From question to answer: find passages, choose a model, ask it."""

import asyncio
import time
from collections.abc import Sequence

from chat import prompt
from chat.answers import from_library, from_tables, from_whole, not_found, quotes
from chat.grounding import check
from chat.prompt import Prompt
from chat.question import standalone
from chat.record import provenance
from chat.record.draft import Draft
from chat.record.talk import Talk, talk_before
from documents.finding import answerability, search
from documents.finding.search import Found, Passage
from localchat.lib.errors import ModelMissing, PromptTooLong
from localchat.lib.threads import threaded
from models_mgmt import choosing, counting, engines
from models_mgmt.engines import Model, Piece, Turn

PASSAGES = 8
WINDOW = 8192  # num_ctx, or the model's own window if that is smaller
RESERVE = 1024  # tokens kept free for the answer
ROOMS = (1.0, 0.75, 0.5)  # of the window, for a prompt that was refused as too long
COUNTS = 3  # of a prompt by the model's own tokenizer, each time with less
NO_MODEL = (
    "No chat model is installed, so there is nobody to answer. "
    "Install one on the Models page, or ask about your documents and get quotes."
)


async def compose(draft: Draft) -> str:
    """Write the whole answer; returns why it ended."""
    question = await threaded(_question)(draft)
    model = await threaded(_chosen)(draft)
    talk = draft.wish.get("history")
    if talk is None:
        talk = await threaded(talk_before)(draft.answer)
    found: Found | None = None
    whole = question
    if draft.wish.get("use_documents", True):
        whole = await standalone.completed(question, talk, model, num_ctx=window(model))
        read = await _without_search(draft, question, whole, model, talk)
        if isinstance(read, str):
            return read
        found = read or await _find(draft, question, whole)
        if not read and whole == question and answerability.is_lacking(question, found.evidence):
            return await _decline(draft, question, found, model)
    if model is None:
        return await _do_without(draft, whole, found)
    return await _ask(draft, question, found, model, talk)


def window(model: Model | None) -> int:
    return min(WINDOW, (model and model.window) or WINDOW)


def _question(draft: Draft) -> str:
    asked = draft.answer.question
    return asked.text if asked else ""


def _chosen(draft: Draft) -> Model | None:
    """The model asked for, else the person's own. Raises ModelMissing."""
    wanted = draft.wish.get("model")
    if not wanted:
        return choosing.chat_model(draft.answer.owner)
    model = choosing.installed_chat_model(wanted)
    if model is None:
        raise ModelMissing(f"The model {wanted} is not installed.")
    return model


async def _without_search(
    draft: Draft, question: str, whole: str, model: Model | None, talk: Talk
) -> Found | str | None:
    """Answer what no search is needed for; then why it ended. Or all that there is to read."""
    before = [turn["content"] for turn in talk if turn["role"] == "user"]
    if await from_library.answer(draft, question, before[-1] if before else ""):
        return "stop"
    if await from_tables.answer(draft, question, whole, model, num_ctx=window(model)):
        return "stop"
    return await from_whole.read_whole(draft, question, whole, model, talk, num_ctx=window(model))


async def _find(draft: Draft, question: str, whole: str) -> Found:
    """Search for the question as it is `whole` without the talk before it."""
    if whole != question:
        draft.usage["searched"] = whole
    scope = {"collection": draft.wish.get("collection"), "documents": draft.wish.get("documents")}
    user = await threaded(lambda: draft.answer.owner)()
    draft.step(f"Searching {'your documents' if whole == question else f'for “{whole}”'}")
    began = time.monotonic()
    found = await threaded(search.search)(user, whole, limit=PASSAGES, **scope)
    draft.making.search = {
        "query": whole,
        "documents": found.documents,
        "chunks": found.chunks,
        "notes": found.notes,
        "reranked": found.reranked,
        "evidence": found.evidence and found.evidence.told(),
        "seconds": round(time.monotonic() - began, 3),
    }
    for note in found.notes:
        draft.step(note)
    if found.notes:
        draft.usage["notes"] = " ".join([*_noted(draft), *found.notes])
    return found


def _noted(draft: Draft) -> list[str]:
    return [str(draft.usage["notes"])] if "notes" in draft.usage else []


async def _decline(draft: Draft, question: str, found: Found, model: Model | None) -> str:
    """Nothing that was found answers: no model is asked, so that none can guess."""
    draft.usage["declined"] = True
    await draft.show_sources(found.passages, range(len(found.passages)))
    await draft.keep_making()
    text = quotes.NOTHING if model is None else not_found.sentence(question)
    await draft.take(Piece(text=text))
    return "stop"


async def _do_without(draft: Draft, question: str, found: Found | None) -> str:
    """No chat model: quotes of what was found, or a sentence that says so."""
    if found is not None:
        await draft.show_sources(found.passages)
    await draft.keep_making()
    text = NO_MODEL if found is None else quotes.quote(question, found.passages)
    pieces = [text] if found is None else quotes.pieces(text)
    for piece in pieces:
        await draft.take(Piece(text=piece))
        await asyncio.sleep(0)
    return "stop"


async def _ask(draft: Draft, question: str, found: Found | None, model: Model, talk: Talk) -> str:
    """As much as fits; where the model counts more than we do and refuses, with less again."""
    draft.model = model.name
    passages = found.passages if found else None
    for room in ROOMS:
        built, fewest = await threaded(_fitted)(question, passages, talk, model, room)
        await _keep(draft, model, built, passages, talk)
        try:
            reason = await draft.stream(
                model, built.turns, num_ctx=window(model), max_tokens=RESERVE
            )
            break
        except PromptTooLong:
            if room == ROOMS[-1] or not (built.used or built.talk):
                raise
    await threaded(_compare)(draft, model, built, fewest)
    sent = [passages[place] for place in built.used] if passages else []
    draft.doubts = await threaded(check.doubts)(draft.text, sent)
    return reason


def _fitted(
    question: str,
    passages: Sequence[Passage] | None,
    talk: Talk,
    model: Model,
    room: float,
) -> tuple[Prompt, float]:
    """The prompt, and what the model counts of it at least. By its own count where it tells."""
    said = [Turn(turn["role"], turn["content"]) for turn in talk]
    for _ in range(COUNTS):
        counter = counting.counter(model)
        built = prompt.build(
            question,
            passages,
            said,
            window=int((window(model) - RESERVE) * room / (1 + counter.slack)) + RESERVE,
            reserve=RESERVE,
            count=counter,
            turn_tokens=counter.turn,
        )
        exact = engines.named(model.engine).count(model.name, built.turns)
        if exact is None:
            return built, counter.fewest(built.tokens)
        counting.learn(model, built.turns, exact)
        built = built._replace(tokens=exact)
        if exact + RESERVE <= window(model):
            break
    return built, counting.UNCUT * built.tokens


async def _keep(
    draft: Draft,
    model: Model,
    built: Prompt,
    passages: Sequence[Passage] | None,
    talk: Talk,
) -> None:
    """Keep what is about to be sent, and say what is not."""
    draft.usage.pop("left_out", None)
    if left_out := len(built.left_out):
        draft.usage["left_out"] = left_out
        passage = "passage did" if left_out == 1 else "passages did"
        draft.step(
            f"{left_out} {passage} not fit and {'was' if left_out == 1 else 'were'} left out"
        )
    if passages is not None:
        await draft.show_sources(passages, built.left_out)
    asked = engines.named(model.engine).chat_request(
        model.name, built.turns, num_ctx=window(model), max_tokens=RESERVE
    )
    provenance.note(draft.making, model, asked, built, talk)
    await draft.keep_making()


def _compare(draft: Draft, model: Model, built: Prompt, fewest: float) -> None:
    """Learn from what the model counted, or say that it has not seen everything."""
    counted = float(draft.usage.get("prompt_tokens", 0))
    if 0 < counted < fewest:
        draft.usage["cut"] = True
    if counted >= min(fewest, counting.TEACHES * built.tokens):
        counting.learn(model, built.turns, counted)
