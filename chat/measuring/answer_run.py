"""Asking questions whose answers are known, one after the other, by the ordinary road."""

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import User

from chat import answering, asking
from chat.html import citations
from chat.measuring import grading
from chat.measuring.grading import Outcome
from chat.measuring.reference_answers import Kind, Reference
from chat.models import Message, Source
from chat.question_parsing import Wish
from localchat.lib import following
from localchat.lib.db_threads import threaded
from localchat.lib.errors import ModelMissing
from localchat.lib.hub import hub
from models_mgmt import choosing

NO_MODEL = "No chat model is installed, so there is nobody to ask."


class Answered(NamedTuple):
    """One line of a run."""

    id: str
    kind: Kind
    outcome: Outcome
    share: float
    question: str
    text: str
    expected: str
    sent: bool  # the right place was among the sources
    cited: bool  # and the answer cites it
    only_numbers: bool
    doubts: int
    marked: bool  # doubted though right counts against, as wrong without a doubt does
    first_seconds: float | None  # to the first word
    seconds: float
    prompt_tokens: int
    prompt_seconds: float
    model: str
    error: str


Tell = Callable[[Answered], None]


def model_name(user: User, wanted: str) -> str:
    """The chat model that will answer. Raises ModelMissing, BadRequest, EngineUnreachable."""
    model = choosing.to_answer(user, wanted)
    if model is None:
        raise ModelMissing(NO_MODEL)
    return model.name


async def ask_all(user: User, wish: Wish, references: Sequence[Reference], tell: Tell) -> None:
    """Each question in a conversation of its own, which is deleted once it is graded."""
    try:
        for reference in references:
            tell(await _ask(user, wish, reference))
    finally:
        await answering.finished()
        await hub().close()


async def _ask(user: User, wish: Wish, reference: Reference) -> Answered:
    began = time.monotonic()
    answer = await asking.ask(user, reference.question, wish)
    first: float | None = None
    try:
        async for event in following.follow(user, answer.topic):
            if first is None and event and event["type"] == "token":
                first = time.monotonic() - began
        seconds = time.monotonic() - began
        await answering.finished()
        return await threaded(_graded)(user, reference, answer.pk, first, seconds)
    finally:
        await threaded(asking.delete)(answer.conversation)


def _graded(
    user: User, reference: Reference, pk: int, first: float | None, seconds: float
) -> Answered:
    row = Message.objects.for_user(user).get(pk=pk)
    ended = row.status == Message.Status.DONE
    grade = grading.grade(reference, row.text, declined=row.declined, ended=ended)
    sources = [source for source in row.sources.all() if source.sent]
    cited = set(citations.numbers(row.text))
    is_right = grade.outcome == Outcome.RIGHT
    return Answered(
        id=reference.id,
        kind=reference.kind,
        outcome=grade.outcome,
        share=round(grade.share, 4),
        question=reference.question,
        text=row.text,
        expected=reference.expected,
        sent=any(_is_there(source, reference) for source in sources),
        cited=any(_is_there(each, reference) for each in sources if each.number in cited),
        only_numbers=not is_right and grading.is_only_numbers(row.text, len(sources)),
        doubts=len(row.doubts),
        marked=is_right is not bool(row.doubts),
        first_seconds=first and round(first, 3),
        seconds=round(seconds, 3),
        prompt_tokens=row.usage.get("prompt_tokens", 0),
        prompt_seconds=row.usage.get("prompt_seconds", 0.0),
        model=row.model,
        error=row.error,
    )


def _is_there(source: Source, reference: Reference) -> bool:
    return bool(reference.places & {(source.filename, source.page), (source.filename, None)})


def figures(answers: Sequence[Answered], model: str) -> dict[str, Any]:
    """Shares are of all questions where nothing else is said."""
    by = {outcome: [each for each in answers if each.outcome == outcome] for outcome in Outcome}
    right, wrong = by[Outcome.RIGHT], by[Outcome.WRONG]
    placed = [each for each in answers if each.kind != Kind.UNANSWERABLE]
    told = [each for each in placed if each.outcome in {Outcome.RIGHT, Outcome.WRONG}]
    read = [each for each in answers if each.prompt_seconds]
    return {
        "model": model,
        "accuracy": _share(len(right), len(answers)),
        **{str(outcome): len(found) for outcome, found in by.items()},
        "partly": sum(0 < each.share < 1 for each in wrong),
        **_by_kind(answers),
        "place sent": _share(sum(each.sent for each in placed), len(placed)),
        "place cited": _share(sum(each.cited for each in told), len(told)),  # of those answered
        "only numbers": sum(each.only_numbers for each in answers),
        "wrong doubted": _share(sum(each.marked for each in wrong), len(wrong)),
        "right undoubted": _share(sum(each.marked for each in right), len(right)),
        "p50 first s": _middle([each.first_seconds or 0.0 for each in answers]),
        "p50 s": _middle([each.seconds for each in answers]),
        "most s": max((each.seconds for each in answers), default=0.0),
        "prompt tokens": int(_middle([each.prompt_tokens for each in answers])),
        "read per s": sum(each.prompt_tokens for each in read)
        / (sum(each.prompt_seconds for each in read) or 1.0),
    }


def _by_kind(answers: Sequence[Answered]) -> dict[str, float]:
    """The share of right answers of each kind that was asked for."""
    kinds = dict.fromkeys(each.kind for each in answers)
    found = {kind: [each for each in answers if each.kind == kind] for kind in kinds}
    return {
        f"right {kind}": _share(sum(each.outcome == Outcome.RIGHT for each in rows), len(rows))
        for kind, rows in found.items()
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _middle(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return float(ordered[len(ordered) // 2]) if ordered else 0.0
