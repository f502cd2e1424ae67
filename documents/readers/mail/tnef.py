"""What Outlook packs into one attachment, winmail.dat: the words of a message and its files."""

import logging
from collections.abc import Iterator
from typing import BinaryIO

from tnefparse import TNEF
from tnefparse.tnef import TNEFAttachment

from documents.readers.common.encoding import decode
from documents.readers.common.refusal import Damaged, NotText
from documents.readers.common.source import Source
from documents.readers.mail import alternatives, packed_rtf
from documents.readers.mail.letter import Attachment, Letter, as_sent, named, source_of
from documents.readers.text import html

SUBJECT = TNEF.ATTSUBJECT
DEEP = 5  # messages inside of messages

logging.getLogger("tnefparse").disabled = True  # it would tell what is in the file


def parse(file: BinaryIO) -> Source:
    return source_of(letter_of(file.read()))


def attachments(file: BinaryIO) -> Iterator[Attachment]:
    return named(letter_of(file.read()))


def letter_of(data: bytes) -> Letter:
    """Raises Damaged."""
    try:
        return _letter(TNEF(data, do_checksum=False))
    except Damaged:
        raise
    except Exception as error:  # the library raises whatever comes
        raise Damaged from error


def _letter(packed: TNEF, deep: int = 0) -> Letter:
    subject = next((_text(each.data) for each in packed.msgprops if each.name == SUBJECT), "")
    files = [_attachment(each, deep) for each in packed.attachments]
    return Letter(subject, (), _body(packed), [file for file in files if file.data])


def _body(packed: TNEF) -> str:
    markup = _text(packed.htmlbody)
    rich = html.page_of(markup)[1].text if markup else ""
    return alternatives.merged(_text(packed.body), rich) or packed_rtf.text_of(
        packed._rtfbody or b""
    )


def _attachment(attached: TNEFAttachment, deep: int) -> Attachment:
    name = _text(attached.long_filename())
    inner = getattr(attached, "embed", None)
    if inner is not None and deep < DEEP:
        return as_sent(_letter(inner, deep + 1))
    data = attached.data
    return Attachment(name, bytes(data) if isinstance(data, bytes | bytearray) else b"")


def _text(value: object) -> str:
    """Properties come as bytes, as text, or as the only one of several."""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        try:
            return decode(value.rstrip(b"\0")) if value.strip(b"\0") else ""
        except NotText:
            return ""
    return value.rstrip("\0") if isinstance(value, str) else ""
