"""Pages of a content with text that speaks to a language model: it is found and sent as any other,
and its owner is told.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, TypedDict

from django.utils.translation import gettext, ngettext

from documents.models import Content
from documents.readers.common import hidden
from documents.text.addressed import speaks_to_models

KIND = "speaks to a model"
MOST = 100  # of one content
NAMED = 8  # pages in the sentence


class Flag(TypedDict):
    page: int | None
    passage: int  # the first one there: its position in the content
    kind: str
    hidden: bool


class Piece(Protocol):
    @property
    def page(self) -> int | None: ...

    @property
    def text(self) -> str: ...


class Clause(NamedTuple):
    """Of the sentence: `before`, the pages as links, `after`."""

    before: str
    flags: Sequence[Flag]
    more: int
    after: str


def found(pieces: Iterable[Piece]) -> list[Flag]:
    """Each page once, or twice where it has such text both hidden and in sight."""
    flags: dict[tuple[int | None, bool], Flag] = {}
    for position, piece in enumerate(pieces):
        for is_hidden in kinds(piece.text):
            place = (piece.page, is_hidden)
            if place not in flags and len(flags) < MOST:
                flags[place] = Flag(page=piece.page, passage=position, kind=KIND, hidden=is_hidden)
    return list(flags.values())


def kinds(text: str) -> set[bool]:
    """Whether what speaks to a model in a passage is hidden; empty where nothing does."""
    if hidden.BEGINNING not in text:
        return {False} if speaks_to_models(text) else set()
    seen = speaks_to_models(hidden.visible(text))
    # A sentence may be hidden in part: all together is read too.
    unseen = speaks_to_models(hidden.unmarked(hidden.only(text)), bare=True) or (
        not seen and speaks_to_models(hidden.unmarked(text))
    )
    return {is_hidden for is_hidden, is_so in ((False, seen), (True, unseen)) if is_so}


def is_flagged(text: str) -> bool:
    return bool(kinds(text))


def clauses(content: Content | None) -> list[Clause]:
    """What is hidden first, in the page's language. One after the other they are a sentence."""
    flags = content.flags if content else []
    told: list[Clause] = []
    for is_hidden in (True, False):
        mine = [flag for flag in flags if flag["hidden"] == is_hidden]
        if mine:
            told.append(_clause(mine, is_hidden=is_hidden, again=bool(told)))
    return told


def _clause(flags: Sequence[Flag], *, is_hidden: bool, again: bool) -> Clause:
    """`again`: of a second clause, that says the rest as the first one did."""
    named = [flag for flag in flags if flag["page"] is not None]
    n = len(named) or 1
    if again:
        after = ngettext("has such text in plain sight", "have such text in plain sight", n)
    elif is_hidden:
        after = ngettext(
            "has hidden text that speaks to a language model",
            "have hidden text that speaks to a language model",
            n,
        )
    else:
        after = ngettext(
            "has text that speaks to a language model",
            "have text that speaks to a language model",
            n,
        )
    before = _where(len(named), again=again)
    return Clause(before, named[:NAMED], len(named[NAMED:]), after)


def _where(pages: int, *, again: bool) -> str:
    if not pages:
        return gettext("it") if again else gettext("This document")
    if again:
        return gettext("page") if pages == 1 else gettext("pages")
    return gettext("Page") if pages == 1 else gettext("Pages")


def sentence(content: Content | None) -> str:
    """As "Page 3 has hidden text that speaks to a language model."; empty where there is none."""
    comma = ", {} ".format(gettext("and"))
    told = comma.join(_clause_in_words(each) for each in clauses(content))
    return f"{told}." if told else ""


def _clause_in_words(clause: Clause) -> str:
    return " ".join(filter(None, [clause.before, _listed(clause), clause.after]))


def _listed(clause: Clause) -> str:
    pages = [str(flag["page"]) for flag in clause.flags]
    pages += [gettext("{n} more").format(n=clause.more)] if clause.more else []
    last = " {} ".format(gettext("and"))
    return last.join([", ".join(pages[:-1]), pages[-1]]) if len(pages) > 1 else "".join(pages)
