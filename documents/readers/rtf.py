"""RTF: its text, a table's row a line."""

import re
from typing import BinaryIO

from striprtf.striprtf import rtf_to_text

from documents.readers import Page
from documents.readers.refusal import Damaged, Empty
from documents.readers.source import Source
from documents.readers.tidy import clean

PICTURE = re.compile(rb"(?:[0-9a-fA-F]{32,}[\r\n]*)+")  # hex digits, up to megabytes of them

ASIDE = re.compile(rb"\{(?:\\\*)?\s*\\(?:footnote|shptxt)\b ?")  # which the library leaves out
BRACE = re.compile(rb"\\[{}\\]|[{}]")


def read(file: BinaryIO) -> Source:
    data = _with_asides(PICTURE.sub(b"", file.read()))
    try:
        text = rtf_to_text(data.decode("cp1252", "replace"), errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, LookupError, TypeError) as error:
        raise Damaged from error
    text = "".join(f"{_line(line)}\n" for line in clean(text).split("\n"))
    if not text.strip():
        raise Empty
    return Source("", 1, [Page(None, text, [])])


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
