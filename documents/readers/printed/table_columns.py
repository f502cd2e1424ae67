"""The columns of a table on a printed page, and which cell of a line stands in which."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from documents.readers.printed.placed_words import Spot, joined

ALIGNED = 5.0  # points in which the right edges of a column's figures agree
NEAR = 14.0  # points between two columns that may be one
FIGURE = re.compile(r"(?=[^\d\u2013\u2014-]*+[\d\u2013\u2014-])[\s\d.,%$€£¥()+\-/:*\u2013\u2014]++")

Span = tuple[float, float]  # from left to right


class Cell(NamedTuple):
    left: float
    right: float
    spots: list[Spot]
    text: str
    is_figure: bool


class Line(NamedTuple):
    top: float
    bottom: float
    cells: list[Cell]
    places: list[int]
    is_row: bool
    has_figures: bool  # others than the years over them


Row = list[list[Cell]]  # by column


def cell_of(left: float, right: float, spots: list[Spot]) -> Cell:
    text = joined(spots) if spots else ""
    return Cell(left, right, spots, text, bool(FIGURE.fullmatch(text)))


def columns_of(lines: Sequence[Line]) -> list[Span]:
    """From left to right, by the cells of its rows; what runs across two columns aside."""
    columns: list[Span] = []
    cells = [cell for line in lines for cell in line.cells]
    for cell in sorted(cells, key=lambda each: each.right - each.left):
        over = [each for each in columns if each[0] < cell.right and cell.left < each[1]]
        if len(over) > 1:
            continue
        for each in over:
            columns.remove(each)
        columns.append((min(cell.left, *(each[0] for each in over), cell.left),
                        max(cell.right, *(each[1] for each in over), cell.right)))  # fmt: skip
    return sorted(columns)


def merged(columns: Sequence[Span], lines: Sequence[Line]) -> list[Span]:
    """Columns as one where figures are set a little apart, such as 5.1 % under 1,199."""
    wide = list(columns[:1])
    for column in columns[1:]:
        both = (wide[-1], column)
        near = column[0] - wide[-1][1] < NEAR and len(wide) > 1
        if near and not any(_has_each(line, both) for line in lines):
            wide[-1] = (wide[-1][0], column[1])
        else:
            wide.append(column)
    return wide


def _has_each(line: Line, columns: Sequence[Span]) -> bool:
    """Whether it has a cell for each of the columns."""
    held = [any(cell.right > left and cell.left < right for cell in line.cells
            if not (cell.left < columns[0][1] and cell.right > columns[1][0])) for left, right in columns]  # fmt: skip
    return all(held)


def placed(line: Line, columns: Sequence[Span]) -> Row:
    row: Row = [[] for _ in columns]
    for cell in line.cells:
        for part in _parts(cell, columns):
            row[_place(part, columns)].append(part)
    return row


def _parts(cell: Cell, columns: Sequence[Span]) -> Iterator[Cell]:
    """Cut where the figures of columns follow without a gap."""
    spots = cell.spots
    cut: list[Cell] = []
    for left, right in reversed(columns[1:]) if len(spots) > 1 else ():
        inside = [s for s in spots if left - ALIGNED <= s.left and s.right <= right + ALIGNED]
        if inside and len(inside) < len(spots) and inside[-1] is spots[-1]:
            part = cell_of(left, right, inside)
            if part.is_figure:
                spots = spots[: -len(inside)]
                cut.append(part)
    yield cell_of(spots[0].left, spots[-1].right, spots) if cut else cell
    yield from reversed(cut)


def _place(cell: Cell, columns: Sequence[Span]) -> int:
    """The first column that it stands over, else the nearest."""

    def away(number: int) -> float:
        left, right = columns[number]
        return max(left - cell.right, cell.left - right, 0.0)

    return min(range(len(columns)), key=away)
