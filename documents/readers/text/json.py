"""JSON: one value a line, its letters and line breaks not spelt as signs, its figures as written."""

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import BinaryIO

from documents.readers.common.source import Source
from documents.readers.common.tidy import clean
from documents.readers.page import Page
from documents.readers.text.plain import text_of

GROWTH = 8  # by the blanks before what is deep inside: beyond that it is taken as it is
STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
TOKEN = re.compile(STRING + r'|[{}\[\],:]|[^\s{}\[\],:"]+')
# With the blanks after it, so that none of them is tried for a beginning.
PIECE = re.compile(
    rf'(?:(?:({STRING})\s*+:\s*+)?(?:({STRING}|[^\s{{}}\[\],:"]++)|([{{\[]))|([}}\]]))\s*+(,?)\s*+'
)
SIGN = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
OPENS, CLOSES = {"{": "}", "[": "]"}, {"}", "]"}
PARSED_CHARACTERS = 32 << 20  # beyond that it is taken as it is


def parse(file: BinaryIO) -> Source:
    return Source("", 1, [Page(None, _laid_out(text_of(file.read())), [])])


def _laid_out(text: str) -> str:
    if len(text) > PARSED_CHARACTERS:
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return _by_lines(text)
    laid_out = clean("".join(_indented(text))) + "\n"
    return laid_out if len(laid_out) < GROWTH * len(text) + 1_000 else text


def _by_lines(text: str) -> str:
    """A value a line, as logs and data sets have them. What is none stays, with its letters said."""
    lines = text.split("\n")
    told = [_line(line) if line.strip() else "" for line in lines]
    if any(told):
        shown = (
            one or _unspelt(line) for one, line in zip(told, lines, strict=True) if line.strip()
        )
        return clean("\n".join(shown)) + "\n"
    return clean(_unspelt(text))


def _line(line: str) -> str:
    """An object or a list on one line; empty when it is none."""
    if line.lstrip()[:1] not in OPENS:
        return ""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return ""
    return "".join(
        f"{token} " if token in {",", ":"} else _meant(token) if "\\" in token else token
        for token in TOKEN.findall(line)
    )


def _indented(text: str) -> list[str]:
    told: list[str] = []
    depth, line, opened = 0, "\n", False
    for name, value, opening, closing, comma in PIECE.findall(text):
        if closing:
            depth -= 1
            line = f"\n{' ' * depth}"
            told.append(closing if opened else line + closing)
            opened = False
        else:
            if opened:
                told.append(line)
            if name:
                told += (_meant(name) if "\\" in name else name, ": ")
            told.append(opening or (_meant(value) if "\\" in value else value))
            opened = bool(opening)
            if opened:
                depth += 1
                line = f"\n{' ' * depth}"
        if comma:
            told.append("," + line)
    return told


def _meant(token: str) -> str:
    """A string with the letters that it stands for, without quoting what is in it."""
    return f'"{scanstring(token, 1, False)[0]}"'


def _unspelt(text: str) -> str:
    """The letters that are spelt in what is no JSON."""
    if "\\u" not in text:
        return text
    return SIGN.sub(lambda sign: str(json.loads(f'"{sign[0]}"')), text)
