"""A zip archive of which the first bytes do not tell what it is: its directory does."""

from typing import BinaryIO

from documents.readers import archive, docx, epub, odf, pptx, xlsx
from documents.readers.refusal import Refusal
from documents.readers.source import Reader, Source

READERS: dict[str, Reader] = {
    "word/": docx,
    "ppt/": pptx,
    "xl/": xlsx,
    "META-INF/container.xml": epub,
    "content.xml": odf,
}


class Archive(Refusal):
    """This is an archive (zip) of other files. Unpack it and upload what is in it."""

    code = "unsupported"


def read(file: BinaryIO) -> Source:
    names = archive.opened(file, part_bytes=archive.UNPACKED_BYTES).namelist()
    for begin, reader in READERS.items():
        if any(name.startswith(begin) for name in names):
            file.seek(0)
            return reader.read(file)
    raise Archive
