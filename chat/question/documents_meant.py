"""Which whole documents a question means: those that it names, that the talk is of, or all.

A talk is of the documents that its answers rest on.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import User

from chat.html import citations
from chat.models import Source
from chat.question import intents
from chat.question.asked import Asked
from chat.question.intents import COMPARISON, LIST, QUESTION, SUMMARY, Intent
from chat.record.draft import Draft
from chat.record.talk import Talk
from documents.finding import named_documents
from documents.finding.named_documents import Chosen
from documents.models import Document
from documents.text.markdown_escape import unescaped
from localchat.lib.sentences import Sentence

MOST_COMPARED = 6  # documents
NAMED = 3  # documents that are told by name
_THING = (
    r"(?:document|doc|file|report|text|paper|pdf|contract|letter|article|filing|dokument|datei"
    r"|bericht|vertrag|brief|artikel)"
)
_ONE = re.compile(
    rf"\b(?:its?|(?:the|this|that) (?:same )?{_THING}|(?:this|that)(?=\W*$|\W+(?:in|as|for|briefly|with"
    rf"|to|and)\b)|es|dies(?:e[nmrs]?)? {_THING}|(?:das|den|dem|der) {_THING}|dies(?:es)?(?=\W)"
    r"|das(?= (?:bitte |kurz |mal )*zusammen))\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    rf"\b(?:them|these|those|both|the (?:two|three|{_THING}s)|sie|beiden?|davon|diese"
    r" (?:dokumente|dateien|berichte))\b",
    re.IGNORECASE,
)
_EVERY = re.compile(
    rf"\b(?:everything|alles|(?:all|every|alle)(?! of (?:them|these|those))\W+(?:\w+\W+){{0,2}}{_THING}\w*"
    rf"|(?:my|meine[rn]?|our|unsere[rn]?) (?:\w+ )?{_THING}\w*)\b",
    re.IGNORECASE,
)


class Meant(NamedTuple):
    documents: list[int]
    names: list[str]

    @property
    def named(self) -> str:
        more = len(self.names) - NAMED
        names = ", ".join(self.names[:NAMED])
        return Sentence("%(names)s and %(n)s more", names=names, n=more) if more > 0 else names


class WholeQuestion(NamedTuple):
    question: str
    intent: Intent
    chosen: Chosen
    meant: Meant | None  # by the talk before
    scoped: bool  # by the talk or by the person

    @property
    def is_for_whole(self) -> bool:
        """A comparison needs two documents; a list of what a large library has needs a search."""
        many = len(self.chosen.documents)
        if self.intent.kind == COMPARISON:
            is_known = self.chosen.named or self.meant or not self.intent.topic
            return 2 <= many <= MOST_COMPARED and bool(is_known)
        if self.intent.kind == LIST:
            return bool(self.chosen.named) or self.scoped or many == 1
        return True


def wanted(draft: Draft, asked: Asked) -> WholeQuestion | None:
    """None: this is no question about whole documents."""
    everything = draft.wish.whole
    question, talk, user = asked.question, asked.talk, draft.user
    intent = intents.of(question)
    if intent is None and asked.leans and not _was_asked(asked.standalone, talk):
        intent = intents.of(asked.standalone)
        question = asked.standalone if intent else question  # "and the second one?" of a summary
    if intent is None and not everything:
        return None
    intent = intent or Intent(QUESTION, intents.topic(question))
    chosen = named_documents.chosen(user, question, **draft.scope)
    every = named_documents.chosen(user, "", **draft.scope) if chosen.named else chosen
    named = _pks(chosen) if chosen.named - named_documents.THINGS else []
    meant = None if everything else _meant(user, question, intent, talk, named, _pks(every))
    if meant:
        chosen = named_documents.chosen(user, "", documents=meant.documents)
        question = _with_subject(question, talk) if intent.kind == LIST else question
    elif not chosen.named and asked.standalone != question:
        chosen = named_documents.chosen(user, asked.standalone, **draft.scope)
    if not chosen.documents:
        return None
    scoped = bool(meant) or any(draft.scope.values())
    return WholeQuestion(question, intent, chosen, meant, scoped)


def _was_asked(question: str, talk: Talk) -> bool:
    return any(question in {turn["content"], turn.get("searched")} for turn in talk)


def _pks(chosen: Chosen) -> list[int]:
    return [each.pk for each in chosen.documents]


def _with_subject(question: str, talk: Talk) -> str:
    """What "them" are, the question before says."""
    before = [turn["content"] for turn in talk if turn["role"] == "user"][-1:]
    return "\n".join([question, *(f"(The question before was: {each})" for each in before)])


def _meant(
    user: User,
    question: str,
    intent: Intent,
    talk: Talk,
    named: Sequence[int],
    scope: Sequence[int],
) -> Meant | None:
    """The documents that are meant; None when the question does not lean on the talk.

    `named`: those that the question names itself, `scope`: all that could be meant.
    """
    leans = _leans(question, intent)
    if not leans or (named and intent.kind != COMPARISON):
        return None
    groups = _rested_on(user, talk, scope)
    if not groups:
        return None
    last = groups[0] if leans == "many" else groups[0][:1]
    found = _compared(last, groups, named, scope) if intent.kind == COMPARISON else last
    rows = dict(Document.objects.for_user(user).filter(pk__in=found).values_list("pk", "name"))
    kept = [each for each in found if each in rows]
    return Meant(kept, [rows[each] for each in kept]) if kept else None


def _leans(question: str, intent: Intent) -> str:
    """`one` or `many`; empty when it stands by itself."""
    if _EVERY.search(question):
        return ""
    if _MANY.search(question):
        return "many"
    if _ONE.search(question):
        return "one"
    return "many" if intent.kind == SUMMARY and not intent.topic else ""


def _compared(
    last: Sequence[int], groups: Sequence[Sequence[int]], named: Sequence[int], scope: Sequence[int]
) -> list[int]:
    """With what the question names, else what was spoken of before, else the only other one."""
    if named:
        return list(dict.fromkeys([*last, *named]))
    if len(last) > 1:
        return list(last)
    before = (each for group in groups for each in group if each not in last)
    other = next(before, None)
    if other is None and len(scope) == len(last) + 1:
        other = next(each for each in scope if each not in last)
    return [*last, *([] if other is None else [other])]


def _rested_on(user: User, talk: Talk, scope: Sequence[int]) -> list[list[int]]:
    """The documents of each answer that rests on any, the last answer first, the most cited first."""
    answers = {
        turn["message"]: turn["content"]
        for turn in talk
        if turn["role"] == "assistant" and "message" in turn
    }
    sources: dict[int, dict[int, int]] = {}
    rows = Source.objects.for_user(user).filter(message__in=answers, sent=True)
    for message, number, document in rows.filter(document__in=scope).values_list(
        "message", "number", "document"
    ):
        sources.setdefault(message, {})[number] = document
    groups = []
    for message in sorted(answers, reverse=True):
        of_answer = sources.get(message)
        text = answers[message]
        groups.append(_cited(text, of_answer) if of_answer else _named_in_answer(user, text, scope))
    return [group for group in groups if group]


def _cited(text: str, sources: dict[int, int]) -> list[int]:
    """Those cited; if none is, the one whose passage was the best."""
    numbers = [number for number in citations.numbers(text) if number in sources]
    counted = Counter(sources[number] for number in numbers or [min(sources)])
    return [document for document, _ in counted.most_common()]


def _named_in_answer(user: User, text: str, scope: Sequence[int]) -> list[int]:
    """Those whose names the answer tells, in its order."""
    said = unescaped(text)
    rows = Document.objects.for_user(user).filter(pk__in=scope).values_list("pk", "name")
    places = {pk: said.find(name) for pk, name in rows}
    return sorted((pk for pk in places if places[pk] >= 0), key=lambda pk: places[pk])
