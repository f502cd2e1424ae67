"""Outlook messages (.msg): properties in streams, each attachment in a folder of its own."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import olefile

from documents.readers import html
from documents.readers.encoding import decode
from documents.readers.letter import Attachment, Letter, named, source_of
from documents.readers.refusal import NotText
from documents.readers.source import Source

PROPERTIES = "__properties_version1.0"
STREAM, FOLDER = "__substg1.0_", "__attach_version1.0_"
UNICODE, ANSI, BINARY = "001F", "001E", "0102"
SUBJECT, FROM, FROM_ADDRESS, TO, CC = "0037", "0C1A", "5D01", "0E04", "0E03"
BODY, HTML, DATA, LONG_NAME, NAME = "1000", "1013", "3701", "3707", "3704"
SENT = 0x0039
HEAD, ENTRY = 32, struct.Struct("<HHIQ")  # kind, name, flags and value of a property
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def read(box: olefile.OleFileIO) -> Source:
    return source_of(_letter(box))


def attachments(box: olefile.OleFileIO) -> Iterator[Attachment]:
    return named(_letter(box))


def _letter(box: olefile.OleFileIO) -> Letter:
    sender = " ".join(filter(None, (_text(box, FROM), _text(box, FROM_ADDRESS))))
    facts = [("From", sender), ("To", _text(box, TO)), ("Cc", _text(box, CC)), ("Date", _sent(box))]
    body = _text(box, BODY) or _text_of_html(box)
    return Letter(_text(box, SUBJECT), facts, body, list(_attachments(box)))


def _text(box: olefile.OleFileIO, name: str, folder: str = "") -> str:
    if data := _stream(box, name + UNICODE, folder):
        return data.decode("utf-16-le", "replace").rstrip("\x00")
    return _decoded(_stream(box, name + ANSI, folder))


def _text_of_html(box: olefile.OleFileIO) -> str:
    text = _decoded(_stream(box, HTML + BINARY)) or _text(box, HTML)
    return html.page_of(text)[1].text if text else ""


def _stream(box: olefile.OleFileIO, name: str, folder: str = "") -> bytes:
    path = f"{folder}{STREAM}{name}"
    return bytes(box.openstream(path).read()) if box.exists(path) else b""


def _decoded(data: bytes) -> str:
    try:
        return decode(data.rstrip(b"\x00")) if data else ""
    except NotText:
        return ""


def _sent(box: olefile.OleFileIO) -> str:
    """When it was sent: hundreds of nanoseconds since 1601."""
    data = box.openstream(PROPERTIES).read()[HEAD:]
    whole = data[: len(data) // ENTRY.size * ENTRY.size]
    for _, name, _, value in ENTRY.iter_unpack(whole):
        if name == SENT and value < 1 << 58:
            return (EPOCH + timedelta(microseconds=value // 10)).isoformat(" ", "minutes")
    return ""


def _attachments(box: olefile.OleFileIO) -> Iterator[Attachment]:
    for path in box.listdir(streams=False, storages=True):
        if len(path) == 1 and path[0].startswith(FOLDER):
            folder = f"{path[0]}/"
            name = _text(box, LONG_NAME, folder) or _text(box, NAME, folder) or "attachment"
            if data := _stream(box, DATA + BINARY, folder):
                yield Attachment(name, data)
