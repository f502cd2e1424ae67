"""Two lists beside one another, each under a title of its own: read one after the other."""

from collections.abc import Iterator, Sequence

from documents.readers.printed.placed_words import Run, TextLine, lines_of
from documents.readers.printed.table_columns import FIGURE
from documents.readers.printed.tables import APART, Table

EDGE = 3.0  # points in which a title and what is under it agree at the left
GAP = 12.0  # points between the two, at least
ROWS = 2  # with several cells on both sides, at least

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
