"""JSON: one value a line, its letters not spelt as numbers."""

import json
from typing import BinaryIO

from documents.readers import Page
from documents.readers.plain import text_of
from documents.readers.source import Source
from documents.readers.tidy import clean

GROWTH = 8  # by the blanks before what is deep inside: beyond that it is taken as it is
PARSED_CHARACTERS = 32 << 20  # beyond that it is taken as it is


def read(file: BinaryIO) -> Source:
    return Source("", 1, [Page(None, _laid_out(text_of(file.read())), [])])


def _laid_out(text: str) -> str:
    if len(text) > PARSED_CHARACTERS:
        return text
    try:
        laid_out = clean(json.dumps(json.loads(text), ensure_ascii=False, indent=1)) + "\n"
    except (ValueError, RecursionError):
        return text  # several values, comments, or no JSON at all
    return laid_out if len(laid_out) < GROWTH * len(text) + 1_000 else text
