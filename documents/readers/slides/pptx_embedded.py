"""Files that lie in a show and are shown on its slides: workbooks above all."""

import io
from collections.abc import Iterator

import olefile

from documents.readers.common import archive
from documents.readers.common.refusal import Refusal
from documents.readers.common.source import Reader
from documents.readers.office import docx, odf
from documents.readers.old_office import ole
from documents.readers.sheets import xlsx

CHARACTERS = 100_000  # of one
READERS: dict[str, Reader] = {"xl/": xlsx, "word/": docx, "content.xml": odf}
BOX = b"\xd0\xcf\x11\xe0"
INSIDE = "Package"  # of a box that only holds another file


class Unreadable(Exception):
    """It is of a kind that is not read, or damaged."""


def lines_of(data: bytes) -> Iterator[str]:
    """Raises Unreadable, before the first line."""
    try:
        reader, data = _opened(data)
        pages = list(reader.parse(io.BytesIO(data)).pages)
    except (*archive.BROKEN, Refusal) as error:
        raise Unreadable from error
    yield "\n".join(page.text for page in pages)[:CHARACTERS]


def _opened(data: bytes) -> tuple[Reader, bytes]:
    if data.startswith(BOX):
        box = olefile.OleFileIO(io.BytesIO(data))
        if not box.exists(INSIDE):
            return ole, data
        data = box.openstream(INSIDE).read()
    names = archive.opened(io.BytesIO(data)).namelist()
    for begin, reader in READERS.items():
        if any(name.startswith(begin) for name in names):
            return reader, data
    raise Unreadable
