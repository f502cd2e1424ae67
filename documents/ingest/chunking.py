"""Pages into passages that the embedding model can take whole, cut where a reader would pause."""

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from documents.readers.common.hidden import MARK
from documents.readers.page import UNDER, Heading, Page

Count = Callable[[str], int]

PATH_CHARACTERS = 300

# What a cut costs by the place where it falls; a piece more costs 1.
AT_HEADING, AT_PARAGRAPH, AT_SENTENCE, AT_LINE, IN_LINE = 0.0, 0.25, 0.4, 0.7, 1.0
AFTER_HEADING = 3.0  # a heading alone at the end of a piece
OVER_HEADING = 0.8  # a heading in the middle of a piece, when the piece is not small for that
SMALL = 0.25  # of the limit: below that a piece is a leftover
LEFTOVER, UNEVEN = 2.0, 0.4

LINE = re.compile(r"[^\n]*(?:\n\s*|$)")
NOT_BLANK = re.compile(r"\S")
CLOSING = "[\"'\u201d\u2019)\\]]*"
WIDE_STOPS = "\u3002\uff01\uff1f"
STOPS = r"[.!?\u2026]"
# Each run of stops is looked at once, from its beginning: there are files of nothing else.
SENTENCE = re.compile(rf".+?(?:(?<!{STOPS}){STOPS}++{CLOSING}+\s+|[{WIDE_STOPS}]+|$)", re.DOTALL)
ENDED = re.compile(f"[.!?:;\u2026{WIDE_STOPS}]{CLOSING}$")
SECTION_CHARACTERS = 1_000_000  # of a page, cut up by itself
MOST_ATOMS = 50_000  # of a section: beyond that its lines are too short to weigh each cut
SLAB_CHARACTERS = 3  # per token of the limit: what is surely worth counting at once

WORD = re.compile(r"[A-Za-z]+|[0-9]+|[^\sA-Za-z0-9]")


class Piece(NamedTuple):
    page: int | None
    start: int  # offsets in the page's text, in characters
    end: int
    text: str
    heading: str  # the path of headings in force where it starts, outermost first


class Atom(NamedTuple):
    """A stretch that is not cut: a line, or a part of one that is too long."""

    start: int
    end: int
    tokens: int
    cut: float  # what a cut before it costs
    heading: bool


def split(pages: Sequence[Page], *, limit: int, count: Count) -> list[Piece]:
    """Pieces of at most `limit` by `count`, none across pages, in order.

    The pieces of a page joined are its text; a page without text has none.
    """
    pieces: list[Piece] = []
    path: list[Heading] = []
    for page in pages:
        waiting = deque(page.headings)
        for start, end in _cuts(page, limit, count):
            text = page.text[start:end]
            first = start + len(text) - len(text.lstrip())
            while waiting and waiting[0].start <= first:
                path = _under(path, waiting.popleft())
            pieces.append(Piece(page.number, start, end, text, _heading_line(path)))
        for heading in waiting:
            path = _under(path, heading)
    return pieces


def approximate(text: str) -> int:
    """Tokens of a text by rule of thumb, rather too many, for when no tokenizer is there."""
    tokens = 0
    for word in WORD.findall(text):
        if word.isdigit():
            tokens += (len(word) + 1) // 2
        elif word.isascii():
            tokens += 1 if len(word) < 8 else 2 if len(word) < 12 else len(word) // 4
        else:
            tokens += 1
    return tokens + tokens // 12


def _under(path: list[Heading], heading: Heading) -> list[Heading]:
    return [*(above for above in path if above.level < heading.level), heading]


def _heading_line(path: list[Heading]) -> str:
    """The nearest headings first to stay when all together are too long."""
    shown = ""
    for heading in reversed(path):
        longer = f"{heading.text[:120]}{UNDER}{shown}" if shown else heading.text[:120]
        if len(longer) > PATH_CHARACTERS:
            break
        shown = longer
    return shown


def _cuts(page: Page, limit: int, count: Count) -> Iterator[tuple[int, int]]:
    starts = sorted(heading.start for heading in page.headings)
    for section in _sections(page.text):
        atoms = list(_atoms(page.text, section, starts, limit, count))
        grouped = _groups if len(atoms) < MOST_ATOMS else _filled
        for first, after in grouped(atoms, limit):
            yield from _kept_within(page.text, atoms[first:after], limit, count)


def _sections(text: str) -> Iterator[tuple[int, int]]:
    """A page in stretches that can be weighed, however long it is. None begins with a blank."""
    start, first = 0, len(text) - len(text.lstrip())
    while first < len(text):
        end = first + SECTION_CHARACTERS
        if end < len(text):
            end = text.rfind("\n", first, end) + 1 or end
            end = _next_word(text, end)
        end = min(end, len(text))
        yield start, end
        start = first = end


def _next_word(text: str, place: int) -> int:
    found = NOT_BLANK.search(text, place)
    return found.start() if found else len(text)


def _kept_within(
    text: str, atoms: list[Atom], limit: int, count: Count
) -> Iterator[tuple[int, int]]:
    """Counted once more as a whole: the sum of the parts is not always what a tokenizer makes."""
    start, end = atoms[0].start, atoms[-1].end
    if len(atoms) == 1 or count(text[start:end]) <= limit:
        yield start, end
        return
    middle = len(atoms) // 2
    while middle < len(atoms) - 1 and atoms[middle - 1].heading:
        middle += 1
    yield from _kept_within(text, atoms[:middle], limit, count)
    yield from _kept_within(text, atoms[middle:], limit, count)


def _atoms(
    text: str, section: tuple[int, int], starts: list[int], limit: int, count: Count
) -> Iterator[Atom]:
    before, above = "", 0  # tokens of the headings right above
    for found in LINE.finditer(text, *section):
        start, end = found.span()
        if start == end or (not before and not found[0].strip()):
            continue  # blank at the top: belongs to the first line
        start = start if before else section[0]
        heading = bisect_left(starts, start) < bisect_left(starts, end)
        cut = AT_HEADING if heading else _cost_after(before)
        # A line that would fit by itself, but not under its headings, would leave them alone.
        room = max(limit - above, limit // 2)
        above = above if heading else 0
        for first, after, tokens in _parts(text, start, end, room, count):
            # A group of atoms that count for nothing would have no end.
            tokens = tokens or int(not text[first:after].isspace())
            above += tokens if heading else 0
            yield Atom(first, after, tokens, cut, heading)
            cut, heading = IN_LINE, False
        before = found[0]


def _cost_after(line: str) -> float:
    if line.count("\n") > 1:
        return AT_PARAGRAPH
    return AT_SENTENCE if ENDED.search(line.rstrip()) else AT_LINE


def _parts(
    text: str, start: int, end: int, limit: int, count: Count
) -> Iterator[tuple[int, int, int]]:
    """The line whole with its tokens; too long, its sentences; too long, runs of words."""
    tokens = _count_if_short(text, start, end, limit, count)
    if tokens <= limit:
        yield start, end, tokens
        return
    marks = [mark.span() for mark in MARK.finditer(text, start, end)]
    for found in SENTENCE.finditer(text, start, end):
        if start < found.end() and _mark_around(found.end(), marks) is None:
            yield from _slabs(text, start, found.end(), limit, count, marks)
            start = found.end()


def _mark_around(place: int, marks: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Of what is hidden: cut there, its second part would not say so."""
    before = bisect_left(marks, (place, 0)) - 1
    return marks[before] if before >= 0 and place < marks[before][1] else None


def _slabs(
    text: str, start: int, end: int, limit: int, count: Count, marks: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, int]]:
    tokens = _count_if_short(text, start, end, limit, count)
    if tokens <= limit or end - start == 1:
        yield start, end, tokens
        return
    middle = _pause(text, start, end, min((end - start) // 2, SLAB_CHARACTERS * limit), marks)
    yield from _slabs(text, start, middle, limit, count, marks)
    while end - middle > SLAB_CHARACTERS * limit:
        start, middle = middle, _pause(text, middle, end, SLAB_CHARACTERS * limit, marks)
        yield from _slabs(text, start, middle, limit, count, marks)
    yield from _slabs(text, middle, end, limit, count, marks)


def _pause(text: str, start: int, end: int, wanted: int, marks: Sequence[tuple[int, int]]) -> int:
    """Where to cut: before or after the mark that it would fall into, if there is room for that."""
    place = _blank_before(text, start, end, wanted)
    around = _mark_around(place, marks) or (place, place)
    return next((each for each in around if start < each < end), place)


def _blank_before(text: str, start: int, end: int, wanted: int) -> int:
    """The blank nearest before `wanted` characters, or there when there is none in reach."""
    place = start + max(wanted, 1)
    for blank in range(place, start + wanted // 2, -1):
        if text[blank - 1].isspace():
            return blank
    return min(place, end - 1)


def _count_if_short(text: str, start: int, end: int, limit: int, count: Count) -> int:
    """Too many, without counting, where the length alone says so."""
    if end - start > SLAB_CHARACTERS * 8 * limit:
        return limit + 1
    return count(text[start:end])


def _groups(atoms: list[Atom], limit: int) -> list[tuple[int, int]]:
    """The cheapest way to cut, by dynamic programming: (first, after last) of each piece."""
    best = [0.0] + [float("inf")] * len(atoms)
    came = [0] * (len(atoms) + 1)
    for after in range(1, len(atoms) + 1):
        tokens, crossed = 0, 0.0
        for first in range(after - 1, -1, -1):
            tokens += atoms[first].tokens
            if tokens > limit and first < after - 1:
                break
            cost = best[first] + _cost(tokens / limit, crossed) + _cut_cost(atoms, first)
            if cost < best[after]:
                best[after], came[after] = cost, first
            crossed += OVER_HEADING * atoms[first].heading
    groups, after = [], len(atoms)
    while after:
        groups.append((came[after], after))
        after = came[after]
    return groups[::-1]


def _filled(atoms: list[Atom], limit: int) -> list[tuple[int, int]]:
    """Each group as full as can be: at once, where `_groups` would take long."""
    groups, first, tokens = [], 0, 0
    for place, atom in enumerate(atoms):
        full = tokens + atom.tokens > limit or (atom.heading and tokens > SMALL * limit)
        if full and place > first:
            groups.append((first, place))
            first, tokens = place, 0
        tokens += atom.tokens
    return [*groups, (first, len(atoms))]


def _cost(filled: float, crossed: float) -> float:
    small = LEFTOVER * (1 - filled / SMALL) if filled < SMALL else 0.0
    return 1 + small + UNEVEN * (1 - filled) ** 2 + crossed


def _cut_cost(atoms: list[Atom], first: int) -> float:
    if not first:
        return 0.0
    alone = AFTER_HEADING if atoms[first - 1].heading else 0.0
    return atoms[first].cut + alone
