"""Words set in a font of symbols, as what a person sees of them."""

import ctypes
import re

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.common.symbol_fonts import decoded, is_symbol_font
from documents.readers.printed.drawn_lines import WORD

PRIVATE = re.compile("[\uf020-\uf0ff]")
# A box or a bullet that the file calls by the letter in whose place the font has it.
LONE = re.compile(r"(?<!\S)(?:[^\W\dAaIiVvXY_]|[\xa1-\xbf\xd7\xf7])(?!\S)")
NAME_BYTES = 100
SUBSET = re.compile(r"^[A-Z]{6}\+")  # before the name of a font of which the file has a part
# Boxes, ticks and bullets that nearly always are Wingdings', whatever font a program put for it.
BOXES_2 = frozenset("\uf04f\uf050\uf051\uf052\uf053\uf054\uf0a3")  # the same of Wingdings 2
BOXES = frozenset("\uf06f\uf0a7\uf0a8\uf0d8\uf0fb\uf0fc\uf0fd\uf0fe")


def shown_in(text_page: pdfium.PdfTextPage, plain: str) -> dict[int, str]:
    """By the number of a word's first character, what is shown in its place."""
    found: dict[int, str] = {}
    starts = {word.start(): word[0] for word in LONE.finditer(plain)}
    if not plain.isascii() and PRIVATE.search(plain):
        words = (word for word in WORD.finditer(plain) if PRIVATE.search(word[0]))
        starts |= {word.start(): word[0] for word in words}
    for start, word in starts.items():
        after = plain[start + len(word) :][:3].lstrip()
        alone = len(word) == 1 and after[:1].isalpha()
        shown = "".join(
            _as_seen(_font(text_page, start + place), letter, before_word=alone)
            for place, letter in enumerate(word)
        )
        if shown != word:
            found[start] = shown
    return found


def _as_seen(font: str, letter: str, *, before_word: bool) -> str:
    """`before_word`: whether it stands alone before a word, as a box does."""
    if PRIVATE.match(letter) and not is_symbol_font(font):
        if before_word and letter in BOXES_2:
            font = "Wingdings 2"
        else:
            font = "Wingdings" if letter in BOXES else "Symbol"
    return decoded(font, letter).replace(
        "\u2327", "\u2612"
    )  # a box with a cross, as people write it


def _font(text_page: pdfium.PdfTextPage, at: int) -> str:
    held, flags = ctypes.create_string_buffer(NAME_BYTES), ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(text_page, at, held, NAME_BYTES, flags)
    return SUBSET.sub("", held.value.decode("utf-8", "replace"))
