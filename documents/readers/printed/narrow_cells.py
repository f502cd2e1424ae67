"""Cells so narrow that their figures follow one another like words, told apart by their places."""

from collections.abc import Sequence
from itertools import pairwise

from documents.readers.printed.table_columns import Cell, Line, cell_of

SHORT = 3  # letters of such a cell, at the most
GAP = 0.45  # of a line's height, at least between two: a blank is narrower
NEAR = 4.0  # points in which the middles of a column agree
LINES = 2  # in which they stand below one another, at least


def parted(lines: Sequence[Line]) -> list[Line]:
    loose = [cell for line in lines for cell in line.cells if _is_loose(cell)]
    if len(loose) < LINES:
        return list(lines)
    middles = _middles(max(loose, key=lambda cell: len(cell.spots)))
    alike = [cell for cell in loose if _stands_at(cell, middles)]
    if len(alike) < LINES:
        return list(lines)
    return [
        line._replace(cells=[part for cell in line.cells for part in _parts(cell, middles)])
        for line in lines
    ]


def _is_loose(cell: Cell) -> bool:
    return (
        len(cell.spots) > 1
        and all(spot.text.isalnum() and len(spot.text) <= SHORT for spot in cell.spots)
        and all(b.left - a.right > GAP * a.height for a, b in pairwise(cell.spots))
    )


def _middles(cell: Cell) -> list[float]:
    return [(spot.left + spot.right) / 2 for spot in cell.spots]


def _stands_at(cell: Cell, middles: Sequence[float]) -> bool:
    return all(min(abs(own - each) for each in middles) < NEAR for own in _middles(cell))


def _parts(cell: Cell, middles: Sequence[float]) -> list[Cell]:
    if not (_is_loose(cell) and _stands_at(cell, middles)):
        return [cell]
    return [cell_of(spot.left, spot.right, [spot]) for spot in cell.spots]
