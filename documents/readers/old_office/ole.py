"""Microsoft's older container: documents, workbooks, shows, messages, whatever is locked."""

from collections.abc import Iterator
from typing import BinaryIO

import olefile

from documents.readers.common.refusal import Damaged, Locked, Refusal
from documents.readers.common.sheets import Sheet
from documents.readers.common.source import Source
from documents.readers.mail import msg
from documents.readers.mail.letter import Attachment
from documents.readers.old_office import xls
from documents.readers.old_word import doc
from documents.readers.slides import ppt


class Unknown(Refusal):
    """This is an old Office file of a kind that cannot be read. Save it as PDF and upload that."""

    code = "unsupported"


BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
REFUSED: dict[str, type[Refusal]] = {"EncryptedPackage": Locked}


def attachments(file: BinaryIO) -> Iterator[Attachment]:
    """Of a message; anything else in this container has none."""
    try:
        box = olefile.OleFileIO(file)
        if msg.is_one(box) and not box.exists("WordDocument"):
            yield from msg.attachments(box)
    except BROKEN as error:
        raise Damaged from error


def sheets(file: BinaryIO) -> Iterator[Sheet]:
    """Of a workbook; anything else in this container has none."""
    if not _is_container(file):
        yield from xls.bare_sheets(file.read())
        return
    try:
        box = olefile.OleFileIO(file)
        if xls.is_one(box):
            yield from xls.sheets(box)
    except BROKEN as error:
        raise Damaged from error


def parse(file: BinaryIO) -> Source:
    if not _is_container(file):
        return xls.bare(file.read())
    try:
        box = olefile.OleFileIO(file)
        refused = next((why for name, why in REFUSED.items() if box.exists(name)), Unknown)
        if box.exists("WordDocument"):
            return doc.parse(box)
        if box.exists(ppt.STREAM):
            return ppt.parse(box)
        if xls.is_one(box):
            return xls.parse(box)
        if msg.is_one(box):
            return msg.parse(box)
    except BROKEN as error:
        raise Damaged from error
    raise refused


def _is_container(file: BinaryIO) -> bool:
    magic = file.read(len(olefile.MAGIC))
    file.seek(0)
    return bool(magic == olefile.MAGIC)
