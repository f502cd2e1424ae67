"""Plain text in any encoding: prose, source code, CSV, JSON."""

from typing import BinaryIO

from documents.readers import Page
from documents.readers.encoding import decode
from documents.readers.refusal import Empty
from documents.readers.source import Source
from documents.readers.tidy import clean


def read(file: BinaryIO) -> Source:
    return Source("", 1, [Page(None, text_of(file.read()), [])])


def text_of(data: bytes, declared: str = "") -> str:
    """The decoded text, cleaned. Raises Empty or NotText."""
    text = clean(decode(data, declared))
    if not text.strip():
        raise Empty
    return text
