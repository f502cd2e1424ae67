"""The words of a page and where each stands; words that follow one another on a line as runs."""

import ctypes
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.common.raised import raised
from documents.readers.printed.characters import LEFTWARDS_WORD, characters, turning

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
    is_raised: bool = False  # a figure that is smaller and higher than what it follows

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


class TextLine(NamedTuple):
    """A line of text, and the words that it is made of."""

    text: str
    spots: Sequence[Spot]


def spots_of(  # noqa: C901 - written out, since it is done for every word
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, every: int = 1, *, plain: str = ""
) -> list[Spot]:
    """The words in the order in which they are drawn, but for what is off the page.

    `every`: of so many one, where a sample will do. `plain`: the page's characters, if they are
    known.
    """
    width, height = page.get_size()
    (x0, xx, xy), (y0, yx, yy) = turning(page)
    box = pdfium_c.FS_RECTF()
    where, handle, box_of = ctypes.byref(box), text_page.raw, pdfium_c.FPDFText_GetLooseCharBox
    spots: list[Spot] = []
    upright, new = not (xy or yx), tuple.__new__
    for found in islice(WORD.finditer(plain or characters(text_page)), 0, None, every):
        start, end = found.span()
        box_of(handle, start, where)
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        if end - start > 1:
            box_of(handle, end - 1, where)
            # Written out, since this is done for every word.
            if box.left < left:  # noqa: PLR1730
                left = box.left
            if box.right > right:  # noqa: PLR1730
                right = box.right
            if box.bottom < bottom:  # noqa: PLR1730
                bottom = box.bottom
            if box.top > top:  # noqa: PLR1730
                top = box.top
        if upright:
            h1, h2, v1, v2 = x0 + xx * left, x0 + xx * right, y0 + yy * top, y0 + yy * bottom
        else:
            h1, h2 = x0 + xx * left + xy * bottom, x0 + xx * right + xy * top
            v1, v2 = y0 + yx * left + yy * top, y0 + yx * right + yy * bottom
        if h1 > h2:
            h1, h2 = h2, h1
        if v1 > v2:
            v1, v2 = v2, v1
        h1, v1 = h1 if h1 > 0 else 0.0, v1 if v1 > 0 else 0.0  # cut to the page
        h2, v2 = h2 if h2 < 1 else 1.0, v2 if v2 < 1 else 1.0
        if h1 < h2 and v1 < v2:
            shown = (h1 * width, v1 * height, h2 * width, v2 * height, found[0], start, False)
            spots.append(new(Spot, shown))
    return spots


def with_raised(spots: Iterable[Spot], spans: Iterable[tuple[int, int]]) -> Iterator[Spot]:
    """Words cut where a figure in them is raised, as `spans` has it."""
    starts = dict(spans)
    for spot in spots:
        first, last = spot.start, spot.start + len(spot.text)
        cuts = [first, *(at for each in starts.items() for at in each if first < at < last), last]
        for start, end in pairwise(sorted(set(cuts))):
            text = spot.text[start - first : end - first]
            share = (spot.right - spot.left) / len(spot.text)
            left = spot.left + (start - first) * share
            yield spot._replace(
                left=left,
                right=left + len(text) * share,
                text=text,
                start=start,
                is_raised=start in starts,
            )


def run_leftwards(spots: Sequence[Spot]) -> bool:
    """Whether most words are of a script that does."""
    if not LEFTWARDS_WORD.search(" ".join([spot.text for spot in spots])):
        return False
    words = [spot.text for spot in spots if any(map(str.isalpha, spot.text))]
    return 2 * sum(bool(LEFTWARDS_WORD.search(word)) for word in words) > len(words)


def mirrored(spots: Sequence[Spot]) -> list[Spot]:
    """As if they ran to the right, which all that looks for columns and tables takes for given."""
    edge = max(spot.right for spot in spots)
    return [spot._replace(left=edge - spot.right, right=edge - spot.left) for spot in spots]


def runs_of(spots: Iterable[Spot]) -> list[Run]:
    runs: list[list[Spot]] = []
    before = 0.0, 0.0, 0.0, 0.0
    for spot in spots:
        # Written out, since this is done for every word: whether it goes on the line before it.
        left, top, right, bottom, *_ = spot
        _, above, end, below = before
        height, other = bottom - top, below - above
        lower, wide = (other, JUMP * height) if height > other else (height, JUMP * other)
        shared = min(below, bottom) - max(above, top)
        if runs and -wide < left - end < wide and shared > SAME_LINE * lower:
            runs[-1].append(spot)
        else:
            runs.append([spot])
        before = left, top, right, bottom
    return [_run(run, place) for place, run in enumerate(runs)]


def _run(spots: list[Spot], place: int) -> Run:
    _, tops, rights, bottoms, *_ = zip(*spots, strict=True)
    return Run(spots[0].left, min(tops), max(rights), max(bottoms), spots, place)


def joined(spots: Sequence[Spot]) -> str:
    """With blanks between words, but not between the letters of a word that is spaced out."""
    text = spots[0].text
    for before, spot in pairwise(spots):
        if spot.is_raised:
            text += raised(text, spot.text)
            continue
        letter = len(before.text) == 1 or len(spot.text) == 1
        spaced_out = letter and abs(spot.left - before.right) < TOUCHING * spot.height
        touches = spaced_out and not (before.is_raised and spot.text[0].isalnum())
        text += spot.text if touches else f" {spot.text}"
    return text


def on_one_line(one: Spot | Run, other: Spot | Run) -> bool:
    _, top, _, bottom, *_ = one
    _, above, _, below, *_ = other
    shared = min(bottom, below) - max(top, above)
    return shared > SAME_LINE * min(bottom - top, below - above)


def lines_of(runs: Sequence[Run]) -> list[list[Run]]:
    """Downwards, and each from left to right."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda each: (each.top + each.bottom) / 2):
        if lines and on_one_line(max(lines[-1], key=lambda each: each.height), run):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda each: each.left) for line in lines]


def text_line(line: Sequence[Run]) -> TextLine:
    spots = [spot for run in line for spot in run.spots]
    return TextLine(" ".join(run.text for run in line), spots)
