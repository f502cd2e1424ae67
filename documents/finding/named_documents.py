"""Which documents a question names: by whose they are, of what kind and of when, all at once.

A name counts first; what it does not tell, the title and the first page do.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import NamedTuple

from django.contrib.auth.models import User

from documents.models import Chunk, Document
from documents.text import about, kinds_named, times_named, words
from documents.text.month_names import months
from documents.text.times_named import Time

# What any document may be called: by such a word in its title alone none is meant.
_SEVERAL = "documents files reports papers filings dokumente dateien berichte unterlagen"
THINGS = frozenset(
    words.terms(
        f"document file report text paper filing release dokument datei bericht unterlage {_SEVERAL}"
    )
)
OPENED = 60  # documents at most whose first pages are looked at to tell them apart
_TIMELY = re.compile(r"(?:dated?)?(?:\d{4}|\d{6}|\d{8})|(?:\d{4}|fy\d*)?q[1-4]|fy\d+|dated?")
_MANY = re.compile(
    rf"\b(?:{_SEVERAL.replace(' ', '|')}|all|every|each|both|two|three|alle|beiden?)\b",
    re.IGNORECASE,
)
_PROPER = re.compile(r"(?<=[\w,] )(?<![.?!:] )[A-Z][\w&'-]*[^\W_]")


class Chosen(NamedTuple):
    documents: list[Document]  # by name, each content once
    named: frozenset[str]  # the terms of the question that are in their names; none: all in scope
    tied: bool = False  # one document is asked for, and they fit equally


class _Asked(NamedTuple):
    terms: frozenset[str]
    kinds: frozenset[str]
    times: Sequence[Time]
    said: frozenset[str]  # terms of the kinds and times
    proper: Sequence[frozenset[str]]  # what is written like a name: each as terms
    one: bool


class _Known(NamedTuple):
    """What is known of a document."""

    document: Document
    terms: frozenset[str]
    kinds: frozenset[str]
    times: Sequence[Time]


def chosen(
    user: User,
    question: str,
    *,
    collection: str | None = None,
    documents: Sequence[int] | None = None,
) -> Chosen:
    """What can be read, narrowed to what the question names.

    Of two documents of which one has all the named terms of the other, and more, that one is meant.
    """
    found = Document.objects.in_scope(user, collection=collection, documents=documents)
    found = (
        found.filter(current__isnull=False)
        .select_related("current__content")
        .order_by("name", "pk")
    )
    by_content = {each.current.content_id: each for each in reversed(found) if each.current}
    rows = sorted(by_content.values(), key=lambda each: (each.name, each.pk))
    return narrowed(question, rows, _openings)


def narrowed(
    question: str,
    rows: Sequence[Document],
    openings: Callable[[Sequence[Document]], dict[int, str]],
) -> Chosen:
    """`openings` gives the beginnings of documents, by their number."""
    asked = _asked(question)
    known = [_known(each) for each in rows]
    groups = _by_subject(asked, known, openings)
    is_strange = not groups and bool(asked.proper) and bool(asked.kinds or asked.times)
    best: dict[int, Document] = {}
    named = set().union(*groups)
    for group in groups.values() or [known]:
        kept, fits = _by_kind_and_time(asked, group, openings)
        named |= asked.said if fits else set()
        best |= {each.document.pk: each.document for each in kept}
    if not named:
        return _by_thing(asked, known, rows)
    meant = [each for each in rows if each.pk in best]
    alike = len(meant) > 1 and asked.one and len(groups) < 2
    return Chosen(meant, frozenset(named), alike or (is_strange and asked.one))


def _asked(question: str) -> _Asked:
    kinds, times = kinds_named.kinds(question), times_named.times(question)
    terms = {*words.query(question), *words.joined(question)}
    terms |= {stem for term in words.joined(question) for stem in words.terms(term)}
    said = {term for word in kinds.words for term in (word, *words.terms(word))}
    timely = {term for term in terms if _TIMELY.fullmatch(term)}
    is_one = not (kinds.several or len(kinds.kinds) > 1 or len(times) > 1 or _MANY.search(question))
    proper = []
    if words.language(question) == "english":  # elsewhere nouns are written so, or not even names
        proper = [frozenset(words.terms(each)) for each in _PROPER.findall(question)]
    return _Asked(
        frozenset(terms),
        kinds.kinds,
        times,
        frozenset(said | timely),
        [each - said - timely for each in proper if each - said - timely - _months(times)],
        is_one,
    )


def _months(times: Sequence[Time]) -> set[str]:
    return {
        term
        for name, number in months().items()
        if any(each.month == number for each in times)
        for term in words.terms(name)
    }


def _known(document: Document) -> _Known:
    stem = re.sub(r"\.\w{1,5}$", "", document.name)
    return _Known(
        document,
        frozenset(about.words_of_name(document.name)),
        kinds_named.kinds(stem).kinds,
        times_named.times(stem),
    )


Groups = dict[frozenset[str], list[_Known]]


def _by_subject(
    asked: _Asked,
    known: Sequence[_Known],
    openings: Callable[[Sequence[Document]], dict[int, str]],
) -> Groups:
    """By the terms that tell whose or what they are, of the name, else the title, else the first page."""
    if groups := _grouped(known, lambda each: each.terms & asked.terms - asked.said):
        return groups
    if groups := _grouped(known, lambda each: _of_title(each.document) & asked.terms - asked.said):
        return groups
    if not asked.proper or len(known) > OPENED:
        return {}
    told = openings([each.document for each in known])
    proper = frozenset().union(*asked.proper)
    return _grouped(
        known, lambda each: proper & frozenset(words.terms(told.get(each.document.pk, "")))
    )


def _grouped(known: Sequence[_Known], of: Callable[[_Known], frozenset[str]]) -> Groups:
    named = [(of(each) - THINGS, each) for each in known]
    every = {terms for terms, _ in named if terms}
    most = {terms for terms in every if not any(terms < other for other in every)}
    groups: Groups = {}
    for terms, each in named:
        if terms in most:
            groups.setdefault(terms, []).append(each)
    return groups


def _of_title(document: Document) -> frozenset[str]:
    title = about.titled(document.current.content.title) if document.current else ""
    return frozenset(term for term in words.terms(title) if about.tells(term)) - THINGS


def _by_kind_and_time(
    asked: _Asked,
    group: Sequence[_Known],
    openings: Callable[[Sequence[Document]], dict[int, str]],
) -> tuple[Sequence[_Known], bool]:
    """Those that fit best, and whether any fits at all: for each kind and time that is asked for."""
    if not (asked.kinds or asked.times):
        return group, False
    if len(group) <= OPENED and any(_lacks(asked, each) for each in group):
        told = openings([each.document for each in group])
        group = [_with_opening(asked, each, told.get(each.document.pk, "")) for each in group]
    best: dict[int, _Known] = {}
    for kind, time in product(asked.kinds or [""], asked.times or [Time()]):
        scores = [(kind in each.kinds, _agreement(time, each.times)) for each in group]
        top = {s for s in scores if any(s) and not any(_beats(other, s) for other in scores)}
        chosen = (each for each, score in zip(group, scores, strict=True) if score in top)
        best |= {each.document.pk: each for each in chosen}
    return [*best.values()] or group, bool(best)


Score = tuple[bool, float]


def _beats(one: Score, other: Score) -> bool:
    return one != other and one[0] >= other[0] and one[1] >= other[1]


def _agreement(asked: Time, times: Iterable[Time]) -> float:
    return max((asked.agreement(each) for each in times), default=0.0)


def _lacks(asked: _Asked, known: _Known) -> bool:
    """Whether its name leaves open what is asked for."""
    fitting = (_agreement(time, known.times) < sum(map(bool, time)) for time in asked.times)
    return (bool(asked.kinds) and not known.kinds) or any(fitting)


def _with_opening(asked: _Asked, known: _Known, opening: str) -> _Known:
    """With what the title and the first page tell, where the name does not contradict it."""
    content = known.document.current.content if known.document.current else None
    text = f"{content.title}\n{content.description}\n{opening}" if content else opening
    told = times_named.times(text)
    if known.times:  # only more exactly
        told = [each for each in told if any(own.holds(each) for own in known.times)]
    return known._replace(
        kinds=known.kinds or kinds_named.kinds(text).kinds, times=[*known.times, *told]
    )


def _by_thing(asked: _Asked, known: Sequence[_Known], rows: Sequence[Document]) -> Chosen:
    """By what any document may be called, where its name says no more."""
    named = [(each.terms & asked.terms & THINGS, each.document) for each in known]
    meant = [document for terms, document in named if terms]
    if not meant:
        return Chosen([*rows], frozenset())
    return Chosen(meant, frozenset().union(*(terms for terms, _ in named)))


def _openings(documents: Sequence[Document]) -> dict[int, str]:
    contents = {each.current.content_id: each.pk for each in documents if each.current}
    first = Chunk.objects.filter(content__in=contents, position=0)
    return {
        contents[content]: text[: about.OPENING]
        for content, text in first.values_list("content_id", "text")
    }
