"""RTF: its text, a table's row a line."""

import re
from typing import BinaryIO

from striprtf.striprtf import rtf_to_text

from documents.readers import Page
from documents.readers.refusal import Damaged, Empty
from documents.readers.source import Source
from documents.readers.tidy import clean

PICTURE = re.compile(rb"(?:[0-9a-fA-F]{32,}[\r\n]*)+")  # hex digits, up to megabytes of them


def read(file: BinaryIO) -> Source:
    data = PICTURE.sub(b"", file.read())
    try:
        text = rtf_to_text(data.decode("cp1252", "replace"), errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, LookupError, TypeError) as error:
        raise Damaged from error
    text = "".join(f"{_line(line)}\n" for line in clean(text).split("\n"))
    if not text.strip():
        raise Empty
    return Source("", 1, [Page(None, text, [])])


def _line(line: str) -> str:
    """The library ends a cell with a bar, also the last of its row."""
    if not line.rstrip().endswith("|"):
        return line
    return " | ".join(cell.strip(" \t") for cell in line.split("|")).strip(" |")
