"""The same mail from two producers: Python's own library, and MIME written by hand."""

import base64
import quopri
from collections.abc import Sequence
from email.message import EmailMessage
from typing import NamedTuple

HEAD = "From: Robin Example <robin@example.org>\r\nTo: kim@example.org\r\nSubject: {subject}\r\n"


class File(NamedTuple):
    name: str
    kind: str  # as image/png
    data: bytes
    content_id: str = ""
    inline: bool = False


def by_library(
    plain: str | None, html: str | None, *files: File, calendar: str = "", subject: str = "Hello"
) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = "Robin Example <robin@example.org>", "kim@example.org"
    made["Subject"] = subject
    if plain is not None:
        made.set_content(plain)
    if html is not None:
        (made.add_alternative if plain is not None else made.set_content)(html, subtype="html")
    if calendar:
        made.add_alternative(calendar, subtype="calendar", params={"method": "REQUEST"})
    for file in files:
        main, sub = file.kind.split("/")
        shown = {"disposition": "inline"} if file.inline else {}
        cid = f"<{file.content_id}>" if file.content_id else None
        made.add_attachment(file.data, main, sub, filename=file.name, cid=cid, **shown)
    return made.as_bytes()


def by_hand(
    plain: str | None, html: str | None, *files: File, calendar: str = "", subject: str = "Hello"
) -> bytes:
    """Nested and encoded otherwise: quoted-printable, and pictures related to the HTML."""
    words = []
    if plain is not None:
        words.append(_quoted("text/plain; charset=iso-8859-1", plain.encode("latin-1", "replace")))
    if html is not None:
        related = [_file(file) for file in files if file.inline]
        rich = _quoted('text/html; charset="utf-8"', html.encode())
        words.append(_several("related", [rich, *related]) if related else rich)
    if calendar:
        words.append(_quoted("text/calendar; charset=utf-8; method=REQUEST", calendar.encode()))
    whole = _several("alternative", words) if len(words) > 1 else words[0]
    beside = [_file(file) for file in files if not file.inline or html is None]
    if beside:
        whole = _several("mixed", [whole, *beside])
    return HEAD.format(subject=subject).encode() + b"MIME-Version: 1.0\r\n" + whole


def _several(kind: str, parts: Sequence[bytes]) -> bytes:
    line = f"=_{kind}_{len(parts)}".encode()
    joined = b"".join(b"--" + line + b"\r\n" + part + b"\r\n" for part in parts)
    head = f'Content-Type: multipart/{kind};\r\n\tboundary="'.encode()
    return head + line + b'"\r\n\r\n' + joined + b"--" + line + b"--\r\n"


def _quoted(kind: str, data: bytes) -> bytes:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
    return head + quopri.encodestring(data).replace(b"\n", b"\r\n")


def _file(file: File) -> bytes:
    shown = "inline" if file.inline else "attachment"
    head = f'Content-Type: {file.kind}; name="{file.name}"\r\nContent-Transfer-Encoding: base64\r\n'
    head += f'Content-Disposition: {shown}; filename="{file.name}"\r\n'
    head += f"Content-ID: <{file.content_id}>\r\n" if file.content_id else ""
    return head.encode() + b"\r\n" + base64.encodebytes(file.data).replace(b"\n", b"\r\n")


PRODUCERS = {"library": by_library, "hand": by_hand}
