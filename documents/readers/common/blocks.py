"""Files without pages of their own: their paragraphs are one, some of which are headings."""

from collections.abc import Iterable, Sequence

from documents.readers.common.tidy import clean, one_line
from documents.readers.page import Heading, Page

Block = tuple[str, int]  # text and level of heading; 0 is none


def page_of(number: int | None, blocks: Iterable[Block]) -> Page:
    """A line for each."""
    texts: list[str] = []
    headings: list[Heading] = []
    length = 0
    for text, level in blocks:
        text = clean(text)
        if level and text.strip():
            headings.append(Heading(length, level, one_line(text)))
        texts.append(text + "\n")
        length += len(text) + 1
    return Page(number, "".join(texts), headings)


def first_title(headings: Sequence[Heading]) -> str:
    """By which a file is called that says none of its own."""
    return next((heading.text for heading in headings if heading.level == 1), "")
