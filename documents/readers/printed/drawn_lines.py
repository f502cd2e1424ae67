"""The lines of a page in the order in which they are drawn, and what stands between them.

pdfium ends a line at many a place where none ends: before and after what is set a little higher,
and around a single letter, whatever is beside it.
"""

import ctypes
import re
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.printed.characters import LEFTWARDS_WORD

LINE = re.compile(r"\S(?:[^\r\n]*\S)?")
WORD = re.compile(r"\S+")
SAME_LINE = 0.5  # of the lower one's height, by which two overlap
APART = 0.08  # of a line's height: a smaller gap is none
HIGHER = 0.15  # of a line's height, by which the foot of what is raised is above the other's

Rect = tuple[float, float, float, float]  # left, bottom, right, top


class Line(NamedTuple):
    before: str  # what stands between it and the line before: nothing, a blank, a line break
    start: int  # numbers of characters on the page
    end: int
    height: float
    is_higher: bool  # than the end of the line before, which it follows
    is_upended: bool  # or cut in two by a hyphen: its end is below or above its beginning


def lines_of(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, plain: str) -> list[Line]:
    """Without what is off the page. `plain` has a character for each of pdfium's."""
    left, bottom, right, top = page.get_bbox()
    box = pdfium_c.FS_RECTF()
    where, handle, box_of = ctypes.byref(box), text_page.raw, pdfium_c.FPDFText_GetLooseCharBox
    lines: list[Line] = []
    last: Rect | None = None
    for found in LINE.finditer(plain):
        start, end = found.span()
        box_of(handle, start, where)
        first = box.left, box.bottom, box.right, box.top
        box_of(handle, end - 1, where)
        final = box.left, box.bottom, box.right, box.top
        if (
            left < first[0] and final[2] < right and bottom < first[1] and first[3] < top
            and bottom < final[1] and final[3] < top
        ):  # fmt: skip
            lines.append(_line(plain, lines, (start, end), (last, first, final)))
            last = final
            continue
        for begun, ended, first, final in _parts(text_page, found, (left, bottom, right, top)):
            lines.append(_line(plain, lines, (begun, ended), (last, first, final)))
            last = final
    return lines


def _line(
    plain: str, lines: list[Line], span: tuple[int, int], boxes: tuple[Rect | None, Rect, Rect]
) -> Line:
    start, end = span
    last, first, final = boxes
    height = first[3] - first[1]
    is_upended = final[3] <= first[1] or final[1] >= first[3]
    if last is None:
        return Line("", start, end, height, False, is_upended)
    before, is_higher = _between(last, first, plain[start])
    if not before and " " in plain[lines[-1].end : start]:
        before = " "
    return Line(before, start, end, height, is_higher, is_upended)


def _between(last: Rect, first: Rect, letter: str) -> tuple[str, bool]:
    """What stands between the end of one line and the beginning of the next."""
    left, bottom, right, top = last
    height = min(top - bottom, first[3] - first[1])
    if min(top, first[3]) - max(bottom, first[1]) <= SAME_LINE * height:
        return "\n", False
    gap = first[0] - right
    if gap < -height and first[2] < left:
        return (" " if LEFTWARDS_WORD.match(letter * 2) else "\n"), False
    if gap > APART * height:
        return " ", False
    is_higher = first[1] - bottom > HIGHER * (top - bottom)
    return (" " if is_higher and not letter.isalnum() else ""), is_higher


def _parts(
    text_page: pdfium.PdfTextPage, line: re.Match[str], shown: Rect
) -> Iterator[tuple[int, int, Rect, Rect]]:
    """Those of the line's words that are on the page, what follows one another as one."""
    held: tuple[int, int, Rect, Rect] | None = None
    for word in WORD.finditer(line.string, *line.span()):
        start, end = word.span()
        first, final = (text_page.get_charbox(at, loose=True) for at in (start, end - 1))
        if _is_on(first, shown) or _is_on(final, shown):
            held = (held[0], end, held[2], final) if held else (start, end, first, final)
        elif held:
            yield held
            held = None
    if held:
        yield held


def _is_on(box: Rect, shown: Rect) -> bool:
    left, bottom, right, top = box
    return left < shown[2] and right > shown[0] and bottom < shown[3] and top > shown[1]
