"""Tables as text: a row is a line, `a | b | c`; over the parts of a long table its header stands
again, so that a row is understood wherever it is cut off from its table.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from documents.readers.common.refusal import Empty, Refusal
from documents.readers.common.sheets import Sheet
from documents.readers.common.tidy import clean
from documents.readers.page import Heading, Page

CELLS = 2_000_000  # of a spreadsheet
PART_CHARACTERS = 400  # less than what is embedded at once, be it all figures
HEADER_CHARACTERS = 300
HEADER_SHARE = 2  # a part is at least that many headers long
HEADER_ROWS = 3
LOOK_ROWS = 20  # among which the header is looked for
NUMBER = re.compile(r"[\s\d.,%$€£()+\-/:\u2013\u2014]*")
EMPTY = re.compile(r" \| (?: \| )+")  # columns without a name
YEAR = re.compile(r"(?:19|20)\d\d")


class TooManyCells(Refusal):
    """This spreadsheet has more cells than can be read at once. Try it in smaller parts."""

    code = "too_large"


def page_of(name: str, rows: Iterable[Sequence[str]]) -> tuple[str, list[Heading]]:
    """A page that is one table: its parts begin with headings, so that they are cut there.

    Without rows there is no text.
    """
    texts = [f"{name}\n\n"] if name else []
    headings = [Heading(0, 1, name)] if name else []
    length, above = sum(map(len, texts)), len(texts)
    for line, header in _parted(rows):
        if header:
            headings.append(Heading(length, 1 + above, header))
        texts.append(f"{line}\n")
        length += len(line) + 1
    return ("".join(texts), headings) if len(texts) > above else ("", [])


def pages_of(sheets: Iterable[Sheet]) -> Iterator[Page]:
    """A page for each. Raises Empty when there is nothing in any."""
    seen = False
    for sheet in sheets:
        page = Page(sheet.number, *page_of(sheet.name, sheet.rows))
        seen = seen or bool(page.text)
        yield page
    if not seen:
        raise Empty


def lines_of(
    rows: Iterable[Sequence[str]], header: Iterable[Sequence[str]] | None = None
) -> Iterator[str]:
    """`header`: those of the first rows that are one, where that is known."""
    return (line for line, _ in _parted(rows, header))


def _parted(
    rows: Iterable[Sequence[str]], known: Iterable[Sequence[str]] | None = None
) -> Iterator[tuple[str, str]]:
    """Each line, and where a part begins with it, the names of the columns."""
    tidied = _tidied(rows)
    top = list(islice(tidied, LOOK_ROWS))
    header = _header(top) if known is None else _short(map(line_of, _tidied(known)))
    names = EMPTY.sub(" | ", header[-1].strip(" |")) if header else ""
    length, past = 0, False
    for cells in chain(top, tidied):
        line = line_of(cells)
        if past and length + len(line) > _part(header):
            yield "", ""
            yield from _begun(header, names)
            length = _length(header)
        begins = not past and line in header[:1]
        yield line, names if begins else ""
        length = len(line) + 1 + (0 if begins else length)
        past = past or begins


def _begun(header: Sequence[str], names: str) -> Iterator[tuple[str, str]]:
    return ((line, "" if number else names) for number, line in enumerate(header))


def line_of(cells: Sequence[str]) -> str:
    filled = [cell for cell in cells if cell]
    return " | ".join(cells) if len(filled) > 1 else "".join(filled)


def _tidied(rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """Without the rows that are empty."""
    return (cells for cells in map(tidy, rows) if cells)


def tidy(row: Iterable[str]) -> list[str]:
    """Without the empty cells at its end."""
    cells = [" ".join(clean(cell).split()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _header(top: Sequence[Sequence[str]]) -> list[str]:
    """The rows of names over the first row of figures; where there are none, the first of names."""
    named = [_names(cells) for cells in top]
    if True not in named:
        return []
    first = named.index(True)
    after = named.index(False, first) if False in named[first:] else first + 1
    rows = top[first : after if after - first <= HEADER_ROWS else first + 1]
    return _short(line_of(cells) for cells in rows)


def _short(header: Iterable[str]) -> list[str]:
    lines = list(header)
    while _length(lines) > HEADER_CHARACTERS:
        lines.pop(0)  # the lowest row says the most
    return lines


def _names(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    numbers = [cell for cell in filled if NUMBER.fullmatch(cell)]
    years = all(YEAR.fullmatch(cell) for cell in numbers)
    return len(filled) > 1 and len(numbers) < len(filled) and years


def _part(header: Sequence[str]) -> int:
    return max(PART_CHARACTERS, HEADER_SHARE * _length(header))


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)
