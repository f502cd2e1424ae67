"""What is searched for when a question leans on the talk: its own words and what they lean on."""

import asyncio
import logging
import re

from chat.question.followup_rules import CITED, LONG, YEAR, brought, complete, is_assent
from chat.record.talk import Talk
from chat.record.transcript import Transcript
from documents.text import words
from localchat.lib.db_threads import threaded
from localchat.lib.errors import EngineError
from models_mgmt import engines
from models_mgmt.engines import Call, Model, Turn

logger = logging.getLogger(__name__)

REWRITE_SECONDS = 5.0  # then the rules' own result is taken
REWRITE_TOKENS = 48
LONGEST_REPLY = 600  # characters that are looked at
EARLIER = 3  # turns that the model is shown
ANSWER_SHOWN = 600  # characters of an answer


_ASKED = (
    "Rewrite the last question so that it can be understood without the conversation: put in the"
    " names, years and subjects that it leaves out. If it is complete already or changes the"
    " subject, repeat it unchanged. Reply with the question alone, in its own language."
)
_NOISE = re.compile(r"```(?:json)?|<\|[^|]*\|>")
_LABEL = re.compile(
    r"(?:(?:standalone|rewritten|complete|final|last|new)\s+)*(?:question|query|answer|rewrite"
    r"|output)\s*[\"']?\s*:\s*",
    re.IGNORECASE,
)


def by_rules(question: str, talk: Talk) -> str:
    """The question made whole from the talk, without a model."""
    before: list[str] = []
    answer = ""
    for turn in talk:
        if turn["role"] == "user":
            before.append(turn.get("searched") or complete(turn["content"], before, answer))
        else:
            answer = turn["content"]
    return complete(question, before, answer)


async def completed(
    question: str,
    talk: Talk,
    model: Model | None,
    as_sent: Transcript | None = None,
    *,
    num_ctx: int,
) -> str:
    """What to search for: as the model makes it whole, if it can in time, else by the rules."""
    ruled = await threaded(by_rules)(question, talk)
    if model is None or not talk or len(question.split()) > LONG:
        return ruled
    try:
        async with asyncio.timeout(REWRITE_SECONDS):
            written = await _rewritten(rewriting(question, talk, as_sent), model, num_ctx)
    except (TimeoutError, EngineError) as error:
        logger.info("a question was made whole by rules: %s", type(error).__name__)
        return ruled
    return written if _is_sound(written, question, ruled, talk) else ruled


async def _rewritten(turns: list[Turn], model: Model, num_ctx: int) -> str:
    call = Call(model, turns, num_ctx, REWRITE_TOKENS, {"temperature": 0})
    return cleaned(await engines.reply(call))


def rewriting(question: str, talk: Talk, as_sent: Transcript | None) -> list[Turn]:
    """What the model is asked for: after the talk that it has read, which it so keeps."""
    if as_sent is not None:
        asked = f"{_ASKED} Do not answer it.\n\nLast question: {question}"
        return [*as_sent.turns, Turn("user", asked)]
    who = {"user": "Question", "assistant": "Answer"}
    lines = [
        f"{who[turn['role']]}: {turn['content'][:ANSWER_SHOWN]}"
        for turn in talk
        if turn["role"] in who
    ]
    said = "\n".join([*lines[-2 * EARLIER :], f"Last question: {question}"])
    return [Turn("system", _ASKED), Turn("user", said)]


def cleaned(reply: str) -> str:
    """The question in a model's reply, without its quotes, labels and JSON."""
    text = _NOISE.sub(" ", reply[:LONGEST_REPLY]).strip()
    line = next((line for line in text.splitlines() if words.terms(line)), "")
    if text.startswith(("{", "[")):
        line = " ".join(text.split()).strip("{}[] ")
    line = _LABEL.sub("", line.strip(" \t\"'“”„«»*_`{}[]>-"), count=1)
    return line.strip(" \t\"'“”„«»*_`{}[],")


def _is_sound(written: str, question: str, ruled: str, talk: Talk) -> bool:
    """Whether it keeps what was asked and brings in nothing that nobody said."""
    new = set(words.query(written))
    asked = set(words.query(question))
    said = asked.union(*(words.query(turn["content"]) for turn in talk))
    if not new or len(written) > 400 or len(new - said) > max(1, len(new) / 3):
        return False
    if not _is_asked_again(written, new, question, talk):
        return False
    if ruled == question:
        return asked <= new
    if new <= asked:  # the question as it was, though it leans on something
        return False
    return set(YEAR.findall(question)) <= set(YEAR.findall(written))


def _is_asked_again(written: str, new: set[str], question: str, talk: Talk) -> bool:
    """Small models answer at times, or say the last answer again, in place of asking."""
    answers = [turn["content"] for turn in talk if turn["role"] == "assistant"]
    if CITED.search(written) or any(written in answer for answer in answers):
        return False
    own = set(brought(question))
    return not own or bool(own & new) or is_assent(question)
