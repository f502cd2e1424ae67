"""Lines that stand on a picture, put in the order in which one reads them."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from documents.readers.page import Place
from documents.readers.pictures.ocr import Recognised

FEW = 3  # lines that a column has at least
LONG = 12  # heights of a line that a column is wide at least; a table's columns are less
FILLED = 0.5  # of a column's width that its middling line takes
ACROSS = 0.25  # of the lines may go across from column to column: titles, tables, feet
SAME_ROW = 0.5  # of the lower line's height, by which two overlap
CELL, BREAK = 2.5, 0.9  # heights of a line: a gap in a row, a gap between paragraphs


class Line(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    text: str
    confidence: float
    words: Sequence[Place] = ()  # on the picture

    @property
    def height(self) -> float:
        return self.bottom - self.top


def in_order(lines: Sequence[Line]) -> Recognised:
    letters = sum(len(line.text) for line in lines)
    sure = sum(line.confidence * len(line.text) for line in lines) / max(letters, 1)
    columns = _columns(list(lines))
    rows = (line for column in columns for row in _rows(column) for line in row)
    places = [word for line in rows for word in line.words]
    return Recognised("\n\n".join(map(_paragraphs, columns)), sure, places)


def _columns(lines: list[Line]) -> list[list[Line]]:
    """Stretches of lines to read one after the other."""
    cut = _gutter(lines)
    if cut is None:
        return [lines] if lines else []
    found: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in [*sorted(lines, key=lambda each: each.top), None]:
        if line and line.right <= cut:
            left.append(line)
        elif line and line.left >= cut:
            right.append(line)
        else:
            found += [*_columns(left), *_columns(right)]
            left, right = [], []
            found += [[line]] if line else []
    return found


def _gutter(lines: list[Line]) -> float | None:
    """The place between two columns that the fewest lines cross, if there are columns."""
    if len(lines) < 2 * FEW:
        return None
    places = sorted({line.left for line in lines})
    height = median(line.height for line in lines)
    best: tuple[int, float] | None = None
    for place in places:
        left = [line for line in lines if line.right <= place]
        right = [line for line in lines if line.left >= place]
        across = len(lines) - len(left) - len(right)
        if across > ACROSS * len(lines) or not (_fills(left, height) and _fills(right, height)):
            continue
        if best is None or across < best[0]:
            best = across, place
    return best[1] if best else None


def _fills(lines: list[Line], height: float) -> bool:
    if len(lines) < FEW:
        return False
    width = max(line.right for line in lines) - min(line.left for line in lines)
    middling = median(line.right - line.left for line in lines)
    return width >= LONG * height and middling >= FILLED * width


def _paragraphs(lines: list[Line]) -> str:
    rows = _rows(lines)
    height = median(line.height for line in lines)
    text, floor = "", None
    for row in rows:
        top = min(line.top for line in row)
        if floor is not None:
            text += "\n\n" if top - floor > BREAK * height else "\n"
        text += _joined(row, height)
        floor = max(line.bottom for line in row)
    return text


def _rows(lines: list[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda each: (each.top + each.bottom) / 2):
        if rows and _beside(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda each: each.left) for row in rows]


def _beside(one: Line, other: Line) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > SAME_ROW * min(one.height, other.height)


def _joined(row: list[Line], height: float) -> str:
    text = row[0].text
    for before, line in pairwise(row):
        text += (" | " if line.left - before.right > CELL * height else " ") + line.text
    return text
