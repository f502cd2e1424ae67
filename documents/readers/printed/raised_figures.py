"""Figures that are set smaller and higher than what they follow: powers, and marks of notes."""

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.printed.drawn_lines import Line

# The last digit of a figure behind something else, or of one that has several, but for thousands
# as they are written: 1,234 has no raised figure, 1,2343 may have one.
LAST_DIGIT = re.compile(r"(?<=\S)(?<!,[0-9]{2})[0-9](?![0-9]|[.,][0-9])")
SIGNED = frozenset("0123456789+-\u2212\u2013")
FIGURE = re.compile("[+\\-\u2212\u2013]?[0-9]+")
LIKELY = 0.15  # of the line's height, by which the foot of the figure is above the other's
SMALLER = 0.9  # the size, as a share of the other's
HIGHER = 0.12  # of the other's size

Span = tuple[int, int]


def raised_in(text_page: pdfium.PdfTextPage, plain: str, lines: Sequence[Line]) -> Iterator[Span]:
    """From which character on to which, for each. `plain` has one for each of pdfium's."""
    for before, line in pairwise(lines):
        digits = FIGURE.match(plain, line.start, line.end) if line.is_higher else None
        if digits and _is_raised(text_page, line.start, before.end - 1):
            yield digits.span()
    box = pdfium_c.FS_RECTF()
    where, handle, box_of = ctypes.byref(box), text_page.raw, pdfium_c.FPDFText_GetLooseCharBox
    for found in LAST_DIGIT.finditer(plain):
        last = found.start()
        box_of(handle, last, where)
        foot = box.bottom
        first = last - 1
        # What may be raised starts there, at the first digit, or goes back as far as that.
        while first and plain[first] in SIGNED:
            first -= 1
        at = first + plain[first].isspace()
        box_of(handle, at, where)
        if foot - box.bottom > LIKELY * (box.top - box.bottom) and (
            span := _span(text_page, plain, last)
        ):
            yield span


def _span(text_page: pdfium.PdfTextPage, plain: str, last: int) -> Span | None:
    """The raised figure that ends there, if it is one."""
    first = last
    while first and plain[first] in SIGNED:
        if _is_raised(text_page, last, first - 1):
            return first, last + 1
        first -= 1
    return None


def _is_raised(text_page: pdfium.PdfTextPage, at: int, other: int) -> bool:
    """Whether one character is set smaller and higher than the other."""
    size, foot = _size_and_foot(text_page, at)
    other_size, other_foot = _size_and_foot(text_page, other)
    return size < SMALLER * other_size and foot - other_foot > HIGHER * other_size


def _size_and_foot(text_page: pdfium.PdfTextPage, at: int) -> tuple[float, float]:
    """In points, the latter along the line's upward direction."""
    matrix, handle = pdfium_c.FS_MATRIX(), text_page.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium_c.FPDFText_GetMatrix(handle, at, matrix)
    pdfium_c.FPDFText_GetCharOrigin(handle, at, x, y)
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    size = pdfium_c.FPDFText_GetFontSize(handle, at) * scale
    return size, (x.value * matrix.c + y.value * matrix.d) / scale
