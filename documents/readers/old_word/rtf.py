"""RTF: its text, a table's row a line."""

from typing import BinaryIO

from documents.readers.common.blocks import first_title, page_of
from documents.readers.common.refusal import Damaged, Empty
from documents.readers.common.source import Source
from documents.readers.old_word.rtf_reading import Reading
from documents.readers.page import Page


def parse(file: BinaryIO) -> Source:
    page = _page(file.read())
    if not page.text.strip():
        raise Empty
    return Source(first_title(page.headings), 1, [page])


def text_of(data: bytes) -> str:
    """Raises Damaged."""
    return _page(data).text


def _page(data: bytes) -> Page:
    try:
        return page_of(None, Reading(data).blocks())
    except (ValueError, IndexError, LookupError, TypeError) as error:
        raise Damaged from error
