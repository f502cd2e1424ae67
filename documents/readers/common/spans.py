"""Cells that span others: their words belong to every one of these, a figure is there once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from documents.readers.common.table_rows import NUMBER, YEAR

ACROSS, DOWN = 64, 1_000  # further it is paint
MERGES = 20_000  # of a sheet: those after them say no more
CHARACTERS = 80  # of what is repeated: a longer text is no name


Merges = Mapping[tuple[int, int], tuple[int, int]]  # row and column to how far across and down


class Cell(NamedTuple):
    text: str
    across: int = 1
    down: int = 1


def repeated(text: str) -> str:
    """What stands in the other cells."""
    text = " ".join(text[: CHARACTERS + 1].split())
    is_name = YEAR.fullmatch(text) or not NUMBER.fullmatch(text)
    return text if is_name and len(text) <= CHARACTERS else ""


def spread_across(texts: Sequence[str], centred: Sequence[bool]) -> list[str]:
    """A row in which some cells are centred across the empty ones beside them, without a merge."""
    if sum(map(bool, texts)) < 2:
        return list(texts)  # a title, which is said once
    told, words = list(texts), ""
    for place, text in enumerate(texts):
        if text or not centred[place]:
            words = repeated(text) if centred[place] else ""
        else:
            told[place] = words
    return told


def spread(rows: Iterator[list[str]], merges: Merges, left: list[int]) -> Iterator[list[str]]:
    """The rows with what is merged in each of its cells; those are taken off `left`."""
    if not merges:
        yield from rows
        return
    for row in unfolded(_uncovered(rows, merges)):
        left[0] -= sum(map(bool, row))  # a merged cell can be told in very many
        yield row


def _uncovered(rows: Iterator[Sequence[str]], merges: Merges) -> Iterator[list[Cell]]:
    """The cells of each row without those that another one covers."""
    covered: dict[int, int] = {}  # column to the last row in which it is
    for number, texts in enumerate(rows, start=1):
        cells: list[Cell] = []
        free = 1  # the first column that nothing in this row covers
        for column, text in enumerate(texts, start=1):
            if column < free or covered.get(column, 0) >= number:
                continue
            across, down = merges.get((number, column), (1, 1)) if text else (1, 1)
            cells.append(Cell(text, across, down))
            free = column + across
            if down > 1:
                covered |= dict.fromkeys(range(column, free), number + down - 1)
        yield cells


def unfolded(rows: Iterable[Sequence[Cell]]) -> Iterator[list[str]]:
    """A cell for each column: the covered ones, which the rows do not have, come in between."""
    above: dict[int, tuple[str, int]] = {}  # column to what reaches down there, and how far yet
    for row in rows:
        if not above and all(cell.across <= 1 and cell.down <= 1 for cell in row):
            yield [cell.text for cell in row]
            continue
        filled = sum(bool(cell.text) for cell in row)
        texts: list[str] = []
        below: dict[int, tuple[str, int]] = {}
        for cell in row:
            _cover(texts, above, bool(filled))
            words = repeated(cell.text) if cell.across > 1 or cell.down > 1 else ""
            start = len(texts)
            # What spans its whole row is a title, which is said once.
            beside = words if start or filled + len(above) > 1 else ""
            texts += [cell.text, *[beside] * (min(max(cell.across, 1), ACROSS) - 1)]
            if cell.down > 1:
                below |= dict.fromkeys(range(start, len(texts)), (words, min(cell.down, DOWN)))
        _cover(texts, above, bool(filled))
        above = {column: (text, left - 1) for column, (text, left) in (above | below).items()}
        above = {column: (text, left) for column, (text, left) in above.items() if left > 0}
        yield texts


def _cover(texts: list[str], above: dict[int, tuple[str, int]], said: bool) -> None:
    """A row of covered cells alone says nothing."""
    while len(texts) in above:
        texts.append(above[len(texts)][0] if said else "")


def span(value: str | None) -> int:
    """As it is written in an attribute."""
    if value is None:
        return 1
    value = value.strip()
    return max(int(value), 1) if value.isascii() and value.isdigit() and len(value) < 6 else 1
