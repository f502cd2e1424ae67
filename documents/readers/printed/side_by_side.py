"""Lists beside one another, each under a title or drawn by itself: read one after the other."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from documents.readers.printed.placed_words import Run, TextLine, lines_of
from documents.readers.printed.table_columns import FIGURE
from documents.readers.printed.tables import APART, Table
from documents.readers.printed.tables import tables_of as figures_of

EDGE = 3.0  # points in which a title and what is under it agree at the left
GAP = 12.0  # points between the two, at least
ROWS = 2  # with several cells on both sides, at least

DRAWN_ROWS = 3  # of several cells, of each that is drawn by itself, at least
BACK = 0.5  # of a line's height, by which a run may stand above what is drawn before it

Row = tuple[list[Run], list[Run]]


def tables_of(runs: Sequence[Run]) -> list[Table]:
    lines = lines_of(runs)
    tables: list[Table] = []
    after = 0
    for number, titles in enumerate(lines):
        if number < after or len(titles) != 2 or any(FIGURE.fullmatch(run.text) for run in titles):
            continue
        rows = list(_rows(titles, lines[number + 1 :]))
        if _are_lists(rows):
            tables.append(_table([([titles[0]], [titles[1]]), *rows]))
            after = number + 1 + len(rows)
    return tables


def _rows(titles: Sequence[Run], lines: Sequence[Sequence[Run]]) -> Iterator[Row]:
    """The lines under the titles, as long as each side begins under its own."""
    edges = titles[0].left, titles[1].left
    above = titles[0]
    for line in lines:
        left = [run for run in line if run.right <= edges[1] - GAP]
        right = [run for run in line if run.left >= edges[1] - EDGE]
        in_place = all(
            not side or abs(side[0].left - edge) <= EDGE
            for side, edge in zip((left, right), edges, strict=True)
        )
        near = line[0].top - above.bottom <= APART * line[0].height
        if not in_place or not near or len(left) + len(right) < len(line):
            return
        yield left, right
        above = line[0]


def _are_lists(rows: Sequence[Row]) -> bool:
    """Whether most rows have a label and more on both sides; else it is one table of two columns."""
    full = [row for row in rows if min(map(len, row)) > 1]
    labels = [row for row in full if not FIGURE.fullmatch(row[1][0].text)]
    return len(labels) >= ROWS and 2 * len(labels) > len(rows)


def _table(rows: Sequence[Row]) -> Table:
    sides = [[row[side] for row in rows if row[side]] for side in (0, 1)]
    lines = [*map(_line, sides[0]), TextLine("", ()), *map(_line, sides[1])]
    return Table(lines, frozenset(run.place for row in rows for side in row for run in side))


def _line(runs: Sequence[Run]) -> TextLine:
    text = " | ".join(run.text for run in runs)
    return TextLine(text, [spot for run in runs for spot in run.spots])


def drawn_apart(table: Table, runs: Sequence[Run], *, leftwards: bool) -> list[Table]:
    """Itself, or each of those that it is made of, where one is done before the next begins."""
    held = sorted((run for run in runs if run.place in table.places), key=lambda run: run.place)
    edges = list(accumulate((run.right for run in held), max))
    starts = list(accumulate((run.left for run in reversed(held)), min))[::-1]
    cuts = [
        place
        for place, (above, run) in enumerate(pairwise(held), start=1)
        if run.top < above.top - run.height and starts[place] - edges[place - 1] > run.height
    ]
    sides = [held[start:end] for start, end in pairwise([0, *cuts, len(held)])]
    if not cuts or not all(map(_is_drawn_by_rows, sides)):
        return [table]
    return [each for side in sides for each in _whole(side, leftwards=leftwards)]


def _is_drawn_by_rows(side: Sequence[Run]) -> bool:
    """Downwards, in rows most of which begin with words."""
    if any(run.top < above.top - BACK * run.height for above, run in pairwise(side)):
        return False
    rows = [line for line in lines_of(side) if len(line) > 1]
    named = [line for line in rows if not FIGURE.fullmatch(line[0].text)]
    return len(rows) >= DRAWN_ROWS and 2 * len(named) > len(rows)


def _whole(side: Sequence[Run], *, leftwards: bool) -> list[Table]:
    found = figures_of(side, leftwards=leftwards)
    if sum(len(table.places) for table in found) == len(side):
        return found
    return [Table([*map(_line, lines_of(side))], frozenset(run.place for run in side))]
