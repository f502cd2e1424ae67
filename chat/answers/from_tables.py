"""Questions over tables: computed over every row, not searched for in passages."""

import asyncio
import json
import logging
import re
from typing import NamedTuple

from django.contrib.auth.models import User
from django.utils import timezone

from chat.answers import not_computed
from chat.answers.outcome import Answered, NotMine, Outcome
from chat.question.asked import Asked, window
from chat.record.draft import Draft
from chat.record.search_record import SearchRecord
from documents.finding.search import Passage
from documents.finding.whole_documents import passage_of
from documents.tables import execute, grammar, stored, understand, wording
from documents.tables.execute import Result
from documents.tables.grammar import BadPlan, Plan
from documents.tables.lexicon import Mark
from documents.tables.marked_question import Note
from documents.tables.stored import Scoped
from documents.tables.understand import Understood
from documents.text import words
from documents.text.markdown_escape import unescaped
from localchat.lib.db_threads import threaded
from localchat.lib.errors import EngineError
from localchat.lib.language import speaking
from localchat.lib.sentences import Sentence
from models_mgmt import engines
from models_mgmt.engines import Call, Model, Turn

logger = logging.getLogger(__name__)

PLAN_SECONDS = 20.0  # then the question is answered from passages
PLAN_TOKENS = 400
COLUMNS_SHOWN, VALUES_SHOWN, VALUE_CHARACTERS = 40, 6, 40
OTHERS_SHOWN = 3

# Before a second question in one sentence.
_JOIN = re.compile(
    r"(?:[,;?]|(?<!\s))\s++(?:and|und)\s+(?=(?:how|what|which|who|when|wie|was|welche[mnrs]?|wer|wann)\b)"
    r"|\?\s++(?=\w)",
    re.IGNORECASE,
)

_ASKED = (
    "Turn the question into one computation over the table. Use only the columns that are listed,"
    " by their exact names, and values as they are written in the table. Dates are YYYY, YYYY-MM,"
    " YYYY-MM-DD or YYYY-MM-DD/YYYY-MM-DD; today is {today}. `between` takes two values, the other tests one; = and != may take several."
    ' `column` is what is computed from; empty to count rows. If this table alone cannot answer, say "none"'
    " for the operation. Reply with the JSON alone."
)


class Computed(NamedTuple):
    scoped: Scoped
    plan: Plan
    result: Result
    notes: list[Note]


async def answer(draft: Draft, asked: Asked) -> Outcome:
    """Compute what is asked of a table in scope; nothing else.

    The question is understood as it was put, else with what it leans on.
    """
    tables = await _tables(draft, asked.standalone)
    if not tables:
        return NotMine()
    computed = await threaded(every_by_rules)(asked.question, tables)
    if not computed and asked.leans:
        computed = await threaded(every_by_rules)(asked.standalone, tables)
    if not computed and asked.model and not _JOIN.search(" ".join(asked.standalone.split())):
        computed = await _by_model(draft, asked.standalone, tables, asked.model)
    if not computed:
        await _say_why_not(draft, asked.standalone, tables)
        return NotMine()
    await _write(draft, asked, computed)
    return Answered()


async def _write(draft: Draft, asked: Asked, computed: list[Computed]) -> None:
    scoped = computed[0].scoped
    table = scoped.lexicon.table
    draft.step(
        Sentence("Computing over %(place)s: %(rows)s rows", place=scoped.place, rows=table.rows)
    )
    passage = await threaded(_passage)(draft.user, scoped)
    await draft.show_sources({1: passage} if passage else {})
    with speaking(words.language(asked.question)):
        texts = [wording.markdown(each.plan, table, each.result, each.notes) for each in computed]
        sums = [wording.computation(each.plan, table, each.result) for each in computed]
    draft.computed = unescaped("; ".join(sums))
    draft.search = SearchRecord(query=asked.standalone, notes=[draft.computed])
    await draft.keep_provenance()
    await draft.say("\n\n".join(texts))


async def _say_why_not(draft: Draft, question: str, tables: list[Scoped]) -> None:
    only = await threaded(stored.only_tables)(draft.user, **draft.scope)
    if why := await threaded(not_computed.why_not_computed)(question, tables, only_tables=only):
        draft.step(why)
        draft.notes.append(why)


async def _tables(draft: Draft, question: str) -> list[Scoped]:
    found = await threaded(stored.in_scope)(draft.user, **draft.scope)
    if not found:
        return []
    return await threaded(stored.tables)(found, question, draft.writer.stopped.is_set)


def every_by_rules(question: str, tables: list[Scoped]) -> list[Computed]:
    """Of two questions in one sentence both, or none.

    None too where only one of them says which rows are meant: the other might mean the same.
    """
    found = [by_rules(each, tables) for each in _JOIN.split(" ".join(question.split()))]
    computed = [each for each in found if each is not None]
    together = {(each.scoped.sheet.pk, bool(each.plan.where)) for each in computed}
    return computed if len(computed) == len(found) and len(together) == 1 else []


def by_rules(question: str, tables: list[Scoped]) -> Computed | None:
    """Over the table that the question speaks of most; of several alike, the newest file's."""
    understood = [
        (found.worth, -place, found)
        for place, scoped in enumerate(tables)
        if (found := understand.understood(question, scoped.lexicon))
    ]
    for worth, place, found in sorted(understood, key=lambda each: each[:2], reverse=True):
        scoped = tables[-place]
        if _is_elsewhere(found, question, tables):
            continue
        alike = [tables[-p] for w, p, _ in understood if w == worth and p != place]
        notes = list(found.notes)
        if alike:
            notes.append(Note("others", (_named(alike),)))
        if computed := _run(found.plan, scoped, notes):
            return computed
    return None


def _is_elsewhere(found: Understood, question: str, tables: list[Scoped]) -> bool:
    """Whether the column was only assumed, and the question names one of another table."""
    return any(note.what == "amount" for note in found.notes) and any(
        mark.kind == "column" and mark.column is not None and mark.column.form.kind == "number"
        for scoped in tables
        for mark in scoped.lexicon.marks(question)
    )


def _named(tables: list[Scoped]) -> str:
    shown = [scoped.place for scoped in tables[:OTHERS_SHOWN]]
    return ", ".join(shown) + (" …" if len(tables) > OTHERS_SHOWN else "")


def _run(plan: Plan, scoped: Scoped, notes: list[Note]) -> Computed | None:
    try:
        result = execute.run(plan, scoped.lexicon.table)
    except BadPlan as error:
        logger.info("a computation was refused: %s", type(error).__name__)
        return None
    return Computed(scoped, plan, result, notes)


async def _by_model(
    draft: Draft, question: str, tables: list[Scoped], model: Model
) -> list[Computed]:
    """The model's plan, if the question asks for a figure and speaks of a table's columns."""
    scoped = await threaded(_best)(question, tables)
    if scoped is None:
        return []
    draft.step(
        Sentence(
            "Asking %(name)s what to compute over %(place)s", name=model.name, place=scoped.place
        )
    )
    try:
        async with asyncio.timeout(PLAN_SECONDS):
            told = await _plan_by_model(question, scoped, model)
        plan = grammar.from_json(told)
    except (TimeoutError, EngineError, BadPlan, ValueError) as error:
        logger.info("no computation by the model: %s", type(error).__name__)
        return []
    computed = await threaded(_run)(plan, scoped, [Note("model", ())])
    return [computed] if computed else []


def _best(question: str, tables: list[Scoped]) -> Scoped | None:
    """The table that most of the question is about, if it asks for a figure at all."""
    best, most = None, 0
    for scoped in tables:
        marks = scoped.lexicon.marks(question)
        if not any(set(mark.meanings) & understand.AGGREGATES for mark in marks):
            return None
        worth = sum(_speaks(mark) for mark in marks)
        if worth > most:
            best, most = scoped, worth
    return best if most > 1 else None


def _speaks(mark: Mark) -> int:
    return {"column": 2, "value": 2, "part": 1, "like": 1}.get(mark.kind, 0)


async def _plan_by_model(question: str, scoped: Scoped, model: Model) -> object:
    """What the model wrote, as JSON; that there is nothing to compute as None."""
    turns = [
        Turn("system", _ASKED.format(today=timezone.localdate())),
        Turn("user", f"{described(scoped)}\n\nQuestion: {question}"),
    ]
    call = Call(model, turns, window(model), PLAN_TOKENS, {"temperature": 0}, grammar.SCHEMA)
    return json.loads(await engines.reply(call))


def described(scoped: Scoped) -> str:
    """The columns with their kinds and some of their values."""
    table = scoped.lexicon.table
    lines = [f"Table: {scoped.place}, {table.rows} rows"]
    for column in table.columns[:COLUMNS_SHOWN]:
        seen = [cell[:VALUE_CHARACTERS] for cell, _ in column.counted.most_common(VALUES_SHOWN)]
        lines.append(f"- {column.name} ({column.form.kind}): {'; '.join(seen)}")
    return "\n".join(lines)


def _passage(user: User, scoped: Scoped) -> Passage | None:
    """Where the table begins in its document, for the answer to cite."""
    chunk = stored.first_chunk(user, scoped)
    return passage_of(chunk, scoped.document) if chunk else None
