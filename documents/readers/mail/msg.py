"""Outlook messages (.msg): properties in streams, each attachment in a folder of its own."""

import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import olefile

from documents.readers.common.encoding import decode
from documents.readers.common.refusal import NotText
from documents.readers.common.source import Source
from documents.readers.mail import alternatives, packed_rtf
from documents.readers.mail.letter import Attachment, Letter, as_sent, named, source_of
from documents.readers.mail.parts import FILE, MESSAGE, PLAIN, Part, opened, sorted_out
from documents.readers.text import html

PROPERTIES = "__properties_version1.0"
STREAM, FOLDER = "__substg1.0_", "__attach_version1.0_"
UNICODE, ANSI, BINARY, OBJECT = "001F", "001E", "0102", "000D"
SUBJECT, FROM, FROM_ADDRESS, TO, CC = "0037", "0C1A", "5D01", "0E04", "0E03"
BODY, RTF, HTML, DATA, LONG_NAME, NAME = "1000", "1009", "1013", "3701", "3707", "3704"
MIME, CONTENT_ID = "370E", "3712"
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|bmp|webp|svg|emf|wmf)$", re.IGNORECASE)
SENT = 0x0039
HEAD, INNER_HEAD = 32, 24  # bytes before the properties of a message, and of one inside of it
ENTRY = struct.Struct("<HHIQ")  # kind, name, flags and value of a property
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
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
    inside = sorted_out([_words(box, folder), *_files(box, folder)])
    return Letter(_text(box, SUBJECT, folder), facts, *inside)


def _words(box: olefile.OleFileIO, folder: str) -> Part:
    markup = _decoded(_stream(box, HTML + BINARY, folder)) or _text(box, HTML, folder)
    rich = html.page_of(markup)[1].text if markup else ""
    words = alternatives.merged(_text(box, BODY, folder), rich)
    return Part(
        PLAIN, words or packed_rtf.text_of(_stream(box, RTF + BINARY, folder)), markup=markup
    )


def _text(box: olefile.OleFileIO, name: str, folder: str = "") -> str:
    if data := _stream(box, name + UNICODE, folder):
        return data.decode("utf-16-le", "replace").rstrip("\x00")
    return _decoded(_stream(box, name + ANSI, folder))


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


def _files(box: olefile.OleFileIO, folder: str) -> Iterator[Part]:
    above = folder.split("/")[:-1]
    for path in box.listdir(streams=False, storages=True):
        if path[:-1] == above and path[-1].startswith(FOLDER):
            inside = "/".join([*path, ""])
            inner = f"{inside}{STREAM}{DATA}{OBJECT}"
            if data := _stream(box, DATA + BINARY, inside):
                name = _text(box, LONG_NAME, inside) or _text(box, NAME, inside) or "attachment"
                kind = _text(box, MIME, inside).lower() or _kind(name)
                yield from opened(Part(kind, "", data, name, _text(box, CONTENT_ID, inside)))
            elif box.get_type(inner) == olefile.STGTY_STORAGE and len(above) < 2 * DEEP:
                name, data = as_sent(_letter(box, f"{inner}/"))
                yield Part(MESSAGE, data=data, name=name)


def _kind(name: str) -> str:
    """Of a picture that is shown in the text, Outlook often says no more than the name."""
    return "image/*" if PICTURE.search(name) else FILE
