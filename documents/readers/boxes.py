"""Where a passage stands on its page: the boxes of its letters, joined to lines."""

import ctypes
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

FINE = 1 << 16  # the page's side in the units that pdfium gives places in
CHANCE, STRAY, GAP = 1, 40, 4  # words: fit by chance, out of step, filled between two stretches
SAME_LINE = 0.5  # of the lower box's height, by which two overlap
NEAR = 1.0  # of a line's height: a smaller gap to the next line is filled

ROW = " | "  # between the cells of one
ROW_WORDS = 3  # fewer may stand anywhere
TOKEN = re.compile(r"\S+")
PLAIN = re.compile("[a-z0-9]+")


class Box(NamedTuple):
    """In shares of the page's width and height as it is shown, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


class Word(NamedTuple):
    letters: str
    numbers: list[int]  # of each letter's character on the page


def boxes_of(page: pdfium.PdfPage, text: str, place: float) -> list[Box]:
    """One box for each line of the passage, downwards; none if it does not stand there.

    `place` is the share of the page's text before the passage, to tell it from its like.
    """
    text_page = page.get_textpage()
    try:
        drawn = _words(characters(text_page))
        wanted = [word.letters for word in _words(text)]
        placed = placing(page)
        found = _exact(drawn, wanted, place) or _alike(drawn, wanted)
        if ROW in text:
            found = sorted({*found, *_rows(drawn, text, place)})
        boxes = [placed(text_page.get_charbox(number, loose=True)) for number in found]
    finally:
        text_page.close()
    return _closed(_lines(boxes))


def characters(text_page: pdfium.PdfTextPage) -> str:
    """One for each of pdfium's, so that a place in the text is a character's number."""
    count = text_page.count_chars()
    text: str = text_page.get_text_range(0, count) if count else ""
    if len(text) == count:
        return text
    codes = (pdfium_c.FPDFText_GetUnicode(text_page, number) for number in range(count))
    return "".join(chr(code) if code <= 0x10FFFF else " " for code in codes)


def _words(text: str) -> list[Word]:
    """What stays of a text whatever is done to its breaks, hyphens, ligatures and case."""
    words: list[Word] = []
    for token in TOKEN.finditer(text):
        if token[0].isascii():
            plain = PLAIN.finditer(token[0].lower())
            start = token.start()
            words += [Word(w[0], list(range(start + w.start(), start + w.end()))) for w in plain]
        else:
            words += _folded(token[0], token.start())
    return words


def _folded(token: str, start: int) -> Iterator[Word]:
    letters = ""
    numbers: list[int] = []
    for number, character in enumerate(token, start=start):
        plain = unicodedata.normalize("NFKD", character).casefold()
        found = "".join(letter for letter in plain if letter.isalnum())
        letters += found
        numbers += [number] * len(found)
        if letters and not found and not unicodedata.combining(character):
            yield Word(letters, numbers)
            letters, numbers = "", []
    if letters:
        yield Word(letters, numbers)


def _exact(drawn: list[Word], wanted: list[str], place: float) -> list[int]:
    page, text = "".join(word.letters for word in drawn), "".join(wanted)
    starts = list(_occurrences(page, text)) if text else []
    if not starts:
        return []
    start = min(starts, key=lambda found: abs(found - place * len(page)))
    numbers = [number for word in drawn for number in word.numbers]
    return sorted(set(numbers[start : start + len(text)]))


def _occurrences(page: str, text: str) -> Iterator[int]:
    start = page.find(text)
    while start >= 0:
        yield start
        start = page.find(text, start + 1)


def _alike(drawn: list[Word], wanted: list[str]) -> list[int]:
    """The words that page and passage have in the same order, for a text that has gaps."""
    page = [word.letters for word in drawn]
    blocks = SequenceMatcher(None, page, wanted, autojunk=False).get_matching_blocks()
    longest = max(blocks, key=lambda block: block.size)
    found: list[range] = []
    for block in blocks:
        stray = abs((block.a - longest.a) - (block.b - longest.b)) > STRAY
        if block.size <= min(CHANCE, len(wanted) - 1) or stray:
            continue
        near = found and block.a - found[-1].stop <= GAP
        start = found.pop().start if near else block.a
        found.append(range(start, block.a + block.size))
    return sorted({number for each in found for at in each for number in drawn[at].numbers})


def _rows(drawn: list[Word], text: str, place: float) -> Iterator[int]:
    """Of a table's rows, whose header may stand far above them, and drawn in any order."""
    for line in text.split("\n"):
        wanted = [word.letters for word in _words(line)]
        if ROW in line and len(wanted) >= ROW_WORDS:
            yield from _exact(drawn, wanted, place)


def placing(page: pdfium.PdfPage) -> Callable[[tuple[float, float, float, float]], Box]:
    """From pdfium's (left, bottom, right, top) to the page as it is shown, turned and cut."""
    width, height = page.get_size()
    (x0, y0), (x1, y1), (x2, y2) = (
        _shown(page, 0, 0),
        _shown(page, width, 0),
        _shown(page, 0, height),
    )
    xx, xy, yx, yy = (x1 - x0) / width, (x2 - x0) / height, (y1 - y0) / width, (y2 - y0) / height

    def placed(box: tuple[float, float, float, float]) -> Box:
        left, bottom, right, top = box
        h1, h2 = x0 + xx * left + xy * bottom, x0 + xx * right + xy * top
        v1, v2 = y0 + yx * left + yy * bottom, y0 + yx * right + yy * top
        (h1, h2), (v1, v2) = sorted((h1, h2)), sorted((v1, v2))
        return Box(max(h1, 0.0), max(v1, 0.0), min(h2, 1.0), min(v2, 1.0))

    return placed


def _shown(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, FINE, FINE, 0, x, y, across, down)
    return across.value / FINE, down.value / FINE


def _lines(boxes: Iterable[Box]) -> list[Box]:
    """Boxes that stand beside each other as one; those without a size left out."""
    lines: list[Box] = []
    for box in boxes:
        if box.right <= box.left or box.bottom <= box.top:
            continue
        if lines and _beside(lines[-1], box):
            lines[-1] = _joined(lines[-1], box)
        else:
            lines.append(box)
    merged: list[Box] = []
    for line in sorted(lines, key=lambda each: each.top):
        if merged and _beside(merged[-1], line):
            merged[-1] = _joined(merged[-1], line)
        else:
            merged.append(line)
    return merged


def _beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > SAME_LINE * min(one.bottom - one.top, other.bottom - other.top)


def _joined(one: Box, other: Box) -> Box:
    return Box(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def _closed(lines: list[Box]) -> list[Box]:
    """Without the small gaps between one line and the next, as a marker would leave none."""
    closed = lines[:1]
    for line in lines[1:]:
        above = closed[-1]
        gap = line.top - above.bottom
        if 0 < gap < NEAR * (line.bottom - line.top):
            closed[-1] = above._replace(bottom=above.bottom + gap / 2)
            line = line._replace(top=line.top - gap / 2)
        closed.append(line)
    return closed
