"""How each page of a content was read, kept as a letter a page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import connection

from documents.models import Content
from documents.pages import unread
from documents.readers.common.quality import State
from documents.readers.kinds import PICTURED
from documents.readers.page import Page
from localchat.lib.sentences import Sentence

LETTERS = {state.value[0]: state for state in State}
FIELDS = ("pages", "empty_pages", "unread_pages", "states", "confidences", "unread")
UNREAD = {State.GARBAGE, State.UNREADABLE}


NOTED = 5  # documents in one search's notes
STRIP = 400  # ticks; in a longer document the pages of one state in a row share one
WORDS = {
    State.TEXT: Sentence("read as text"),
    State.OCR: Sentence("recognised in the picture"),
    State.GARBAGE: Sentence("with letters that make no words"),
    State.EMPTY: Sentence("empty"),
    State.UNREADABLE: Sentence("not readable"),
}


_SHORTFALLS = f"""
SELECT document.name, content.pages, content.unread_pages
FROM documents_document AS document
JOIN documents_version AS version ON version.id = document.current_id
JOIN documents_content AS content ON content.id = version.content_id
WHERE document.collection_id IN (SELECT collection_id FROM documents_right WHERE person_id = %s)
AND content.unread_pages > 0
AND (document.current_id = ANY (%s::bigint[]) OR document.id = ANY (%s::bigint[]))
ORDER BY document.name LIMIT {NOTED + 1}"""


class PageState(NamedTuple):
    page: int  # from 1
    state: State
    confidence: int | None  # percent, where it was recognised
    wish: str  # "text" or "ocr", where somebody asked for it


class Tick(NamedTuple):
    """A page on the strip, or a stretch of pages."""

    state: State
    first: int
    words: str

    @property
    def is_read(self) -> bool:
        return self.state in {State.TEXT, State.OCR}


class Legend(NamedTuple):
    state: State
    pages: int
    words: str


def put(content: Content, pages: Sequence[Page]) -> None:
    """Onto the row, which the caller saves."""
    numbered = {page.number: page for page in pages if page.number is not None}
    content.pages = len(numbered) or None
    content.empty_pages = sum(not page.text.strip() for page in numbered.values())
    content.unread_pages = sum(page.state in UNREAD for page in numbered.values())
    content.unread = unread.counts(pages)
    content.states = "".join(numbered[number].state.value[0] for number in sorted(numbered))
    content.confidences = {
        str(number): page.confidence for number, page in numbered.items() if page.state == State.OCR
    }


def states(content: Content) -> list[PageState]:
    """Of each page; none where the format has no pages."""
    return [
        PageState(
            number,
            LETTERS[letter],
            content.confidences.get(str(number)),
            content.wishes.get(str(number), ""),
        )
        for number, letter in enumerate(content.states, start=1)
    ]


def counts(content: Content) -> dict[str, int]:
    """How many pages are in each state."""
    found = Counter(content.states)
    return {state.value: found[letter] for letter, state in LETTERS.items()}


def ticks(content: Content) -> list[Tick]:
    pages = states(content)
    if len(pages) <= STRIP:
        return [Tick(page.state, page.page, _page_range(page)) for page in pages]
    stretches = (list(stretch) for _, stretch in groupby(pages, key=lambda page: page.state))
    return [Tick(each[0].state, each[0].page, _page_range(each[0], each[-1])) for each in stretches]


def _page_range(first: PageState, last: PageState | None = None) -> str:
    words, number = WORDS[first.state], str(first.page)
    if last and last.page > first.page:
        to = str(last.page)
        return Sentence(
            "Pages %(first)s to %(last)s: %(words)s", first=number, last=to, words=words
        )
    if first.confidence is None:
        return Sentence("Page %(page)s: %(words)s", page=number, words=words)
    return Sentence(
        "Page %(page)s: %(words)s, %(sure)s % sure",
        page=number,
        words=words,
        sure=first.confidence,
    )


def legend(content: Content) -> list[Legend]:
    """The states that there are."""
    found = counts(content)
    return [Legend(state, found[state], words) for state, words in WORDS.items() if found[state]]


def can_be_drawn(content: Content | None) -> bool:
    """Whether its pages can be shown as pictures, and recognised in them."""
    return content is not None and content.kind in PICTURED


def shortfall(content: Content | None) -> str:
    """The sentence to show wherever the document is used; empty when every page was read."""
    return _short(content.pages, content.unread_pages) if content else ""


def _short(pages: int | None, unread: int) -> str:
    if not pages or not unread:
        return ""
    if pages == 1:
        return Sentence("Its only page could not be read.")
    return Sentence("%(unread)s of %(pages)s pages could not be read.", unread=unread, pages=pages)


def shortfalls(user: User, versions: Iterable[int], documents: Iterable[int]) -> list[str]:
    """The sentence, with the name, of each document that has one: by version or by its own id."""
    with connection.cursor() as cursor:  # for each search, and Django alone takes 2 ms to ask
        cursor.execute(_SHORTFALLS, [user.pk, list(versions), list(documents)])
        told = [
            Sentence("%(name)s: %(short)s", name=name, short=_short(*counted))
            for name, *counted in cursor.fetchall()
        ]
    more = Sentence("More documents have pages that could not be read.")
    return [*told[:NOTED], more] if told[NOTED:] else [*told]
