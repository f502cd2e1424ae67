"""E-mail as it is sent (.eml): headers, text and attachments."""

import email
import email.charset
import email.generator
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from typing import BinaryIO

from documents.readers.common.encoding import decode
from documents.readers.common.refusal import Damaged, NotText
from documents.readers.common.source import Source
from documents.readers.mail.letter import Attachment, Letter, named, source_of
from documents.readers.text import html

FACTS = ("From", "To", "Cc", "Date")
PLAIN, HTML, MESSAGE = "text/plain", "text/html", "message/rfc822"


def parse(file: BinaryIO) -> Source:
    return source_of(_letter(file))


def attachments(file: BinaryIO) -> Iterator[Attachment]:
    return named(_letter(file))


def _letter(file: BinaryIO) -> Letter:
    try:
        message = email.message_from_bytes(file.read())
        parts = list(_parts(message))
        facts = [(name, _header(message, name)) for name in FACTS]
        subject = _header(message, "Subject")
        body = "\n\n".join(_words(part) for part in parts if _is_body(part))
        attachments = [_attachment(part) for part in parts if not _is_body(part)]
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        RecursionError,
        MessageError,
    ) as error:
        raise Damaged from error
    wanted = [attached for attached in attachments if attached.data]
    return Letter(subject, facts, body, wanted)


def _parts(message: Message) -> Iterator[Message]:
    """The parts that have contents; HTML only where it says what plain text does not."""
    if message.get_content_type() == MESSAGE or not message.is_multipart():
        yield message
        return
    children = [part for part in message.get_payload() if isinstance(part, Message)]
    plain = message.get_content_type() == "multipart/alternative" and any(
        part.get_content_type() == PLAIN and _words(part).strip() for part in children
    )
    for child in children:
        for part in _parts(child):
            if not (plain and part.get_content_type() == HTML and _is_body(part)):
                yield part


def _is_body(part: Message) -> bool:
    wanted = part.get_content_type() in {PLAIN, HTML}
    return wanted and part.get_content_disposition() != "attachment" and not part.get_filename()


def _words(part: Message) -> str:
    data = _payload(part)
    try:
        text = decode(data, part.get_content_charset() or "")
    except NotText:
        return ""
    return html.page_of(text)[1].text if part.get_content_type() == HTML else text


def _payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _attachment(part: Message) -> Attachment:
    """Without data where it is a picture that stands in the text, as logos do."""
    kind = part.get_content_type()
    if kind == MESSAGE and part.is_multipart():
        inner = part.get_payload(0)
        assert isinstance(inner, Message)
        return Attachment(f"{_header(inner, 'Subject') or 'message'}.eml", bytes(inner))
    inline = part.get_content_maintype() == "image" and part.get("Content-ID")
    name = _decoded(part.get_filename() or "") or kind
    return Attachment(name, b"" if inline else _payload(part))


def _header(message: Message, name: str) -> str:
    found = (value for key, value in message.raw_items() if key.lower() == name.lower())
    return _decoded(str(next(found, "")))


def _decoded(value: str) -> str:
    """Encoded words as what they mean; bytes that nobody declared by what they look like."""
    if any("\udc80" <= letter <= "\udcff" for letter in value):
        value = decode(value.encode("utf-8", "surrogateescape"))
    try:
        parts = decode_header(value)
    except MessageError:
        return value
    text = ""
    for part, charset in parts:
        if isinstance(part, str):
            text += part
            continue
        try:
            text += part.decode(charset or "utf-8", "replace")
        except LookupError:
            text += part.decode("latin-1")
    return text
