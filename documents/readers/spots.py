"""The words of a page and where each stands; words that follow one another on a line as runs."""

import ctypes
import re
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.placing import characters, placing

WORD = re.compile("[^\\s\x02\ufffe]+[\x02\ufffe]?")  # those two stand for a hyphen at a line's end
JUMP = 0.9  # of a line's height: a wider gap ends a run
TOUCHING = 0.05  # of a line's height: a smaller gap is none
SAME_LINE = 0.5  # of the lower one's height, by which two overlap


class Spot(NamedTuple):
    """In points from the upper left corner of the page as it is shown."""

    left: float
    top: float
    right: float
    bottom: float
    text: str
    start: int  # the number of its first character on the page

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Run(NamedTuple):
    """Words of one line without a wide gap between them."""

    left: float
    top: float
    right: float
    bottom: float
    spots: list[Spot]
    place: int  # among the runs of its page, in the order in which they are drawn

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def text(self) -> str:
        return joined(self.spots)


class Told(NamedTuple):
    """A line of text, and the words that it is made of."""

    text: str
    spots: Sequence[Spot]


def spots_of(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, every: int = 1) -> list[Spot]:
    """The words in the order in which they are drawn, but for what is off the page.

    `every`: of so many one, where a sample will do.
    """
    text = characters(text_page)
    width, height = page.get_size()
    placed = placing(page)
    box = pdfium_c.FS_RECTF()
    where, handle = ctypes.byref(box), text_page.raw
    spots: list[Spot] = []
    for found in islice(WORD.finditer(text), 0, None, every):
        start, end = found.span()
        pdfium_c.FPDFText_GetLooseCharBox(handle, start, where)
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        if end - start > 1:
            pdfium_c.FPDFText_GetLooseCharBox(handle, end - 1, where)
            left, right = min(left, box.left), max(right, box.right)
            bottom, top = min(bottom, box.bottom), max(top, box.top)
        word = placed((left, bottom, right, top))
        if word.left < word.right and word.top < word.bottom:
            spots.append(
                Spot(
                    word.left * width,
                    word.top * height,
                    word.right * width,
                    word.bottom * height,
                    found[0],
                    start,
                )
            )
    return spots


def runs_of(spots: Iterable[Spot]) -> list[Run]:
    runs: list[list[Spot]] = []
    for spot in spots:
        if runs and _goes_on(runs[-1][-1], spot):
            runs[-1].append(spot)
        else:
            runs.append([spot])
    return [
        Run(
            run[0].left,
            min(spot.top for spot in run),
            max(spot.right for spot in run),
            max(spot.bottom for spot in run),
            run,
            place,
        )
        for place, run in enumerate(runs)
    ]


def joined(spots: Sequence[Spot]) -> str:
    """With blanks between words, but not between the letters of a word that is spaced out."""
    text = spots[0].text
    for before, spot in pairwise(spots):
        touches = abs(spot.left - before.right) < TOUCHING * spot.height
        spaced_out = touches and 1 in (len(before.text), len(spot.text))
        text += spot.text if spaced_out else f" {spot.text}"
    return text


def _goes_on(last: Spot, spot: Spot) -> bool:
    wide = JUMP * max(last.height, spot.height)
    return -wide < spot.left - last.right < wide and on_one_line(last, spot)


def on_one_line(one: Spot | Run, other: Spot | Run) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > SAME_LINE * min(one.height, other.height)


def lines_of(runs: Sequence[Run]) -> list[list[Run]]:
    """Downwards, and each from left to right."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda each: (each.top + each.bottom) / 2):
        if lines and on_one_line(max(lines[-1], key=lambda each: each.height), run):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda each: each.left) for line in lines]


def line_told(line: Sequence[Run]) -> Told:
    spots = [spot for run in line for spot in run.spots]
    return Told(" ".join(run.text for run in line), spots)
