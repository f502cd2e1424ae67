"""What a reader gives: `parse(file)` of each format's module returns a Source."""

from collections.abc import Iterable
from typing import BinaryIO, NamedTuple, Protocol, runtime_checkable

from documents.readers.common.sheets import Sheet
from documents.readers.page import Page


class Source(NamedTuple):
    title: str
    total: int
    pages: Iterable[Page]


@runtime_checkable
class LetterReader(Protocol):
    """A reader whose files have others inside."""

    def attachments(self, file: BinaryIO) -> Iterable[tuple[str, bytes]]:
        """Names and bytes. Raises Refusal."""


@runtime_checkable
class LateReader(Protocol):
    """A reader whose libraries import some of their parts at the first file, or later."""

    def warm_up(self) -> None:
        """Have all of it imported: in the cage that is too late."""


class Reader(Protocol):
    def parse(self, file: BinaryIO) -> Source:
        """Raises Refusal, here or from the pages, when there is nothing that could be read."""


@runtime_checkable
class TableReader(Protocol):
    """Those of the kinds that `sheets.KINDS` names are such ones too."""

    def sheets(self, file: BinaryIO) -> Iterable[Sheet]:
        """Raises like `parse`."""
