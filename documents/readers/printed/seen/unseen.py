"""Words of a page that nobody sees on it: invisible, as white as what is under them, a speck, or of
a layer that is switched off.

What is asked of a few letters of each line says whether to look at every word.
"""

import ctypes
import math
from collections.abc import Iterator, Sequence
from functools import cache

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.printed.drawn_lines import WORD, Line
from documents.readers.printed.scans import WHOLE, covered_by_pictures
from documents.readers.printed.seen.layers import Layers
from documents.readers.printed.seen.shades import Shades
from documents.readers.printed.told import Mark

STEP = 60  # characters of a line between two that are looked at
SHORT = 20  # characters of a line, of which one stands for all
# The second one only cuts what is drawn later, of which there may be nothing.
INVISIBLE = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
WHITE = 0xE0  # of each colour, at least
CLEAR = 16  # of 255: what is less opaque cannot be seen
SPECK = 1.5  # points
IDEOGRAPHS = "\u2e80"  # from here on letters are not drawn whose font is not in the file


class _Letters:
    def __init__(self, text_page: pdfium.PdfTextPage) -> None:
        self.handle = text_page.raw
        self.colours = [ctypes.c_uint() for _ in range(4)]
        self.where = [ctypes.byref(colour) for colour in self.colours]

    def drawn(self, place: int) -> pdfium_c.FPDF_PAGEOBJECT:
        return pdfium_c.FPDFText_GetTextObject(self.handle, place)

    def is_invisible(self, drawn: pdfium_c.FPDF_PAGEOBJECT) -> bool:
        return bool(pdfium_c.FPDFTextObj_GetTextRenderMode(drawn) in INVISIBLE)

    def is_pale(self, drawn: pdfium_c.FPDF_PAGEOBJECT) -> bool:
        if not pdfium_c.FPDFPageObj_GetFillColor(drawn, *self.where):
            return False
        red, green, blue, opaque = self.colours
        if red.value >= WHITE and green.value >= WHITE and blue.value >= WHITE:
            return True
        return bool(opaque.value < CLEAR)

    def size(self, place: int) -> float:
        matrix = pdfium_c.FS_MATRIX()
        pdfium_c.FPDFText_GetMatrix(self.handle, place, matrix)
        size: float = pdfium_c.FPDFText_GetFontSize(self.handle, place)
        return size * math.hypot(matrix.c, matrix.d)


def marks_of(
    page: pdfium.PdfPage,
    text_page: pdfium.PdfTextPage,
    plain: str,
    lines: Sequence[Line],
    layers: Layers,
) -> dict[int, Mark]:
    """By the number of a word's first character."""
    if not (layers.may_hide or _are_unusual(text_page, lines)):
        return {}
    return dict(_marks(page, text_page, plain, lines, layers))


def _are_unusual(text_page: pdfium.PdfTextPage, lines: Sequence[Line]) -> bool:
    """Written out, since it is done for every line there is."""
    handle, drawn_at = text_page.raw, pdfium_c.FPDFText_GetTextObject
    mode_of, colour_of = pdfium_c.FPDFTextObj_GetTextRenderMode, pdfium_c.FPDFPageObj_GetFillColor
    red, green, blue, opaque = (ctypes.c_uint() for _ in range(4))
    where = [ctypes.byref(each) for each in (red, green, blue, opaque)]
    for line in lines:
        start, last = line.start, line.end - 1
        if line.height < SPECK:
            return True
        for place in (
            (start, *range(start + STEP, last, STEP), last) if last - start > SHORT else (start,)
        ):
            drawn = drawn_at(handle, place)
            if not drawn:
                continue
            if mode_of(drawn) in INVISIBLE:
                return True
            if colour_of(drawn, *where) and (
                opaque.value < CLEAR
                or (red.value >= WHITE and green.value >= WHITE and blue.value >= WHITE)
            ):
                return True
    return False


def _marks(
    page: pdfium.PdfPage,
    text_page: pdfium.PdfTextPage,
    plain: str,
    lines: Sequence[Line],
    layers: Layers,
) -> Iterator[tuple[int, Mark]]:
    letters, shades = _Letters(text_page), Shades(page)
    is_scan = cache(lambda: covered_by_pictures(page) > WHOLE)
    for line in lines:
        for word in WORD.finditer(plain, line.start, line.end):
            start, end = word.span()
            drawn = letters.drawn(start)
            if not drawn:
                continue
            pale = letters.is_pale(drawn)
            # What was recognised on a scan lies invisible over its picture.
            unseen = pale or (letters.is_invisible(drawn) and not is_scan())
            may_be_drawn = plain[start] < IDEOGRAPHS
            if layers.may_hide and (
                layers.has_off(drawn)
                or (may_be_drawn and not unseen and _is_flat(shades, text_page, start, end))
            ):
                yield start, Mark.GONE
            elif (unseen and _is_flat(shades, text_page, start, end)) or (
                line.height < 2 * SPECK and letters.size(start) < SPECK
            ):
                yield start, Mark.HIDDEN


def _is_flat(shades: Shades, text_page: pdfium.PdfTextPage, start: int, end: int) -> bool:
    """Whether there is nothing to be seen where the word stands."""
    first, last = (text_page.get_charbox(at, loose=True) for at in (start, end - 1))
    return shades.is_flat(
        (
            min(first[0], last[0]),
            min(first[1], last[1]),
            max(first[2], last[2]),
            max(first[3], last[3]),
        )
    )
