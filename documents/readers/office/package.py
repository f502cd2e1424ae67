"""A zip archive of which the first bytes do not tell what it is: its directory does."""

from typing import BinaryIO

from documents.readers.common import archive
from documents.readers.common.refusal import Refusal
from documents.readers.common.source import Reader, Source
from documents.readers.office import docx, epub, odf
from documents.readers.sheets import xlsx
from documents.readers.slides import pptx

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


def parse(file: BinaryIO) -> Source:
    names = archive.opened(file, part_bytes=archive.UNPACKED_BYTES).namelist()
    names = [name.replace("\\", "/") for name in names]
    for begin, reader in READERS.items():
        if any(name.startswith(begin) for name in names):
            file.seek(0)
            return reader.parse(file)
    raise Archive
