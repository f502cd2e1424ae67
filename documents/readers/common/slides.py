"""What all readers of slides do alike: a slide is a page, and its title a heading."""

import re
from collections.abc import Iterable, Sequence

from documents.readers.common.tidy import clean, one_line
from documents.readers.page import Heading, Page

# Titles that the program gives of its own.
OWN = re.compile(r"powerpoint|^(?:slide|folie|diapositiv[ae]) 1$|^no slide title$", re.IGNORECASE)


def page_of(number: int, title: str, blocks: Iterable[str]) -> Page:
    """The title is among the blocks too."""
    text = clean("\n".join(blocks))
    start = text.find(title.split("\n")[0]) if title else -1
    return Page(number, text, [Heading(start, 1, one_line(title))] if start >= 0 else [])


def block(words: str) -> str:
    return words.strip("\n") + "\n"


def notes(words: str) -> str:
    return f"\nNotes: {words.strip()}\n"


def title_of(claimed: str, pages: Sequence[Page]) -> str:
    """What the file claims, unless it is the program's own words; else the first slide's."""
    claimed = one_line(claimed)
    if claimed and not OWN.search(claimed):
        return claimed
    return next((heading.text for heading in pages[0].headings), "")
