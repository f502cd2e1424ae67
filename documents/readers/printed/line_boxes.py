"""The boxes of words as few boxes as there are lines, and nothing else under them."""

from bisect import bisect_left
from collections.abc import Iterable

from documents.readers.printed.characters import Box

SAME_LINE = 0.5  # of the lower box's height, by which two overlap
NEAR = 1.0  # of a line's height: a smaller gap to the next line is filled


class Others:
    """The words that are not to be marked, each as its middle."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self.middles = sorted(((b.top + b.bottom) / 2, (b.left + b.right) / 2) for b in boxes)

    def any_in(self, box: Box) -> bool:
        for place in range(bisect_left(self.middles, (box.top, 0.0)), len(self.middles)):
            down, across = self.middles[place]
            if down > box.bottom:
                return False
            if box.left < across < box.right:
                return True
        return False


def lines_of(boxes: Iterable[Box], others: Iterable[Box]) -> list[Box]:
    """Downwards, those of one line as one where none of the others lies between."""
    unmarked = Others(others)
    lines = _merged(boxes, unmarked)
    return _closed(_merged(sorted(lines, key=lambda box: box.top), unmarked), unmarked)


def joined(one: Box, other: Box) -> Box:
    return Box(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def _merged(boxes: Iterable[Box], others: Others) -> list[Box]:
    """Each with the one before it, if they can be one."""
    merged: list[Box] = []
    for box in boxes:
        if merged and _beside(merged[-1], box):
            both = joined(merged[-1], box)
            if not others.any_in(both):
                merged[-1] = both
                continue
        merged.append(box)
    return merged


def _beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > SAME_LINE * min(one.bottom - one.top, other.bottom - other.top)


def _closed(lines: list[Box], others: Others) -> list[Box]:
    """Without the small gaps between one line and the next, as a marker would leave none."""
    closed = lines[:1]
    for line in lines[1:]:
        above = closed[-1]
        gap = line.top - above.bottom
        if 0 < gap < NEAR * (line.bottom - line.top):
            longer = above._replace(bottom=above.bottom + gap / 2)
            higher = line._replace(top=line.top - gap / 2)
            if not (others.any_in(longer) or others.any_in(higher)):
                closed[-1], line = longer, higher
        closed.append(line)
    return closed
