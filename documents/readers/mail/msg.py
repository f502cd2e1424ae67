"""Outlook messages (.msg): properties in streams, each attachment in a folder of its own."""

import email.generator
import email.policy
import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import olefile
from compressed_rtf import decompress

from documents.readers.common.encoding import decode
from documents.readers.common.refusal import Damaged, NotText
from documents.readers.common.source import Source
from documents.readers.common.tidy import clean, one_line
from documents.readers.mail.letter import ATTACHMENTS, Attachment, Letter, named, source_of
from documents.readers.old_office import rtf
from documents.readers.text import html

PROPERTIES = "__properties_version1.0"
STREAM, FOLDER = "__substg1.0_", "__attach_version1.0_"
UNICODE, ANSI, BINARY, OBJECT = "001F", "001E", "0102", "000D"
SUBJECT, FROM, FROM_ADDRESS, TO, CC = "0037", "0C1A", "5D01", "0E04", "0E03"
BODY, RTF, HTML, DATA, LONG_NAME, NAME = "1000", "1009", "1013", "3701", "3707", "3704"
SENT = 0x0039
HEAD, INNER_HEAD = 32, 24  # bytes before the properties of a message, and of one inside of it
ENTRY = struct.Struct("<HHIQ")  # kind, name, flags and value of a property
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
RTF_BYTES = 16 << 20  # packed: more is no letter
DEEP = 5  # messages inside of messages


def is_one(box: olefile.OleFileIO) -> bool:
    wanted = [f"{STREAM}{name}{kind}" for name in (SUBJECT, BODY) for kind in (UNICODE, ANSI)]
    return any(map(box.exists, [PROPERTIES, *wanted]))


def parse(box: olefile.OleFileIO) -> Source:
    return source_of(_letter(box))


def attachments(box: olefile.OleFileIO) -> Iterator[Attachment]:
    return named(_letter(box))


def _letter(box: olefile.OleFileIO, folder: str = "") -> Letter:
    """That in the folder, whose name ends in a slash."""
    address = _text(box, FROM_ADDRESS, folder)
    sender = " ".join(filter(None, (_text(box, FROM, folder), address)))
    facts = [("From", sender)]
    facts += [(label, _text(box, name, folder)) for label, name in (("To", TO), ("Cc", CC))]
    facts.append(("Date", _sent(box, folder)))
    bodies = (_text(box, BODY, folder), _text_of_html(box, folder), _text_of_rtf(box, folder))
    body = next(filter(str.strip, bodies), "")
    return Letter(_text(box, SUBJECT, folder), facts, body, list(_attachments(box, folder)))


def _text(box: olefile.OleFileIO, name: str, folder: str = "") -> str:
    if data := _stream(box, name + UNICODE, folder):
        return data.decode("utf-16-le", "replace").rstrip("\x00")
    return _decoded(_stream(box, name + ANSI, folder))


def _text_of_html(box: olefile.OleFileIO, folder: str) -> str:
    text = _decoded(_stream(box, HTML + BINARY, folder)) or _text(box, HTML, folder)
    return html.page_of(text)[1].text if text else ""


def _text_of_rtf(box: olefile.OleFileIO, folder: str) -> str:
    data = _stream(box, RTF + BINARY, folder)
    if not 0 < len(data) < RTF_BYTES:
        return ""
    try:
        return rtf.text_of(decompress(data))
    except Exception:  # noqa: BLE001 - the library raises that; without a body it is a letter still
        return ""


def _stream(box: olefile.OleFileIO, name: str, folder: str = "") -> bytes:
    path = f"{folder}{STREAM}{name}"
    return bytes(box.openstream(path).read()) if box.get_type(path) == olefile.STGTY_STREAM else b""


def _decoded(data: bytes) -> str:
    try:
        return decode(data.rstrip(b"\x00")) if data else ""
    except NotText:
        return ""


def _sent(box: olefile.OleFileIO, folder: str) -> str:
    """When it was sent: hundreds of nanoseconds since 1601."""
    path = f"{folder}{PROPERTIES}"
    data = box.openstream(path).read() if box.exists(path) else b""
    data = data[INNER_HEAD if folder else HEAD :]
    whole = data[: len(data) // ENTRY.size * ENTRY.size]
    for _, name, _, value in ENTRY.iter_unpack(whole):
        if name == SENT and value < 1 << 58:
            return (EPOCH + timedelta(microseconds=value // 10)).isoformat(" ", "minutes")
    return ""


def _attachments(box: olefile.OleFileIO, folder: str) -> Iterator[Attachment]:
    above = folder.split("/")[:-1]
    for path in box.listdir(streams=False, storages=True):
        if path[:-1] == above and path[-1].startswith(FOLDER):
            inside = "/".join([*path, ""])
            inner = f"{inside}{STREAM}{DATA}{OBJECT}"
            name = _text(box, LONG_NAME, inside) or _text(box, NAME, inside)
            if data := _stream(box, DATA + BINARY, inside):
                yield Attachment(name or "attachment", data)
            elif box.get_type(inner) == olefile.STGTY_STORAGE and len(above) < 2 * DEEP:
                yield _message(_letter(box, f"{inner}/"))


def _message(letter: Letter) -> Attachment:
    """A message inside of another, as it could have been sent."""
    made = EmailMessage(policy=email.policy.SMTP)
    for label, value in [("Subject", letter.subject), *letter.facts]:
        shown = one_line(value)
        with suppress(ValueError, LookupError, AttributeError, TypeError):  # of odd addresses
            if shown:
                made[label] = datetime.fromisoformat(shown) if label == "Date" else shown
    made.set_content(clean(letter.body))
    for attached in letter.attachments[:ATTACHMENTS]:
        name = " ".join(clean(attached.name).split())
        made.add_attachment(attached.data, "application", "octet-stream", filename=name)
    try:
        return Attachment(f"{letter.subject or 'message'}.eml", made.as_bytes())
    except (ValueError, LookupError, AttributeError) as error:
        raise Damaged from error
