"""Words of a line that runs from right to left, whose signs pdfium has where they are drawn."""

import re
from collections.abc import Iterator, Mapping, Sequence

import pypdfium2 as pdfium

from documents.readers.printed.characters import LEFTWARDS
from documents.readers.printed.placed_words import Spot

SWAPPED = str.maketrans("()[]{}", ")(][}{")
OPENS, CLOSES = "([{", ")]}"
LETTERS = re.compile(r"[^\W\d_]")
# What is drawn at the left of a number, or of a word of other letters, and stands after it.
AFTER = re.compile(r"((?:[,:;\u060c\u061b]|\.(?=\W*\d))+)([(\[{]?)([^\W_].*|[+\-\u2212]\d.*)")
PREFIX = re.compile(
    f"(?<![{LEFTWARDS}])([([{{]?[{LEFTWARDS}]++)([\\d][\\d.,:/%]*+)([-\u2010-\u2013\u05be])([)\\]}}]?)"
)
MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[!-~]+")


def in_order(
    text_page: pdfium.PdfTextPage, spots: Sequence[Spot], numbers: Mapping[int, str]
) -> Iterator[tuple[int, str]]:
    """By a word's first character, how it is read. `numbers`: of those whose parts are joined."""
    for spot in spots:
        text = numbers.get(spot.start, spot.text)
        if MIXED.fullmatch(text) and text == spot.text:
            text = _by_place(text_page, spot)
        read = _as_read(text)
        if read != spot.text:
            yield spot.start, read


def _by_place(text_page: pdfium.PdfTextPage, spot: Spot) -> str:
    """Letters and figures of one word run to the right, though pdfium turns their parts."""
    places = range(spot.start, spot.start + len(spot.text))
    lefts = [text_page.get_charbox(place)[0] for place in places]
    ordered = sorted(zip(lefts, spot.text, strict=True), key=lambda each: each[0])
    return "".join(letter for _, letter in ordered)


def _as_read(text: str) -> str:
    is_latin = text.isascii() and LETTERS.search(text)
    if not is_latin and len(text) > 1 and (text[0] in CLOSES or text[-1] in OPENS):
        first = text[0].translate(SWAPPED) if text[0] in CLOSES else text[0]
        last = text[-1].translate(SWAPPED) if text[-1] in OPENS else text[-1]
        text = first + text[1:-1] + last
    text = PREFIX.sub(r"\1\3\2\4", text)
    if moved := AFTER.fullmatch(text):
        text = f"{moved[2]}{moved[3]}{moved[1]}"
    return text
