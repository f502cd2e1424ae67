"""Two tables that stand side by side: each has a title of its own, or is drawn by itself."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from documents.readers.printed.placed_words import Run, TextLine, lines_of
from documents.readers.printed.table_columns import FIGURE
from documents.readers.printed.tables import Table, tables_of

ROWS = 3  # of two cells or more, that each has, at least
GAP = 1.0  # of a line's height, that is left free between the two
BACK = 0.5  # of a line's height, by which a run may stand above what is drawn before it
EDGE = 3.0  # points in which a title and what stands below it begin alike
TITLES = 2

Side = list[Run]


def each_apart(table: Table, runs: Sequence[Run], *, leftwards: bool) -> list[Table]:
    """Itself where it is one."""
    held = sorted((run for run in runs if run.place in table.places), key=lambda run: run.place)
    if len(held) < 2 * TITLES * ROWS:
        return [table]
    sides = _drawn_apart(held) or _titled(held)
    return [each for side in sides for each in _tables(side, leftwards=leftwards)] or [table]


def _tables(side: Side, *, leftwards: bool) -> list[Table]:
    found = tables_of(side, leftwards=leftwards)
    if sum(len(table.places) for table in found) == len(side):
        return found
    lines = [
        TextLine(" | ".join(run.text for run in line), [spot for run in line for spot in run.spots])
        for line in lines_of(side)
    ]
    return [Table(lines, frozenset(run.place for run in side))]


def _drawn_apart(held: Sequence[Run]) -> list[Side]:
    """Where the one at the right is drawn when the other is done."""
    edges = list(accumulate((run.right for run in held), max))
    starts = list(accumulate((run.left for run in reversed(held)), min))[::-1]
    for place, (above, run) in enumerate(pairwise(held), start=1):
        back_up = run.top < above.top - run.height
        if back_up and starts[place] - edges[place - 1] > GAP * run.height:
            sides = [list(held[:place]), list(held[place:])]
            return sides if all(map(_is_drawn_by_rows, sides)) else []
    return []


def _is_drawn_by_rows(side: Side) -> bool:
    downwards = all(run.top > above.top - BACK * run.height for above, run in pairwise(side))
    return downwards and _has_rows(side)


def _titled(held: Sequence[Run]) -> list[Side]:
    """Where the first line has a title for each and no names of columns."""
    titles, *rows = lines_of(held)
    if len(titles) != TITLES or any(FIGURE.fullmatch(run.text) for run in titles):
        return []
    edge = titles[1].left - EDGE
    sides = [[run for run in held if run.right < edge], [run for run in held if run.left >= edge]]
    if sum(map(len, sides)) < len(held) or not all(map(_has_rows, sides)):
        return []
    firsts = [next((run.left for run in row if run.left >= edge), edge) for row in rows]
    aligned = all(left <= edge + 2 * EDGE for left in firsts)
    return sides if aligned and all(len(row) >= 2 * TITLES for row in rows[:ROWS]) else []


def _has_rows(side: Side) -> bool:
    """Most of which begin with words."""
    rows = [line for line in lines_of(side) if len(line) > 1]
    named = [line for line in rows if not FIGURE.fullmatch(line[0].text)]
    return len(rows) >= ROWS and 2 * len(named) > len(rows)
