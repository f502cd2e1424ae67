"""Plain text in any encoding: prose, source code, YAML, XML, LaTeX, reStructuredText."""

import re
from typing import BinaryIO

from documents.readers.common.encoding import decode
from documents.readers.common.refusal import Empty
from documents.readers.common.source import Source
from documents.readers.common.tidy import clean
from documents.readers.page import Page
from documents.readers.text.terminal import without_escapes

# As XML and source code say it.
DECLARED = re.compile(rb"""coding\s*[=:]\s*["']?([-\w.]+)""")


def parse(file: BinaryIO) -> Source:
    data = file.read()
    found = DECLARED.search(data[:200])
    text = text_of(data, found[1].decode() if found else "")
    return Source("", 1, [Page(None, text, [])])


def text_of(data: bytes, declared: str = "") -> str:
    """The decoded text, cleaned. Raises Empty or NotText."""
    text = clean(without_escapes(decode(data, declared)))
    if not text.strip():
        raise Empty
    return text
