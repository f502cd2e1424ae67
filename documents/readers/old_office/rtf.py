"""RTF: its text, a table's row a line."""

import re
from typing import BinaryIO

from striprtf.striprtf import rtf_to_text

from documents.readers.common.refusal import Damaged, Empty
from documents.readers.common.source import Source
from documents.readers.common.tidy import clean
from documents.readers.page import Page

PICTURE = re.compile(rb"(?:[0-9a-fA-F]{32,}[\r\n]*)+")  # hex digits, up to megabytes of them

ASIDE = re.compile(rb"\{(?:\\\*)?\s*\\(?:footnote|shptxt)\b ?")  # which the library leaves out
TRACKED = re.compile(rb"\\[{}\\]|[{}]|\\(?:deleted[01]?|plain)(?![a-z0-9-])")
BRACE = re.compile(rb"\\[{}\\]|[{}]")


def parse(file: BinaryIO) -> Source:
    text = text_of(file.read())
    if not text.strip():
        raise Empty
    return Source("", 1, [Page(None, text, [])])


def text_of(data: bytes) -> str:
    """Raises Damaged."""
    data = _with_asides(_without_deleted(PICTURE.sub(b"", data)))
    try:
        text = rtf_to_text(data.decode("cp1252", "replace"), errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, LookupError, TypeError) as error:
        raise Damaged from error
    return "".join(f"{_line(line)}\n" for line in clean(text).split("\n"))


def _without_deleted(data: bytes) -> bytes:
    """What is marked goes to the end of its group, or to where what is kept begins."""
    kept, place, deep = [], 0, 0
    within = -1  # the group whose rest is left out
    for token in TRACKED.finditer(data):
        match token[0]:
            case b"{":
                deep += 1
            case b"}":
                if within == deep:
                    place, within = token.start(), -1
                deep -= 1
            case b"\\deleted" | b"\\deleted1" if within < 0:
                kept.append(data[place : token.start()])
                within = deep
            case b"\\deleted0" | b"\\plain" if within == deep:
                place, within = token.start(), -1
    return data if within >= 0 else b"".join(kept) + data[place:]


def _with_asides(data: bytes) -> bytes:
    """Footnotes and text boxes as paragraphs at the end."""
    kept, asides, place = [], [], 0
    while found := ASIDE.search(data, place):
        end = _end_of_group(data, found.end())
        if end < 0:
            break
        kept.append(data[place : found.start()])
        asides.append(b"\\par {" + data[found.end() : end] + b"}")
        place = end + 1
    body = b"".join(kept) + data[place:]
    last = body.rfind(b"}")
    return body[:last] + b"".join(asides) + body[last:] if asides and last >= 0 else data


def _end_of_group(data: bytes, place: int) -> int:
    """Where the brace stands that closes it; -1 where none does."""
    deep = 1
    for brace in BRACE.finditer(data, place):
        deep += {b"{": 1, b"}": -1}.get(brace[0], 0)
        if not deep:
            return brace.start()
    return -1


def _line(line: str) -> str:
    """The library ends a cell with a bar, also the last of its row."""
    if not line.rstrip().endswith("|"):
        return line
    return " | ".join(cell.strip(" \t") for cell in line.split("|")).strip(" |")
