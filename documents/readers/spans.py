"""Cells that span others: their words belong to every one of these, a figure is there once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from documents.readers.rows import NUMBER, YEAR

ACROSS, DOWN = 64, 1_000  # further it is paint
CHARACTERS = 80  # of what is repeated: a longer text is no name


class Cell(NamedTuple):
    text: str
    across: int = 1
    down: int = 1


def repeated(text: str) -> str:
    """What stands in the other cells."""
    text = " ".join(text[: CHARACTERS + 1].split())
    is_name = YEAR.fullmatch(text) or not NUMBER.fullmatch(text)
    return text if is_name and len(text) <= CHARACTERS else ""


def unfolded(rows: Iterable[Sequence[Cell]]) -> Iterator[list[str]]:
    """A cell for each column: the covered ones, which the rows do not have, come in between."""
    above: dict[int, tuple[str, int]] = {}  # column to what reaches down there, and how far yet
    for row in rows:
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
    value = (value or "").strip()
    return max(int(value), 1) if value.isascii() and value.isdigit() and len(value) < 6 else 1
