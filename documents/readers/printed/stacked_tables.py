"""Tables of words that are drawn one column after the other, read row by row all the same.

Known by rows of several lines: where a cell goes on for longer, its neighbours have gaps. A list
that flows through columns has none, and stays in the order in which it is drawn.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from documents.readers.printed.columns import EDGE, is_prose
from documents.readers.printed.placed_words import Run, Spot, on_one_line
from documents.readers.printed.table_columns import Cell
from documents.readers.printed.tables import APART, Table, row_lines

ROWS = 4  # that it has, at least
COLUMNS = 8  # at the most
NEAR = 0.5  # of a line's height, in which lines of one row agree
WIDE = 1.08  # times the usual distance of two lines: more is between two rows
GAPPED = 1.5  # times that distance, of rows whose first cell is shorter than another
GAPS = 2  # of those, at least
LOWER = 0.25  # share of rows that may begin like the middle of a sentence
NAMES = 3  # words in the name of a column
HYPHENS = ("\x02", "\ufffe")

Column = list[Run]


def tables_of(runs: Sequence[Run]) -> list[Table]:
    return [_table(columns, starts) for columns in _tables(runs) if (starts := _starts(columns))]


def _tables(runs: Sequence[Run]) -> Iterator[list[Column]]:
    stacks: list[Column] = []  # of runs that are drawn downwards
    for run in runs:
        if stacks and run.top > stacks[-1][-1].top and not on_one_line(stacks[-1][-1], run):
            stacks[-1].append(run)
        else:
            stacks.append([run])
    place = 0
    while place < len(stacks) - 1:
        columns = _columns(stacks[place], stacks[place + 1 : place + COLUMNS])
        if len(columns) > 1:
            yield columns
        place += max(len(columns), 1)


def _columns(first: Column, others: Sequence[Column]) -> list[Column]:
    """Those of the stacks that stand beside one another, from `first` on."""
    top = others[0][0].top - NEAR * others[0][0].height
    columns = [[run for run in first if run.top > top]]
    for stack in others:
        column = _column(stack)
        before = columns[-1]
        if not before or len(column) < ROWS or not on_one_line(before[0], column[0]):
            break
        if max(run.right for run in before) > min(run.left for run in column):
            break
        columns.append(column)
        if len(column) < len(stack):
            break
    return columns


def _column(stack: Column) -> Column:
    """Without what is drawn after it, farther left or far below."""
    column = stack[:1]
    for above, run in pairwise(stack):
        if run.left < stack[0].left - EDGE or run.top - above.bottom > APART * run.height:
            break
        column.append(run)
    return column


def _starts(columns: Sequence[Column]) -> list[float]:
    """Where the rows begin; none if this is no table."""
    first, others = columns[0], columns[1:]
    if is_prose(first):
        return []
    going_on = [
        below.top - above.top
        for column in others
        for above, below in pairwise(column)
        if not any(_beside(below, run) for run in first)
    ]
    usual = median(going_on) if going_on else 0.0
    starts = [first[0].top]
    gaps = 0
    for above, run in pairwise(first):
        apart = [
            below.top - over.top
            for column in columns
            for over, below in pairwise(column)
            if _beside(below, run)
        ]
        if min(apart) > WIDE * usual:
            starts.append(run.top)
            gaps += run.top - above.top > GAPPED * usual
    lines = [run for run in first if run.top in starts]
    beside = sum(any(_beside(run, each) for each in others[0]) for run in lines)
    lower = sum(next(filter(str.isalpha, run.text), "A").islower() for run in lines)
    is_table = usual and len(lines) >= ROWS and gaps >= GAPS and beside == len(lines)
    return starts if is_table and lower <= LOWER * len(lines) else []


def _beside(one: Run, other: Run) -> bool:
    return abs(one.top - other.top) < NEAR * min(one.height, other.height)


def _table(columns: Sequence[Column], starts: Sequence[float]) -> Table:
    ends = [*starts[1:], float("inf")]
    table = [
        [_cells(column, start, end) for column in columns]
        for start, end in zip(starts, ends, strict=True)
    ]
    named = all(len(cell.text.split()) <= NAMES for cells in table[0] for cell in cells)
    lines = list(row_lines(table, table[:1] if named else []))
    return Table(lines, frozenset(run.place for column in columns for run in column))


def _cells(column: Column, start: float, end: float) -> list[Cell]:
    def within(run: Run) -> bool:
        near = NEAR * run.height
        return start - near < run.top < end - near

    runs = [run for run in column if within(run)]
    if not runs:
        return []
    text = ""
    for run in runs:
        text += run.text if not text or text.endswith(HYPHENS) else f" {run.text}"
    spots: list[Spot] = [spot for run in runs for spot in run.spots]
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    return [Cell(left, right, spots, text, False)]
