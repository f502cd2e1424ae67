"""What Outlook packs into one attachment, winmail.dat: the words of a message and its files."""

import logging
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tnefparse import TNEF
from tnefparse.tnef import TNEFAttachment

from documents.readers.common.encoding import decode
from documents.readers.common.refusal import Damaged, NotText
from documents.readers.mail import alternatives, packed_rtf
from documents.readers.web_page import html

SUBJECT, KIND, CONTENT_ID, FLAGS, HIDDEN = 0x37, 0x370E, 0x3712, 0x3714, 0x7FFE
IN_THE_TEXT = 4  # of the flags
DEEP = 5  # messages inside of messages

logging.getLogger("tnefparse").disabled = True  # it would tell what is in the file


class PackedFile(NamedTuple):
    name: str
    kind: str
    data: bytes
    content_id: str
    in_text: bool  # a picture that is shown there
    message: "Packed | None" = None


class Packed(NamedTuple):
    subject: str
    body: str
    markup: str
    files: Sequence[PackedFile]


def unpacked(data: bytes) -> Packed:
    """Raises Damaged."""
    try:
        return _message(TNEF(data, do_checksum=False))
    except Exception as error:  # the library raises whatever comes
        raise Damaged from error


def _message(packed: TNEF, deep: int = 0) -> Packed:
    subjects = [each.data for each in packed.mapiprops if each.name == SUBJECT]
    subjects += [each.data for each in packed.msgprops if each.name == TNEF.ATTSUBJECT]
    markup = _text(packed.htmlbody, packed.codepage)
    rich = html.page_of(markup)[1].text if markup else ""
    body = alternatives.merged(_text(packed.body, packed.codepage), rich)
    # The library of the packed form wants a byte more than Outlook writes.
    body = body or packed_rtf.text_of((packed._rtfbody or b"") + b"\0")
    subject = next(filter(None, map(_text, subjects)), "")
    return Packed(subject, body, markup, list(_files(packed, deep)))


def _files(packed: TNEF, deep: int) -> Iterator[PackedFile]:
    for each in packed.attachments:
        inner = getattr(each, "embed", None)
        message = _message(inner, deep + 1) if inner is not None and deep < DEEP else None
        facts = {fact.name: fact.data for fact in each.mapi_attrs}
        flags = facts.get(FLAGS, 0)
        in_text = bool(facts.get(HIDDEN)) or (isinstance(flags, int) and bool(flags & IN_THE_TEXT))
        kind, content_id = _text(facts.get(KIND)), _text(facts.get(CONTENT_ID))
        yield PackedFile(_name(each), kind, _bytes(each.data), content_id, in_text, message)


def _name(attached: TNEFAttachment) -> str:
    try:
        return _text(attached.long_filename())
    except UnicodeDecodeError:  # which the library takes for UTF-8
        return _text(attached._name)


def _bytes(data: object) -> bytes:
    return bytes(data) if isinstance(data, bytes | bytearray) else b""


def _text(value: object, encoding: str | None = None) -> str:
    """Properties come as bytes, as text, or as the only one of several."""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        try:
            return decode(value.rstrip(b"\0"), encoding or "") if value.strip(b"\0") else ""
        except NotText:
            return ""
    return value.rstrip("\0") if isinstance(value, str) else ""
