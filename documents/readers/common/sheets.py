"""Tables with their cells apart, as they go from the reading process to the one that asked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from documents.readers.common.frames import BrokenFrame
from documents.readers.common.tidy import GONE, clean

KINDS = frozenset(
    {"csv", "exported", "xlsx", "xls", "odf"}
)  # of which each module has `sheets(file)`
CELL_CHARACTERS = 2_000
CELLS = 2_000_000  # of a file: all of them are held in memory when it is computed over
FRAME_CHARACTERS = 1_000_000


class Sheet(NamedTuple):
    number: int | None  # from 1; None where the file has no sheets
    name: str
    exact: bool  # a program wrote the numbers, with a decimal point
    rows: Iterable[Sequence[str]]


class TooMuch(Exception):
    """More characters or cells than may be sent."""


def frames_of(sheets: Iterable[Sheet], most_characters: int) -> Iterator[dict[str, Any]]:
    """Raises TooMuch."""
    sent, left = 0, CELLS
    for sheet in sheets:
        yield {"sheet": sheet.number, "name": sheet.name, "exact": sheet.exact}
        rows: list[list[str]] = []
        length = 0
        for row in sheet.rows:
            left -= len(row)
            if left < 0:
                raise TooMuch
            cells = [clean(cell)[:CELL_CHARACTERS] for cell in row]
            length += sum(map(len, cells)) + len(cells)
            rows.append(cells)
            if length > FRAME_CHARACTERS:
                sent += length
                if sent > most_characters:
                    raise TooMuch
                yield {"rows": rows}
                rows, length = [], 0
        sent += length
        yield {"rows": rows}
    yield {"end": True}


def collect(frame: Callable[[], dict[str, Any]]) -> list[Sheet]:
    """The sheets in the frames up to the end. Raises BrokenFrame."""
    found: list[Sheet] = []
    rows: list[Sequence[str]] = []
    while True:
        match frame():
            case {"sheet": int() | None as number, "name": str(name), "exact": bool(exact)}:
                rows = []
                found.append(Sheet(number, GONE.sub("", name), exact, rows))
            case {"rows": list(told)} if found and all(map(_is_row, told)):
                rows += told
            case {"end": True}:
                return found
            case _:
                raise BrokenFrame


def _is_row(told: object) -> bool:
    return isinstance(told, list) and all(
        isinstance(cell, str) and not GONE.search(cell) for cell in told
    )
