"""What a reader gives: `read(file)` of each format's module returns a Source."""

from collections.abc import Iterable
from typing import BinaryIO, NamedTuple, Protocol

from documents.readers import Page


class Source(NamedTuple):
    title: str
    total: int
    pages: Iterable[Page]


class Reader(Protocol):
    def read(self, file: BinaryIO) -> Source:
        """Raises Refusal, here or from the pages, when there is nothing that could be read."""
