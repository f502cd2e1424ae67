"""Lines of text cut into cells. A quote that is never closed is a letter, as is the sign of an inch:
what stands on a line of its own stays there.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

LONGEST = 500  # lines of a cell
FIGURES = 60  # characters
FIGURE = re.compile(r"[-+(]?(?=[., ']*+\d)[\d.,' ]++\)?\s?%?")

csv.field_size_limit(1 << 30)  # a line of the file at most


def cells_of(rows: Sequence[str], separator: str, width: int) -> Iterator[list[str]]:
    """`width` is how many cells most rows have."""
    quotes = [row.count('"') for row in rows]
    if not any(quotes):
        yield from csv.reader(rows, delimiter=separator, skipinitialspace=True)
        return
    odd = [place for place, count in enumerate(quotes) if count % 2]
    start = 0
    for number, place in enumerate(odd):
        if place < start:
            continue
        yield from _even(rows[start:place], separator, width)
        end = odd[number + 1] if number + 1 < len(odd) else None
        if end is not None and _goes_on(rows[place : end + 1], separator, width):
            yield _record("\n".join(rows[place : end + 1]), separator)
            start = end + 1
        else:
            yield letters(rows[place], separator)
            start = place + 1
    yield from _even(rows[start:] if start else rows, separator, width)


def _even(rows: Sequence[str], separator: str, width: int) -> Iterator[list[str]]:
    """Each of which closes the quotes that it opens."""
    read = csv.reader(rows, delimiter=separator, skipinitialspace=True)
    for row, cells in zip(rows, read, strict=False):
        if len(cells) != width and '"' in row:
            told = letters(row, separator)
            yield told if len(told) == width else cells
        else:
            yield cells


def _goes_on(rows: Sequence[str], separator: str, width: int) -> bool:
    """Whether a quote that the first line opens is closed in the last one."""
    if len(rows) > LONGEST:
        return False
    apart = [letters(row, separator) for row in rows]
    whole = _record("\n".join(rows), separator)
    if len(whole) != width and len(apart[0]) == width:
        return False
    if any(len(cells) != width for cells in apart):
        return True
    # Each line would be a row too: it is one if figures stand in the same places.
    masks = {tuple(bool(FIGURE.fullmatch(cell[:FIGURES])) for cell in cells) for cells in apart}
    return len(masks) > 1 or not any(masks.pop())


def _record(text: str, separator: str) -> list[str]:
    lines = (f"{line}\n" for line in text.split("\n"))
    read = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    return [cell.removesuffix("\n") for cells in read for cell in cells]


@lru_cache(maxsize=16)
def _cell(separator: str) -> re.Pattern[str]:
    """A cell in quotes that are closed before the next one begins, else up to there."""
    mark = re.escape(separator)
    return re.compile(rf'[ ]*"((?:[^"]|"")*+)"[ ]*(?={mark}|$)|([^{mark}]*)')


def letters(row: str, separator: str) -> list[str]:
    """The cells of a line by itself."""
    cells: list[str] = []
    place, pattern = 0, _cell(separator)
    while True:
        found = pattern.match(row, place)
        quoted = found and found[1] is not None
        cells.append(
            "" if not found else found[1].replace('""', '"') if quoted else found[2].strip()
        )
        place = found.end() if found else len(row)
        if place >= len(row):
            return cells
        place += 1
        if place == len(row):
            return [*cells, ""]
