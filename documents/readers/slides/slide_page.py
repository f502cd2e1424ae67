"""What all readers of slides do alike: a slide is a page, and its title a heading."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from documents.readers.common.hidden import hidden_name
from documents.readers.common.tidy import clean, one_line
from documents.readers.page import Heading, Page

# Titles that the program gives of its own.
OWN = re.compile(r"powerpoint|^(?:slide|folie|diapositiv[ae]) 1$|^no slide title$", re.IGNORECASE)
SAME_ROW = 0.5  # of the lower one's height, by which two may begin apart and stand side by side

Shape = TypeVar("Shape")


class Place(NamedTuple):
    """On a slide, in whatever unit."""

    top: float
    left: float
    height: float


def in_order(
    shapes: Iterable[Shape],
    place: Callable[[Shape], Place],
    is_title: Callable[[Shape], bool] = lambda _: False,
) -> list[Shape]:
    """The title first, then row by row from the top, each from the left."""
    rows: list[list[tuple[Place, Shape]]] = []
    ordered: list[Shape] = []
    placed = [(place(shape), shape) for shape in shapes]
    for found, shape in sorted(placed, key=lambda each: each[0].top):
        if is_title(shape):
            ordered.append(shape)
        elif rows and _beside(rows[-1][0][0], found):
            rows[-1].append((found, shape))
        else:
            rows.append([(found, shape)])
    for row in rows:
        ordered += [shape for _, shape in sorted(row, key=lambda each: each[0].left)]
    return ordered


def _beside(first: Place, other: Place) -> bool:
    return other.top - first.top <= SAME_ROW * min(first.height, other.height)


def page_of(number: int, title: str, blocks: Iterable[str], *, is_hidden: bool = False) -> Page:
    """The title is among the blocks too. That of a hidden slide says so, to whatever is under it."""
    text = clean("\n".join(blocks))
    first = title.split("\n")[0]
    start = text.find(first) if title else -1
    name = one_line(title)
    if is_hidden and text.strip():
        if start < 0:
            first, text, start, name = "", f"\n\n{text}", 0, f"Slide {number}"
        shown, name = hidden_name(first or name), hidden_name(name)
        text = f"{text[:start]}{shown}{text[start + len(first) :]}"
    return Page(number, text, [Heading(start, 1, name)] if start >= 0 else [])


def block(words: str) -> str:
    return words.strip("\n") + "\n"


def notes(words: str) -> str:
    return f"\nNotes: {words.strip()}\n"


def comment(words: str) -> str:
    return f"Comment: {' '.join(words.split())}\n"


def title_of(claimed: str, pages: Sequence[Page]) -> str:
    """What the file claims, unless it is the program's own words; else the first slide's."""
    claimed = one_line(claimed)
    if claimed and not OWN.search(claimed):
        return claimed
    return next((heading.text for heading in pages[0].headings), "")
