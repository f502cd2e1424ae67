"""Running titles and page numbers: lines at the edge of page after page, told once alone."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from documents.readers.page import Page

EDGE = 3  # lines at the top and at the bottom of a page that are looked at
AROUND = 12  # pages before and after a page that it is compared with
OFTEN = 3  # pages that have the line, at least
SHARE = 0.4  # of the pages around: those of left and right pages differ
LETTERS = 150  # what is longer is no running title
BODY = 8  # lines, from which on a page's first may be a title and its number in one
NUMBER = re.compile(r"\d{1,5}")
PAGE = re.compile(
    r"\W*+(?:[A-Z]{1,3}\W++)?(?:page|p|seite|s|p[aá]gina|str|стр|第)?\W*+(\d{1,5})"
    r"(?:\W*+(?:of|von|de|di|sur|из)?\W*+\d{1,5})?\W*+[页頁]?",
    re.IGNORECASE,
)
TITLED = re.compile(r"(?:(\d{1,5})\W* (\w.*\w)|(.*\w)\W* (\d{1,5}))")
ROMAN = re.compile(r"\W*([ivxlc]+)\W*", re.IGNORECASE)
VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
CELLS = " | "  # between the cells of a table: its header says something on every page

Key = tuple[str, int | None]  # a line, or its words with how far its number is from the page's


class Sheet(NamedTuple):
    page: Page
    number: int
    keys: frozenset[Key]  # of the lines at its edges


def without(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages without what runs along their edges; the first page that has it keeps it.

    A page where that would be the half of it is left as it is.
    """
    told: set[Key] = set()
    window: deque[Sheet] = deque()  # no more than 2 x AROUND + 1 pages are held
    for number, page in enumerate(pages, start=1):
        window.append(Sheet(page, number, frozenset(_edge_keys(number, page.text))))
        if number > AROUND:
            yield _stripped(number - AROUND, window, told)
    last = window[-1].number if window else 0
    for number in range(max(last - AROUND, 0) + 1, last + 1):
        yield _stripped(number, window, told)


def _stripped(number: int, window: deque[Sheet], told: set[Key]) -> Page:
    while window[0].number < number - AROUND:
        window.popleft()
    often = Counter(key for sheet in window for key in sheet.keys)
    least = max(OFTEN, SHARE * len(window))
    page = next(sheet.page for sheet in window if sheet.number == number)
    lines = page.text.split("\n")
    gone: set[int] = set()
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        for place in [place for place in order if lines[place].strip()][:EDGE]:
            keys = _keys(lines[place], number, len(lines))
            running = [key for key in keys if often[key] >= least]
            if not running:
                break
            if told.intersection(running):
                gone.add(place)
            told.update(running)
    filled = sum(bool(line.strip()) for line in lines)
    if 2 * len(gone) >= filled:
        return page
    kept = (line for place, line in enumerate(lines) if place not in gone)
    return page._replace(text="\n".join(kept).strip("\n")) if gone else page


def _edge_keys(number: int, text: str) -> Iterator[Key]:
    lines = text.split("\n")
    filled = [line for line in lines if line.strip()]
    for line in {*filled[:EDGE], *filled[-EDGE:]}:
        yield from _keys(line, number, len(lines))


def _keys(line: str, page: int, lines: int) -> Iterator[Key]:
    """What is the same on another page that runs under the same title."""
    line = " ".join(line.split())
    if CELLS in line or len(line) > LETTERS:
        return
    if roman := ROMAN.fullmatch(line):
        yield "i", _value(roman[1]) - page
    elif number := PAGE.fullmatch(line):
        yield NUMBER.sub("0", line), int(number[1]) - page
    else:
        yield line, None
        if lines >= BODY and (found := TITLED.fullmatch(line)):
            yield found[2] or found[3], int(found[1] or found[4]) - page


def _value(roman: str) -> int:
    values = [VALUES[letter] for letter in roman.lower()]
    return sum(
        -value if value < max(values[place:]) else value for place, value in enumerate(values)
    )
