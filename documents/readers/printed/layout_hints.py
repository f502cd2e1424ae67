"""A cheap look at a page: whether it may have columns or a table, which cost more to read."""

import re
from collections.abc import Sequence
from itertools import pairwise

from documents.readers.printed.placed_words import Spot

EVERY = 3  # of the words are looked at
FEW = 60  # words, with which a page costs nothing anyway
ROWS = 3  # lines that end in a figure, from which on there may be a table
FIGURES = re.compile(r"\S +(?:[$€£(]*\d[\d.,]*[)%]*|[-\u2013\u2014])\s*$", re.MULTILINE)
UP = 4  # lines, by which a column begins above the end of the one that was drawn before it
BIN = 4.0  # points
MIDDLE = (0.2, 0.8)  # of the width, where a second column may begin
THIN = 0.3  # of the usual number of words, and fewer stand above one another where columns part


def has_figures(text: str) -> bool:
    return sum(1 for _ in zip(FIGURES.finditer(text), range(ROWS), strict=False)) == ROWS


def has_gutter(spots: Sequence[Spot]) -> bool:
    """Whether a strip from the top of the page to its bottom has few words or none."""
    if len(spots) < FEW // EVERY:
        return True
    left, right = min(spot.left for spot in spots), max(spot.right for spot in spots)
    covered = [0] * (int((right - left) / BIN) + 1)
    for spot in spots:
        for place in range(int((spot.left - left) / BIN), int((spot.right - left) / BIN) + 1):
            covered[place] += 1
    low, high = (int(share * len(covered)) for share in MIDDLE)
    middle = covered[low:high] or [0]
    return min(middle) <= THIN * sorted(covered)[len(covered) // 2]


def goes_up(spots: Sequence[Spot]) -> bool:
    """Whether what is drawn next stands far above, and right of all the lines between."""
    for place, (before, spot) in enumerate(pairwise(spots)):
        if before.top - spot.top > UP * spot.height and before.right < spot.left:
            beside = (each for each in reversed(spots[: place + 1]))
            for each in beside:
                if each.right > spot.left:
                    break
                if each.top < spot.bottom:
                    return True
    return False
