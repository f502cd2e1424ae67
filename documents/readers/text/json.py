"""JSON: one value a line, its letters and line breaks not spelt as signs."""

import json
import re
from typing import BinaryIO

from documents.readers.common.source import Source
from documents.readers.common.tidy import clean
from documents.readers.page import Page
from documents.readers.text.plain import text_of

GROWTH = 8  # by the blanks before what is deep inside: beyond that it is taken as it is
ESCAPED = re.compile(r"\\(u00[0-9a-f]{2}|.)")
MEANT = {"n": "\n", "r": "\n", "t": "\t", '"': '"', "\\": "\\"}
PARSED_CHARACTERS = 32 << 20  # beyond that it is taken as it is


def parse(file: BinaryIO) -> Source:
    return Source("", 1, [Page(None, _laid_out(text_of(file.read())), [])])


def _laid_out(text: str) -> str:
    if len(text) > PARSED_CHARACTERS:
        return text
    try:
        laid_out = _lines_of(json.loads(text), 1)
    except (ValueError, RecursionError):
        return _by_lines(text)
    return laid_out if len(laid_out) < GROWTH * len(text) + 1_000 else text


def _by_lines(text: str) -> str:
    """A value a line, as logs and data sets have them; with comments, or no JSON: as it is."""
    try:
        return "".join(
            _lines_of(json.loads(line), None) for line in text.split("\n") if line.strip()
        )
    except (ValueError, RecursionError):
        return text


def _lines_of(value: object, indent: int | None) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return clean(ESCAPED.sub(lambda found: MEANT.get(found[1], ""), text)) + "\n"
