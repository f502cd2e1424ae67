"""Numbers in text that runs from right to left: their parts are read from left to right."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from documents.readers.printed.placed_words import Spot, on_one_line

NUMBER = re.compile(r"[\d\u0660-\u0669.,:/+\-\u2010-\u2013()%#*]+")
TOUCHING = 0.12  # of a line's height: a wider gap is between two numbers


def in_order(spots: Sequence[Spot]) -> dict[int, str]:
    """What stands where a part of a number is drawn, by its first character: all, or nothing."""
    found: dict[int, str] = {}
    for parts in _numbers(spots):
        if len(parts) > 1:
            found |= dict.fromkeys((part.start for part in parts), "")
            first = min(parts, key=lambda part: part.start)
            found[first.start] = "".join(part.text for part in parts)
    return found


def _numbers(spots: Sequence[Spot]) -> Iterator[list[Spot]]:
    """Those that touch one another, from left to right."""
    for group in _groups(spots):
        parts = sorted(group, key=lambda spot: spot.left)
        number = parts[:1]
        for before, spot in pairwise(parts):
            if spot.left - before.right < TOUCHING * spot.height:
                number.append(spot)
            else:
                yield number
                number = [spot]
        yield number


def _groups(spots: Sequence[Spot]) -> Iterator[list[Spot]]:
    """Those that follow one another on a line."""
    group: list[Spot] = []
    for spot in spots:
        is_number = bool(NUMBER.fullmatch(spot.text))
        if group and not (is_number and on_one_line(group[-1], spot)):
            yield group
            group = []
        if is_number:
            group.append(spot)
    if group:
        yield group
