"""The outline of a PDF, as headings of its pages."""

import re
from collections import defaultdict

import pypdfium2 as pdfium

from documents.readers.common.tidy import clean
from documents.readers.page import Heading

Outline = dict[int, list[tuple[int, str]]]  # page number to (level, title)

OUTLINE_ENTRIES = 20_000
LETTERS = re.compile(r"[^\W_]")


def outline_of(book: pdfium.PdfDocument) -> Outline:
    outline: Outline = defaultdict(list)
    try:
        for count, mark in enumerate(book.get_toc()):
            target = mark.get_dest()
            title = " ".join(clean(mark.get_title()).split())[:200]
            if title and target and target.get_index() is not None:
                outline[target.get_index() + 1].append((mark.level + 1, title))
            if count >= OUTLINE_ENTRIES:
                break
    except (pdfium.PdfiumError, UnicodeError, ValueError):
        return outline
    return outline


def headings_of(text: str, entries: list[tuple[int, str]]) -> list[Heading]:
    """The outline's entries for this page, each where its words stand (else at the top)."""
    if not entries:
        return []
    places = [found.start() for found in LETTERS.finditer(text)]
    letters = "".join(text[place].casefold()[:1] for place in places)
    headings: list[Heading] = []
    after = 0
    for level, title in entries:
        wanted = "".join(LETTERS.findall(title.casefold()))
        found = letters.find(wanted, after) if wanted else -1
        start = places[found] if found >= 0 else (headings[-1].start if headings else 0)
        after = found + len(wanted) if found >= 0 else after
        headings.append(Heading(start, level, title))
    return headings
