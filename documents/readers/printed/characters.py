"""Where the characters of a page stand on it, as it is shown."""

import ctypes
import re
from collections.abc import Callable
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

# Letters of Hebrew, Arabic and their like, and the shapes that these take in print; no figures.
LEFTWARDS = "\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
LEFTWARDS_WORD = re.compile(f"[{LEFTWARDS}]{{2,}}")
FINE = 1 << 16  # the page's side in the units that pdfium gives places in

TOUCHING = 0.5  # points by which letters may overlap

Turned = tuple[float, float, float]


class Box(NamedTuple):
    """In shares of the page's width and height as it is shown, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


def characters(text_page: pdfium.PdfTextPage) -> str:
    """One for each of pdfium's, so that a place in the text is a character's number."""
    count = text_page.count_chars()
    text: str = text_page.get_text_range(0, count) if count else ""
    if len(text) != count:
        codes = (pdfium_c.FPDFText_GetUnicode(text_page, number) for number in range(count))
        text = "".join(chr(code) if code <= 0x10FFFF else " " for code in codes)
    return text if text.isascii() else _turned(text_page, text)


def _turned(text_page: pdfium.PdfTextPage, text: str) -> str:
    """Words of scripts that run from right to left, where pdfium has them the other way round.

    It does where each letter says what it stands for, as browsers write Arabic.
    """

    def turned(word: re.Match[str]) -> str:
        first, last = (text_page.get_charbox(at) for at in (word.start(), word.end() - 1))
        return word[0][::-1] if first[2] <= last[0] + TOUCHING else word[0]

    return LEFTWARDS_WORD.sub(turned, text)


def placing(page: pdfium.PdfPage) -> Callable[[tuple[float, float, float, float]], Box]:
    """From pdfium's (left, bottom, right, top) to the page as it is shown, turned and cut."""
    (x0, xx, xy), (y0, yx, yy) = turning(page)

    def placed(box: tuple[float, float, float, float]) -> Box:
        left, bottom, right, top = box
        h1, h2 = x0 + xx * left + xy * bottom, x0 + xx * right + xy * top
        v1, v2 = y0 + yx * left + yy * bottom, y0 + yx * right + yy * top
        if h1 > h2:
            h1, h2 = h2, h1
        if v1 > v2:
            v1, v2 = v2, v1
        return Box(max(h1, 0.0), max(v1, 0.0), min(h2, 1.0), min(v2, 1.0))

    return placed


def turning(page: pdfium.PdfPage) -> tuple[Turned, Turned]:
    """Across and downwards: where pdfium's origin is shown, and what a point in x and y adds."""
    width, height = page.get_size()
    (x0, y0), (x1, y1), (x2, y2) = (
        _as_displayed(page, 0, 0),
        _as_displayed(page, width, 0),
        _as_displayed(page, 0, height),
    )
    across = x0, (x1 - x0) / width, (x2 - x0) / height
    return across, (y0, (y1 - y0) / width, (y2 - y0) / height)


def _as_displayed(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, FINE, FINE, 0, x, y, across, down)
    return across.value / FINE, down.value / FINE
