"""A sheet may have several tables: each begins with names of its own, behind an empty row or column."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from documents.tables import values

Row = Sequence[str]
FIGURES = 0.5  # of the cells of a column, from which text in it is a name of the next one


def tables_of(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each, in order. A table whose names are said again goes on."""
    return [table for part in _beside(list(rows)) for table in _below(part)]


def _beside(rows: list[Row]) -> list[list[Row]]:
    """Cut at empty columns, where a table of its own stands on either side."""
    for gap in _gaps(rows):
        left = [row[: gap.start] for row in rows]
        right = [row[gap.stop :] for row in rows]
        if _is_table(left) and _is_table(right):
            return [left, *_beside(right)]
    return [rows]


def _gaps(rows: Sequence[Row]) -> list[range]:
    """Runs of empty columns with filled ones before and behind them."""
    filled: set[int] = set()
    for row in rows:
        filled.update(column for column, cell in enumerate(row) if cell.strip())
        if filled and len(filled) == max(filled) - min(filled) + 1 == len(row):
            return []
    return [
        range(before + 1, after) for before, after in pairwise(sorted(filled)) if after - before > 1
    ]


def _is_table(rows: Sequence[Row]) -> bool:
    """Whether it has names, labels at its left, and figures beside them."""
    heads = [place for place, row in enumerate(rows[:6]) if len(_filled(row)) > 1]
    if not heads or not _are_names(rows[heads[0]]):
        return False
    body = [row for row in rows[heads[0] + 1 :] if _filled(row)]
    columns = [column for column, cell in enumerate(rows[heads[0]]) if cell.strip()]
    figures = _figure_columns(body)
    return len(body) > 1 and columns[0] not in figures and bool(set(columns) & set(figures))


def _below(rows: Sequence[Row]) -> list[list[Row]]:
    blocks: list[list[Row]] = []
    for part in _parts(rows):
        if not blocks:
            blocks.append(part)
        elif place := _begins(blocks, part):
            blocks.append(part[place - 1 :])  # without the title above its names
        else:
            blocks[-1].extend(_continued(blocks[-1], part))
    return blocks


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Cut at empty rows."""
    part: list[Row] = []
    for row in rows:
        if any(cell.strip() for cell in row):
            part.append(row)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _begins(blocks: Sequence[Sequence[Row]], part: Sequence[Row]) -> int:
    """The row, from 1, with which the next table begins; 0 when the last one goes on."""
    before = blocks[-1]
    heads = [place for place, row in enumerate(part[:3]) if len(_filled(row)) > 1]
    if not heads:
        return 0
    place = heads[0]
    head, rest = part[place], part[place + 1 :]
    if not _are_names(head) or _same(head, before) or not any(map(_has_figures, rest)):
        return 0
    columns = _figure_columns(before)
    return (
        place + 1 if any(column < len(head) and head[column].strip() for column in columns) else 0
    )


def _figure_columns(rows: Sequence[Row]) -> list[int]:
    width = max(map(len, rows), default=0)
    found = []
    for column in range(width):
        cells = [row[column] for row in rows if column < len(row) and row[column].strip()]
        figures = sum(map(_is_figure, cells))
        if figures and figures >= FIGURES * len(cells):
            found.append(column)
    return found


def _continued(before: Sequence[Row], part: Sequence[Row]) -> Sequence[Row]:
    """Without the names, if they are said again."""
    return part[1:] if len(part) > 1 and _same(part[0], before) else part


def _same(head: Row, before: Sequence[Row]) -> bool:
    return len(_filled(head)) > 1 and any(list(head) == list(row) for row in before[:20])


def _are_names(row: Row) -> bool:
    filled = _filled(row)
    return not any(map(_is_figure, filled)) and len(set(filled)) == len(filled)


def _has_figures(row: Row) -> bool:
    return any(map(_is_figure, _filled(row)))


def _filled(row: Row) -> list[str]:
    return [cell for cell in row if cell.strip()]


def _is_figure(cell: str) -> bool:
    cell = " ".join(cell.split())
    return any(values.number(cell, mark) is not None for mark in ".,") or bool(values.date(cell))
