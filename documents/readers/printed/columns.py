"""Columns of prose, read one after the other, whatever the order in which a page is drawn."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from documents.readers.printed.placed_words import Run, TextLine, lines_of, text_line

EDGE = 3.0  # points in which the left edges of a column's lines agree
MIDDLE = (0.2, 0.8)  # of the width, where a second column may begin
LINES = 4  # that a column has, at least
MANY_LINES = 8  # that are prose even if each begins like a new one
CONTINUED = 0.25  # share of lines that go on in the middle of a sentence
FILLED = 0.6  # of its column's width that a line of prose fills, as a rule
ALIKE = 0.7  # how wide the narrower column is, as a share of the other
GUTTER = 0.15  # of the width, that is left free between two columns at the most
WIDE_GUTTER = 0.22  # the same, where most lines on both sides go on from one to the next
LETTERS = 16  # in a line of prose, as a rule
FIGURES = 0.25  # share of words that are numbers, beyond which it is a table
STRAY = 0.1  # of the left column's lines that may be drawn after the right one has begun
CELLS = 0.6  # from right to left by line of a column: fewer, and cells have several lines
NUMBER = re.compile(r"[\d.,%$€£()+\-/:\u2013\u2014]+")


class Band(NamedTuple):
    """A part of the page that has two columns, which may have columns again."""

    left: list[Run]
    right: list[Run]


Block = list[Run] | Band


def blocks_of(runs: Sequence[Run]) -> list[Block]:
    """The parts of a page downwards."""
    edge = _second_edge(runs)
    bands = [_split(band, edge) for band in _bands(runs, edge)] if edge else []
    if not any(band and _are_columns(band) for band, _ in bands):
        return [list(runs)] if runs else []
    return [band if band and not any(map(_is_table, band)) else whole for band, whole in bands]


def are_mixed(blocks: Sequence[Block]) -> bool:
    """Whether some columns are drawn line by line across, not one after the other."""
    return any(isinstance(block, Band) and _is_mixed(block) for block in blocks)


def _is_mixed(band: Band) -> bool:
    begun = min(run.place for run in band.right)
    late = sum(run.place > begun for run in band.left)
    mixed = late > STRAY * len(band.left) + 1 and not _is_drawn_by_rows(band)
    return mixed or any(are_mixed(blocks_of(side)) for side in band)


def _is_drawn_by_rows(band: Band) -> bool:
    """Whether cells of several lines are drawn one beside the other: a table, not two columns."""
    sides = sorted(
        [(run.place, 0, run) for run in band.left] + [(run.place, 1, run) for run in band.right]
    )
    switches, floor = 0, 0.0
    for (_, before, above), (_, side, run) in pairwise(sides):
        floor = max(floor, above.top)
        if side < before:
            switches += 1
            if run.top < floor:
                return False
    return switches < CELLS * min(len(lines_of(side)) for side in band)


def lines_in_order(blocks: Sequence[Block]) -> Iterator[TextLine]:
    return (line for block in blocks for line in _lines_of_block(block))


def _lines_of_block(block: Block) -> Iterator[TextLine]:
    if isinstance(block, list):
        yield from map(text_line, lines_of(block))
        return
    for side in block:
        inner = blocks_of(side)
        columned = any(isinstance(each, Band) for each in inner)
        yield from lines_in_order(inner) if columned else map(text_line, lines_of(side))


def _second_edge(runs: Sequence[Run]) -> float | None:
    """Where most lines begin that do not begin at the left: the left edge of another column."""
    if len(runs) < 2 * LINES:
        return None
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    low, high = (left + share * (right - left) for share in MIDDLE)
    edges = Counter(round(run.left / EDGE) for run in runs if low < run.left < high)
    if not edges:
        return None
    edge, count = max(edges.items(), key=lambda each: each[1] + edges[each[0] + 1])
    near = edges[edge + 1] + edges[edge - 1]
    if count + near < LINES:
        return None
    return min(run.left for run in runs if abs(run.left - edge * EDGE) <= EDGE)


def _bands(runs: Sequence[Run], edge: float) -> Iterator[list[Run]]:
    """Cut where lines run across the edge, and those lines by themselves."""
    walls = [run for run in runs if run.left < edge - EDGE and run.right > edge + EDGE]

    def walled(run: Run) -> bool:
        middle = (run.top + run.bottom) / 2
        return any(wall.top < middle < wall.bottom for wall in walls)

    downwards = sorted(runs, key=lambda run: run.top + run.bottom)
    return (list(band) for _, band in groupby(downwards, walled))


def _split(band: list[Run], edge: float) -> tuple[Band | None, list[Run]]:
    left = [run for run in band if run.right <= edge + EDGE and run.left < edge - EDGE]
    right = [run for run in band if run.left >= edge - EDGE]
    apart = left and right and len(left) + len(right) == len(band)
    return (Band(left, right) if apart else None), band


def _are_columns(band: Band) -> bool:
    """Prose on both sides, in lines of about one length, and little between them."""
    widths = [_usual_width(side) for side in band]
    left, right = (_extent(side) for side in band)
    gutter = right[0] - left[1]
    alike = min(widths) >= ALIKE * max(widths)
    width = right[1] - left[0]
    if gutter > GUTTER * width and not all(map(_runs_on, band)):
        return False
    return alike and gutter <= WIDE_GUTTER * width and all(map(is_prose, band))


def _runs_on(runs: Sequence[Run]) -> bool:
    """Whether most lines begin like the middle of a sentence."""
    return 2 * sum(map(_goes_on, runs)) > len(runs)


def _usual_width(runs: Sequence[Run]) -> float:
    """Of the longer lines."""
    widths = sorted(run.right - run.left for run in runs)
    return widths[len(widths) * 3 // 4]


def _extent(runs: Sequence[Run]) -> tuple[float, float]:
    return min(run.left for run in runs), max(run.right for run in runs)


def is_prose(runs: Sequence[Run]) -> bool:
    """Lines that mostly fill their column and go on from one to the next."""
    if len(runs) < LINES or _is_table(runs):
        return False
    letters = sorted(sum(len(spot.text) for spot in run.spots) for run in runs)
    widths = sorted(run.right - run.left for run in runs)
    middle = len(runs) // 2
    filled = letters[middle] >= LETTERS and widths[middle] >= FILLED * _usual_width(runs)
    going_on = sum(map(_goes_on, runs))
    return filled and (len(runs) >= MANY_LINES or going_on >= CONTINUED * len(runs))


def _goes_on(run: Run) -> bool:
    """Whether it begins like the middle of a sentence."""
    letter = next((character for character in run.text if character.isalpha()), "A")
    return not letter.isupper()


def _is_table(runs: Sequence[Run]) -> bool:
    words = [spot.text for run in runs for spot in run.spots]
    return sum(bool(NUMBER.fullmatch(word)) for word in words) > FIGURES * len(words)
