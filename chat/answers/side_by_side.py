"""Passages that stand side by side in a document, read as one text."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chat.grounding.units import Unit, units
from chat.record.spans import Span
from documents.finding.search import Passage

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class _Part(NamedTuple):
    at: int  # in the text of all, where this part begins
    place: int  # of its passage
    start: int  # in the passage's text


class Joined(NamedTuple):
    """One passage, or several of which each begins where the one before ends."""

    places: list[int]  # in `passages`, from 0, in the order of the document
    text: str
    units: list[Unit]
    parts: list[_Part]

    def place_at(self, at: int) -> int:
        """Of the passage that this character is of."""
        return self._part(at).place

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """A stretch of the text, by the passages it is of."""
        while start < end:
            part = self._part(start)
            after = bisect_right(self.parts, start, key=lambda each: each.at)
            until = min(end, self.parts[after].at) if after < len(self.parts) else end
            yield Span(part.place, part.start + start - part.at, part.start + until - part.at)
            start = until

    def _part(self, at: int) -> _Part:
        return self.parts[bisect_right(self.parts, at, key=lambda each: each.at) - 1]


def joined(passages: Sequence[Passage]) -> list[Joined]:
    """In the order of the documents. Rows whose head only an earlier one has begin with that."""
    found: list[Joined] = []
    for places in _runs(passages):
        whole = _whole(passages, places)
        before = found[-1] if found else None
        if before and _page(passages[before.places[-1]]) == _page(passages[places[0]]):
            whole = _under_head(whole, before)
        found.append(whole)
    return found


def _page(passage: Passage) -> tuple[int, int, int]:
    return passage.document, passage.version, passage.page or 0


def _runs(passages: Sequence[Passage]) -> Iterator[list[int]]:
    run: list[int] = []
    for place in sorted(range(len(passages)), key=lambda each: _order(passages[each])):
        if run and not _touch(passages[run[-1]], passages[place]):
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def _order(passage: Passage) -> tuple[int, int, int, int]:
    return *_page(passage), passage.start


def _touch(one: Passage, other: Passage) -> bool:
    """Whether they follow on each other; what both have must be the same in both."""
    shared = one.end - other.start
    if _page(one) != _page(other) or not 0 <= shared < min(len(one.text), len(other.text)):
        return False
    return one.text.endswith(other.text[:shared])


def _whole(passages: Sequence[Passage], places: list[int]) -> Joined:
    text, parts = "", list[_Part]()
    for number, place in enumerate(places):
        passage = passages[place]
        start = passages[places[number - 1]].end - passage.start if number else 0
        parts.append(_Part(len(text), place, start))
        text += passage.text[start:]
    return Joined(places, text, units(text), parts)


def _under_head(whole: Joined, before: Joined) -> Joined:
    """With the head of the table that breaks off in the passage before, where it goes on here."""
    if not (whole.units and before.units and _goes_on(whole.units[0], before.units[-1])):
        return whole
    last = before.units[-1]
    head = next(each for each in before.units if each.is_row and each.text == last.head)
    borrowed, at = list[_Part](), 0
    for span in before.spans(head.start, head.end):
        borrowed.append(_Part(at, span.place, span.start))
        at += span.end - span.start
    text = f"{last.head}\n{whole.text}"
    parts = [part._replace(at=part.at + at + 1) for part in whole.parts]
    return Joined(whole.places, text, units(text), [*borrowed, *parts])


def _goes_on(first: Unit, last: Unit) -> bool:
    """Whether one row begins with figures where a head should be, and the other has as many cells."""
    cells = _YEAR.sub("", first.text).split("|")[1:]
    has_figures = any(letter.isdigit() for cell in cells for letter in cell)
    return has_figures and last.is_row and first.text.count("|") == last.head.count("|")
