"""Text that stands on its side on a page that is upright."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.printed.drawn_lines import Line
from documents.readers.printed.placed_words import Spot

UPWARDS, DOWNWARDS = 270, 90  # where to its lines run, in pdfium's degrees
NEAR = 5  # degrees


class Sides(NamedTuple):
    upright: list[Spot]
    upwards: list[Spot]  # each of these as if the page were turned
    downwards: list[Spot]


def lines_on_side(
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, lines: Sequence[Line]
) -> set[int]:
    """The first characters of such lines; none if no line at all looks like one."""
    suspects = any(line.is_upended and _direction(page, text_page, line.start) for line in lines)
    if not suspects:
        return set()
    return {line.start for line in lines if _direction(page, text_page, line.start)}


def sides_of(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, spots: Sequence[Spot]) -> Sides:
    width, height = page.get_size()
    sides = Sides([], [], [])
    for spot in spots:
        left, top, right, bottom, *_ = spot
        direction = _direction(page, text_page, spot.start)
        if direction == UPWARDS:
            sides.upwards.append(spot._replace(
                left=height - bottom, right=height - top, top=left, bottom=right))  # fmt: skip
        elif direction == DOWNWARDS:
            sides.downwards.append(spot._replace(
                left=top, right=bottom, top=width - right, bottom=width - left))  # fmt: skip
        else:
            sides.upright.append(spot)
    return sides


def _direction(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, at: int) -> int:
    """0 for what is upright, or slanted."""
    angle = math.degrees(pdfium_c.FPDFText_GetCharAngle(text_page, at)) + page.get_rotation()
    for direction in (UPWARDS, DOWNWARDS):
        if abs(angle % 360 - direction) < NEAR:
            return direction
    return 0
