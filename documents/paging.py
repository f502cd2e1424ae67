"""How each page of a content was read, kept as a letter a page."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from documents.models import Content
from documents.readers import Page
from documents.readers.quality import State

LETTERS = {state.value[0]: state for state in State}
FIELDS = ("pages", "empty_pages", "unread_pages", "states", "confidences")
UNREAD = {State.GARBAGE, State.UNREADABLE}


class PageState(NamedTuple):
    page: int  # from 1
    state: State
    confidence: int | None  # percent, where it was recognised


def put(content: Content, pages: Sequence[Page]) -> None:
    """Onto the row, which the caller saves."""
    numbered = {page.number: page for page in pages if page.number is not None}
    content.pages = len(numbered) or None
    content.empty_pages = sum(not page.text.strip() for page in numbered.values())
    content.unread_pages = sum(page.state in UNREAD for page in numbered.values())
    content.states = "".join(numbered[number].state.value[0] for number in sorted(numbered))
    content.confidences = {
        str(number): page.confidence for number, page in numbered.items() if page.state == State.OCR
    }


def states(content: Content) -> list[PageState]:
    """Of each page; none where the format has no pages."""
    return [
        PageState(number, LETTERS[letter], content.confidences.get(str(number)))
        for number, letter in enumerate(content.states, start=1)
    ]


def counts(content: Content) -> dict[str, int]:
    """How many pages are in each state."""
    found = Counter(content.states)
    return {state.value: found[letter] for letter, state in LETTERS.items()}


def shortfall(content: Content | None) -> str:
    """The sentence to show wherever the document is used; empty when every page was read."""
    if content is None or not content.unread_pages:
        return ""
    if content.pages == 1:
        return "Its only page could not be read."
    return f"{content.unread_pages:,} of {content.pages:,} pages could not be read."
