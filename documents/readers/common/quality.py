"""How well a page could be read, as far as its text and its letters tell."""

import re
import unicodedata
from enum import StrEnum

ENOUGH = 100  # letters or signs, below which nothing is said about them
UNKNOWN_SHARE = 0.2  # of what is printed: a bullet here and there is one too
LATIN_SHARE = 0.8  # of the letters, below which another script is written
COMMON_SHARE = 0.3  # of Latin letters; in every language these eight are nearly half or more

# Control characters, private use, and what stands for a letter that is not known. A hyphen at a
# line's end comes as \x02 or \ufffe, and a symbol font's bullet as U+F0xx.
UNKNOWN = re.compile("[\x00\x01\x03-\x08\x0e-\x1f\x7f-\x9f\ue000-\uefff\uf100-\uf8ff\ufffd]")
LETTER = re.compile(r"[^\W\d_]")
LATIN = "abcdefghijklmnopqrstuvwxyz"
COMMON = "aeinorst"


class State(StrEnum):
    """How a page was read. The first letter of each is its own."""

    TEXT = "text"  # as the file has it
    OCR = "ocr"  # recognised in the page's picture
    GARBAGE = "garbage"  # letters that make no words: the file does not say which they are
    EMPTY = "empty"
    UNREADABLE = "unreadable"  # a picture that nobody looked into


def is_garbage(text: str) -> bool:
    """Whether the letters of a page cannot be what is printed on it. In doubt they can."""
    printed = len("".join(text.split()))
    if printed < ENOUGH:
        return False
    if UNKNOWN.search(text) and len(UNKNOWN.findall(text)) > UNKNOWN_SHARE * printed:
        return True
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFD", plain)
    latin = _count(plain, LATIN)
    letters = latin if plain.isascii() else len(LETTER.findall(plain))
    # As when every letter stands for another one. Figures and codes alone say nothing.
    if latin < max(ENOUGH, LATIN_SHARE * letters, printed / 2):
        return False
    return _count(plain, COMMON) < COMMON_SHARE * latin


def _count(text: str, letters: str) -> int:
    """Many times quicker than looking at each letter of the text."""
    return sum(map(text.count, letters))
