"""Files that are only the wrapping of others: winmail.dat, and what is signed in one piece (.p7m)."""

from collections.abc import Iterator
from typing import BinaryIO

from documents.readers.common.refusal import Refusal
from documents.readers.common.source import Source
from documents.readers.mail import signed, tnef
from documents.readers.mail.eml import letter_of, message_of
from documents.readers.mail.letter import Attachment, Letter, named, source_of
from documents.readers.mail.parts import HEADER, packed_letter

HEAD_BYTES = 2_000  # in which a message says that it is one
PACKED = b"\x78\x9f\x3e\x22"


class Sealed(Refusal):
    """This file is encrypted, or nothing is in it but a signature. Save what it protects."""

    code = "sealed"


def parse(file: BinaryIO) -> Source:
    return source_of(_letter(file.read()))


def attachments(file: BinaryIO) -> Iterator[Attachment]:
    return named(_letter(file.read()))


def _letter(data: bytes) -> Letter:
    if data.startswith(PACKED):
        return packed_letter(tnef.unpacked(data))
    inside = signed.content_of(data)
    if inside is None:
        raise Sealed
    if HEADER.search(inside[:HEAD_BYTES]):
        return letter_of(message_of(inside))
    return Letter("Signed file", (), "", [Attachment("signed file", inside)])
