"""Tables of a printed page, known by figures that stand below one another in columns."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from documents.readers.common import table_rows
from documents.readers.printed import narrow_cells
from documents.readers.printed.placed_words import Run, Spot, TextLine, joined, lines_of
from documents.readers.printed.table_columns import (
    ALIGNED,
    Cell,
    Line,
    Row,
    Span,
    cell_of,
    columns_of,
    merged,
)
from documents.readers.printed.table_columns import placed as placed_in

EDGE = 3  # lines over a table or under it that may run along the edge of page after page
SHIFTED = 14.0  # points by which the columns of a table may have moved on the next page
ROWS = 3  # with figures, that a table has, at least
BETWEEN = 5  # lines without figures between two rows of one table, at the most
APART = 3.5  # of a line's height: what is farther below does not belong to it
HEADER = 4  # lines above the first row of figures, at the most
SIGNS = frozenset("$€£¥(")
ENDINGS = re.compile(r"[)%]+")
PAGE = re.compile(r"\d{1,4}")
PAGE_NAME = re.compile(r"pages?\b|p\.|seiten?\b|p[aá]ginas?\b|str\.|стр|页|頁", re.IGNORECASE)
NAMED = 3  # columns, of which the last may have numbers in order and yet be no page numbers
YEAR = re.compile(r"(?:19|20)\d\d")


class Heads(NamedTuple):
    """The names of a table's columns, and where these stand."""

    columns: list[Span]
    names: list[list[str]]


class Table(NamedTuple):
    lines: list[TextLine]
    places: frozenset[int]  # of the runs that it has taken up
    heads: Heads | None = None


def tables_of(
    runs: Sequence[Run], heads: Heads | None = None, *, leftwards: bool = False
) -> list[Table]:
    """`heads`: of a table that may go on here; `leftwards`: of a mirrored page, on which figures
    begin where others end.
    """
    lines = [_line(line) for line in lines_of(runs)]
    tables: list[Table] = []
    for first, after in _spans(lines, heads, leftwards):
        goes_on = None if tables or first > EDGE else heads
        tables.append(_table(lines[first:after], goes_on))
    return tables


def heads_after(tables: Sequence[Table], runs: Sequence[Run]) -> Heads | None:
    """Of a table that reaches down to where a page ends but for what runs along its edge."""
    last = max(tables, key=lambda table: max(table.places))
    below = lines_of([run for run in runs if run.place > max(last.places)])
    return last.heads if len(below) <= EDGE else None


def _line(runs: Sequence[Run]) -> Line:
    parts: list[list[Spot]] = []
    before = ""  # the text of the part that may go on
    for run in runs:
        text = run.text
        if parts and (before in SIGNS or ENDINGS.fullmatch(text)):
            parts[-1] = [*parts[-1], *run.spots]
            before = joined(parts[-1])
        else:
            parts.append(run.spots)
            before = text
    cells = [cell_of(part[0].left, part[-1].right, part) for part in parts]
    figures = [cell.text for cell in cells[1:] if cell.is_figure]
    return Line(
        min(run.top for run in runs),
        max(run.bottom for run in runs),
        cells,
        [run.place for run in runs],
        bool(figures),
        not all(map(YEAR.fullmatch, figures)),
    )


def _spans(
    lines: Sequence[Line], heads: Heads | None, leftwards: bool
) -> Iterator[tuple[int, int]]:
    """Where tables begin and end."""
    group: list[int] = []
    floor = 0  # what is above belongs to another table
    for number in [number for number, line in enumerate(lines) if line.is_row] + [len(lines)]:
        if group and (number == len(lines) or not _goes_on(lines, group, number, leftwards)):
            rows = [lines[each] for each in group]
            goes_on = heads and group[0] <= EDGE and fits(rows, heads)
            if goes_on or _is_table(rows, lines[max(group[0] - 1, 0)]):
                yield _above(lines, group, floor), group[-1] + 1
                floor = group[-1] + 1
            group = []
        group.append(number)


def _is_table(group: Sequence[Line], above: Line) -> bool:
    """Rows enough, and more than the page numbers of a table of contents."""
    figures = [[cell.text for cell in line.cells[1:] if cell.is_figure] for line in group]
    contents = all(len(row) == 1 and PAGE.fullmatch(row[0]) for row in figures)
    pages = [int(row[0]) for row in figures] if contents else []
    in_order = contents and pages == sorted(pages)
    enough = sum(line.has_figures for line in group) >= ROWS
    return enough and (not in_order or _are_named(group, above))


def _are_named(group: Sequence[Line], above: Line) -> bool:
    """Whether each of three columns or more has a name, the last one another than "page"."""
    count = len(above.cells)
    return (
        count >= NAMED
        and not any(cell.is_figure for cell in above.cells)
        and not PAGE_NAME.match(above.cells[-1].text)
        and all(len(line.cells) == count for line in group)
    )


def fits(rows: Sequence[Line], heads: Heads) -> bool:
    """Whether rows have the columns of a table that they may belong to."""
    columns = columns_of([line for line in rows if line.has_figures])
    pairs = list(zip(columns, heads.columns, strict=False))
    near = all(
        left < right_before + SHIFTED and left_before - SHIFTED < right
        for (left, right), (left_before, right_before) in pairs
    )
    return len(columns) == len(heads.columns) > 1 and near


def _goes_on(lines: Sequence[Line], group: Sequence[int], number: int, leftwards: bool) -> bool:
    """Whether a row of figures belongs to the table of the rows above it."""
    last = group[-1]
    if number - last > BETWEEN + 1:
        return False
    zone = _zone(lines, group)
    for above, line in zip(lines[last:number], lines[last + 1 : number + 1], strict=True):
        if line.top - above.bottom > APART * (line.bottom - line.top):
            return False
        if (
            not line.is_row
            and len(line.cells) == 1
            and line.cells[0].right > zone > line.cells[0].left
        ):
            return False  # a line of prose
    edges = [_edge(cell, leftwards) for each in group for cell in lines[each].cells[1:]]
    ends = [_edge(cell, leftwards) for cell in lines[number].cells[1:]]
    return any(abs(end - edge) <= ALIGNED for end in ends for edge in edges)


def _edge(cell: Cell, leftwards: bool) -> float:
    return cell.left if leftwards else cell.right


def _above(lines: Sequence[Line], group: Sequence[int], floor: int) -> int:
    """From which line on the header stands: names over the columns, labels aside."""
    first, zone = group[0], _zone(lines, group)
    middle = (lines[first].cells[0].left + zone) / 2
    for number in range(group[0] - 1, max(floor, group[0] - HEADER) - 1, -1):
        line, below = lines[number], lines[number + 1]
        if below.top - line.bottom > APART * (line.bottom - line.top):
            break
        if line.cells[-1].right > zone:
            if line.cells[0].left < middle and len(line.cells) == 1:
                break
            first = number
    return first


def _zone(lines: Sequence[Line], group: Sequence[int]) -> float:
    """Where the figures begin."""
    return min(cell.left for each in group for cell in lines[each].cells[1:] if cell.is_figure)


def _table(lines: Sequence[Line], before: Heads | None) -> Table:
    """`before`: of the table that it may be a part of."""
    lines = narrow_cells.parted(lines)
    columns = merged(columns_of([line for line in lines if line.has_figures]), lines)
    placed = [placed_in(line, columns) for line in lines]
    after = next((number for number, line in enumerate(lines) if line.has_figures), 0)
    while after and not any(placed[after - 1][1:]):
        after -= 1  # a label over the first rows
    header = [_names(placed[:after])] if after else []
    places = frozenset(place for line in lines for place in line.places)
    if not after and before and fits(lines, before):
        header = [[[_named(name)] for name in names] for names in before.names]
    lines_told = list(row_lines(header + placed[after:], header))
    names = [_texts(row) for row in header]
    return Table(lines_told, places, Heads(columns, names) if names else None)


def _named(name: str) -> Cell:
    """As it stands on the page before."""
    return Cell(0, 0, [], name, False)


def _names(header: Sequence[Row]) -> Row:
    """One row of the header's: a name of several lines stands in one cell."""
    return [list(chain.from_iterable(names)) for names in zip(*header, strict=True)]


def row_lines(table: Sequence[Row], header: Sequence[Row]) -> Iterator[TextLine]:
    """Each line with its words; those of a header that stands again are the same ones."""
    waiting = deque((line, row) for row in table if (line := table_rows.line_of(_texts(row))))
    for line in table_rows.lines_of(map(_texts, table), map(_texts, header)):
        row = header[0] if header and line else []
        if waiting and waiting[0][0] == line:
            row = waiting.popleft()[1]
        yield TextLine(line, [spot for cells in row for cell in cells for spot in cell.spots])


def _texts(row: Row) -> list[str]:
    return table_rows.tidy(" ".join(cell.text for cell in cells) for cells in row)
