"""How the lines of a printed page look, at little cost: a heading is set larger, bold or apart."""

import ctypes
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.page import APART, BOLD, SLANTED, Look

LINE = re.compile(r"\S(?:[^\r\n]*[^\s\x02\ufffe])?")
BOLD_NAME = re.compile(r"bold|black|heavy|demi(?!an)", re.IGNORECASE)
SLANTED_NAME = re.compile(r"italic|oblique", re.IGNORECASE)
SLANTED_FLAG, BOLD_FLAG = 1 << 6, 1 << 18  # of a font's descriptor
BOLD_WEIGHT = 600
NAME_BYTES = 100
LARGEST = 10_000  # points that a letter may have
LINES = 400  # of a page that are looked at
WIDE = 1.3  # times the usual distance of two lines

Kind = tuple[float, int]  # size in points, and face


def looks_of(text_page: pdfium.PdfTextPage, plain: str) -> dict[str, Kind]:
    """By the letters of each line, how it is set. What changes within the line is no face."""
    look = _Looking(text_page)
    found: list[tuple[str, Kind, float]] = []
    for line in LINE.finditer(plain):
        first, last = line.start(), line.end() - 1
        size, top = look.size_and_top(first)
        face = look.face(first)
        if face and last > first:
            face &= look.face(last)
        found.append((key(line[0]), (size, face), top))
        if len(found) == LINES:
            break
    kinds: dict[str, Kind] = {}
    apart = _apart([(size, top) for _, (size, _), top in found])
    for (letters, (size, face), _), free in zip(found, apart, strict=True):
        kinds.setdefault(letters, (size, face | APART * free))
    return kinds


def placed(text: str, kinds: Mapping[str, Kind]) -> list[Look]:
    """The looks of a page's text, each from its offset on. Lines that are not known have size 0."""
    looks: list[Look] = []
    start = 0
    for line in text.split("\n"):
        if line:
            size, face = kinds.get(key(line), (0.0, 0))
            if face & APART or not looks or not _goes_on(looks[-1], size, face):
                looks.append(Look(start, size, face))
        start += len(line) + 1
    return looks


def _goes_on(look: Look, size: float, face: int) -> bool:
    return look.size == size and look.face & ~APART == face


def key(line: str) -> str:
    """What is the same whatever becomes of a line's blanks and ligatures."""
    return "".join((line if line.isascii() else unicodedata.normalize("NFKC", line)).split())


class _Looking:
    def __init__(self, text_page: pdfium.PdfTextPage) -> None:
        self.handle = text_page.raw
        self.matrix, self.box = pdfium_c.FS_MATRIX(), pdfium_c.FS_RECTF()
        self.flags = ctypes.c_int()
        self.name = ctypes.create_string_buffer(NAME_BYTES)

    def size_and_top(self, place: int) -> tuple[float, float]:
        pdfium_c.FPDFText_GetMatrix(self.handle, place, self.matrix)
        size = pdfium_c.FPDFText_GetFontSize(self.handle, place)
        pdfium_c.FPDFText_GetLooseCharBox(self.handle, place, self.box)
        shown = size * math.hypot(self.matrix.c, self.matrix.d)
        return round(shown, 1) if 0 < shown < LARGEST else 0.0, self.box.top

    def face(self, place: int) -> int:
        self.name.value = b""
        pdfium_c.FPDFText_GetFontInfo(self.handle, place, self.name, NAME_BYTES, self.flags)
        face = _face(self.name.value, self.flags.value)
        if not face & BOLD:
            heavy = pdfium_c.FPDFText_GetFontWeight(self.handle, place) >= BOLD_WEIGHT
            face |= BOLD * heavy
        return face


@cache
def _face(name: bytes, flags: int) -> int:
    written = name.decode("utf-8", "replace")
    bold = bool(BOLD_NAME.search(written)) or bool(flags & BOLD_FLAG)
    slanted = bool(SLANTED_NAME.search(written)) or bool(flags & SLANTED_FLAG)
    return BOLD * bold | SLANTED * slanted


def _apart(lines: Sequence[tuple[float, float]]) -> list[bool]:
    """Of each line, by size and top, whether more space is above it than lines usually have."""
    pairs = list(pairwise(lines))
    usual = sorted(above[1] - below[1] for above, below in pairs if above[1] - below[1] > 1)
    if not usual:
        return [True] * len(lines)
    middle = sorted(size for size, _ in lines)[len(lines) // 2] or 1.0
    wide = WIDE * usual[len(usual) // 2]
    # Large lines that belong together are farther from one another. What is not below the line
    # before it begins another column.
    apart = [True]
    for (above, top), (size, below) in pairs:
        scale = max(size / middle, 1.0) if size == above else 1.0
        apart.append(not -wide <= top - below <= wide * scale)
    return apart
