"""Headings whose letters are set apart: each letter is a word to pdfium."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

import pypdfium2 as pdfium

SPACED = re.compile(r"^(?:[^\W\d_][ \t]+){4,}[^\W\d_][ \t]*\r?$", re.MULTILINE)
LETTER = re.compile(r"\S")
MARKS = frozenset("ABCDEFNXYabcdefnxy")  # of which answers and schedules are made
OTHERS = 2  # letters besides those
WIDE = 0.6  # of a line's height: cells are farther apart
UNEVEN = 0.12  # of a line's height, by which the gaps within a word may differ
BREAK = 0.2  # of a line's height, by which the gap between two words is wider


def joined_in(text_page: pdfium.PdfTextPage, plain: str) -> Iterator[tuple[int, str]]:
    """By the number of each letter: the word, and nothing for the word's other letters."""
    for line in SPACED.finditer(plain):
        places = [letter.start() for letter in LETTER.finditer(plain, *line.span())]
        letters = {plain[place] for place in places}
        if len(letters - MARKS) < OTHERS:
            continue
        boxes = [text_page.get_charbox(place, loose=True) for place in places]
        for word in _words(boxes):
            found = "".join(plain[places[each]] for each in word)
            yield places[word.start], found
            yield from ((places[each], "") for each in word[1:])


def _words(boxes: Sequence[tuple[float, float, float, float]]) -> list[range]:
    """Which letters each has; none where they are cells, or words of one letter."""
    height = boxes[0][3] - boxes[0][1]
    gaps = [after[0] - before[2] for before, after in pairwise(boxes)]
    usual = median(gaps)
    breaks = [place for place, gap in enumerate(gaps, 1) if gap > usual + BREAK * height]
    within = [gap for gap in gaps if gap <= usual + BREAK * height]
    if not 0 < usual < WIDE * height or max(within) - min(within) > UNEVEN * height:
        return []
    edges = [0, *breaks, len(boxes)]
    return [range(*pair) for pair in pairwise(edges)]
