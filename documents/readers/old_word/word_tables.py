"""The tables of older Word files: cells know where they end on the page, not in which column."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from documents.readers.common.spans import Cell, unfolded
from documents.readers.common.table_rows import lines_of

APART = 60  # twips, a millimetre: edges nearer than that are one


class Boxed(NamedTuple):
    text: str
    edge: int | None = None  # where it ends, in twips from the left
    beside: bool = False  # belongs to the cell before it
    begins: bool = False  # goes on in the next rows
    goes_on: bool = False  # goes on that of the row above


class Row(NamedTuple):
    boxes: Sequence[Boxed]
    left: int | None = None  # where it begins


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """Of one table."""
    return lines_of(unfolded(_cells(rows)))


def _cells(rows: Sequence[Row]) -> Iterator[list[Cell]]:
    lefts = [row.left for row in rows if row.left is not None]
    filled = [_from_left(row, min(lefts, default=0)) for row in rows]
    edges = _edges(filled)
    placed = [list(_placed(boxes, edges)) for boxes in filled]
    for number, row in enumerate(placed):
        cells: list[Cell] = []
        for column, across, box in row:
            if not box.goes_on or box.text.strip():
                down = _down(placed[number + 1 :], column) if box.begins else 1
                cells.append(Cell(box.text, across, down))
            elif number == 0:
                cells.append(Cell(""))
        yield cells


def _from_left(row: Row, left: int) -> Sequence[Boxed]:
    """A row that begins further right has an empty cell before it."""
    if row.left is None or row.left - left <= APART:
        return row.boxes
    return [Boxed("", row.left), *row.boxes]


def _edges(rows: Sequence[Sequence[Boxed]]) -> list[int]:
    """Of all columns, as far as each row says where its cells end."""
    found: list[int] = []
    for edge in sorted({box.edge for row in rows for box in row if box.edge is not None}):
        if not found or edge - found[-1] > APART:
            found.append(edge)
    return found


def _placed(row: Sequence[Boxed], edges: Sequence[int]) -> Iterator[tuple[int, int, Boxed]]:
    """Each cell with its column and how many it spans; those that belong to it are in it."""
    boxes: list[Boxed] = []
    for box in row:
        if box.beside and boxes:
            before = boxes[-1]
            text = " ".join(filter(None, (before.text, box.text)))
            boxes[-1] = before._replace(text=text, edge=box.edge)
        else:
            boxes.append(box)
    known = all(box.edge is not None for box in boxes)
    column = 0
    for box in boxes:
        across = 1
        if known and box.edge is not None:
            across = max(sum(edge <= box.edge + APART for edge in edges[column:]), 1)
        yield column, across, box
        column += across


def _down(below: Sequence[Sequence[tuple[int, int, Boxed]]], column: int) -> int:
    """Over how many rows a cell goes."""
    count = 1
    for row in below:
        found = next((box for place, _, box in row if place == column), None)
        if found is None or not found.goes_on or found.text.strip():
            break
        count += 1
    return count
