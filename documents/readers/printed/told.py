"""The text of a page from its lines, with what a person sees of them beyond their letters."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import groupby

from documents.readers.common.hidden import hidden
from documents.readers.common.raised import raised
from documents.readers.printed.drawn_lines import WORD, Line
from documents.readers.printed.placed_words import Spot
from documents.readers.printed.raised_figures import Span

BEFORE = 40  # characters of what a raised figure follows


class Mark(Enum):
    GONE = "gone"  # of a layer that is switched off
    HIDDEN = "hidden"
    STRUCK = "struck"


Marks = Mapping[int, Mark]  # by the number of a word's first character


def text_of(
    plain: str,
    lines: Sequence[Line],
    spans: Sequence[Span],
    marks: Marks,
    other: Mapping[int, str],
) -> str:
    """`spans`: of raised figures; `other`: what is said instead of a word, by its first letter."""
    if not spans and not marks and not other:
        return "".join([f"{line.before}{plain[line.start : line.end]}" for line in lines])
    text = ""
    for mark, pieces in groupby(_pieces(plain, lines, spans, marks, other), lambda piece: piece[0]):
        words = ""
        for _, before, piece, is_raised in pieces:
            words += before
            words += raised((text + words)[-BEFORE:], piece) if is_raised else piece
        text += marked(words, mark)
    return text.strip("\n")


def marked(words: str, mark: Mark | None) -> str:
    if mark is None:
        return words
    gap = re.match(r"\s*", words)
    before, words = (gap[0] if gap else ""), words.strip()
    if mark is Mark.GONE:
        return before
    return before + (hidden(words) if mark is Mark.HIDDEN else struck(words))


def struck(words: str) -> str:
    return "\n".join(f"[struck: {line}]" for line in words.split("\n"))


def _pieces(
    plain: str,
    lines: Sequence[Line],
    spans: Sequence[Span],
    marks: Marks,
    other: Mapping[int, str],
) -> Iterator[tuple[Mark | None, str, str, bool]]:
    """Each word, or part of one: its mark, what stands before it, and whether it is raised."""
    starts = dict(spans)
    ends = {end for _, end in spans}
    for line in lines:
        before = line.before
        place = line.start
        if not before and line.start in ends and plain[line.start].isalnum():
            before = " "
        for word in WORD.finditer(plain, line.start, line.end):
            start, end = word.span()
            before = before if start == line.start else plain[place:start]
            place = end
            for gap, piece, is_raised in _cut(plain, (start, end), starts, other):
                yield marks.get(start), gap or before, piece, is_raised
                before = ""


def _cut(
    plain: str, word: tuple[int, int], starts: Mapping[int, int], other: Mapping[int, str]
) -> Iterator[tuple[str, str, bool]]:
    """The parts of a word, each with the blank that has to be put before it."""
    start, end = word
    if start in other:
        yield "", other[start], False
        return
    gap = ""
    for cut in [each for each in range(start, end) if each in starts]:
        if cut > start:
            yield gap, plain[start:cut], False
            gap = ""
        stop = min(starts[cut], end)
        yield gap, plain[cut:stop], True
        start, gap = stop, " " if plain[stop : stop + 1].isalnum() else ""
    if start < end:
        yield gap, plain[start:end], False


def seen(spots: Iterable[Spot], marks: Marks) -> Iterator[Spot]:
    """Words that are shown; those that are struck out say so."""
    before: Spot | None = None
    for spot in spots:
        mark = marks.get(spot.start)
        if before and mark is not Mark.STRUCK:
            yield before._replace(text=f"{before.text}]")
            before = None
        if mark is None:
            yield spot
        elif mark is Mark.STRUCK:
            if before:
                yield before
            before = spot if before else spot._replace(text=f"[struck: {spot.text}")
    if before:
        yield before._replace(text=f"{before.text}]")


def unseen(spots: Iterable[Spot], marks: Marks) -> str:
    if not marks:
        return ""
    words = " ".join(spot.text for spot in spots if marks.get(spot.start) is Mark.HIDDEN)
    return hidden(words) if words else ""
