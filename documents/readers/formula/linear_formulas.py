"""Formulas on one line, as people type them: 3/4, (a+b)/(2c), 10^-6, x^(n+1), √16."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

NUMBER = re.compile(r"[\d.,]*\d|\w")  # or one letter
SIGNED = re.compile("[+\\-\u2212]?(?:[\\d.,]*\\d|\\w)")
LETTERS = re.compile(r"\w+")
WORD = re.compile(r"[^\W\d_]{3,}")
ENDS, BEGINS = re.compile(r"[\w)\]]$"), re.compile(r"^[\w(\[]")
SIMPLE_INDEX = re.compile(r"[A-Z][A-Za-z]?|[a-z]|.*[A-Z]")  # CO2, x1; but log_2
ROOTS = {"": "\u221a", "2": "\u221a", "3": "\u221b", "4": "\u221c"}
MARKS = {"^": "\u0302", "~": "\u0303", "\u2192": "\u20d7", "\u00af": "\u0304", "\u203e": "\u0304"}
LINES = "\u0305\u0332\u00af\u203e_\u23de\u23df"  # over or under what they stand at


def fraction(above: str, below: str) -> str:
    return f"{_grouped(above, WORD)}/{_grouped(below, WORD)}"


def power(base: str, exponent: str) -> str:
    if not exponent or set(exponent) <= {"'", "\u2032", "\u2033"}:
        return base + exponent
    exponent = exponent.replace("\u2212", "-")
    short = exponent if SIGNED.fullmatch(exponent) else f"({_bare(exponent)})"
    return f"{_grouped(base, LETTERS)}^{short}"


def index(base: str, below: str) -> str:
    if below.isdigit() and SIMPLE_INDEX.fullmatch(base):
        return base + below
    short = below if NUMBER.fullmatch(below) or below.isalpha() else f"({_bare(below)})"
    return f"{base}_{short}" if below else base


def root(radicand: str, degree: str = "") -> str:
    if degree in ROOTS:
        return f"{ROOTS[degree]}{_grouped(radicand)}"
    return f"({_bare(radicand)})^(1/{_grouped(degree)})"


def limits(sign: str, below: str, above: str) -> str:
    """Of a sum, a product, an integral: what stands under and over its sign."""
    low = f"_{_grouped(below)}" if below else ""
    return f"{sign}{low}^{_grouped(above)}" if above else f"{sign}{low}"


def accented(base: str, mark: str) -> str:
    if not mark or mark in LINES or len(base) > 1:
        return base
    return unicodedata.normalize("NFC", base + MARKS.get(mark, mark if _combines(mark) else ""))


def matrix(rows: Iterable[Iterable[str]]) -> str:
    return "[" + "; ".join(" ".join(row) for row in rows) + "]"


def joined(parts: Iterable[tuple[str, bool]]) -> str:
    """Pieces in a row, of which those that are formulas in themselves never fuse with figures."""
    told = [(text, is_made) for text, is_made in parts if text]
    line = told[0][0] if told else ""
    for (before, was_made), (text, is_made) in pairwise(told):
        apart = was_made or (is_made and (before[-1:].isdigit() or "/" in text))
        fuses = apart and ENDS.search(before) and BEGINS.search(text)
        line += f" {text}" if fuses else text
    return line


def _grouped(text: str, *also: re.Pattern[str]) -> str:
    text = text.strip()
    plain = SIGNED.fullmatch(text) or any(each.fullmatch(text) for each in also)
    return text if plain or not text or _bare(text) != text else f"({text})"


def _bare(text: str) -> str:
    """Without brackets that are around all of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if not depth and place < len(text) - 1:
            return text
    return text[1:-1]


def _combines(mark: str) -> bool:
    return len(mark) == 1 and bool(unicodedata.combining(mark))
