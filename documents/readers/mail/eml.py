"""E-mail as it is sent (.eml): headers, text and attachments; and web pages saved as such."""

import email
import email.charset
import email.generator
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.message import Message
from typing import BinaryIO

from documents.readers.common.refusal import Damaged
from documents.readers.common.source import Source
from documents.readers.mail import web_archive
from documents.readers.mail.headers import header
from documents.readers.mail.letter import Attachment, Letter, named, source_of
from documents.readers.mail.parts import taken

FACTS = ("From", "To", "Cc", "Date")
COUNTED = re.compile(
    rb"(\d{1,12})[ \t]*\r?\n(?=[\w-]+:)"
)  # bytes: Apple's program writes more behind
BROKEN = (ValueError, TypeError, LookupError, AttributeError, RecursionError, MessageError)


def parse(file: BinaryIO) -> Source:
    message = message_of(file.read())
    if web_archive.is_one(message):
        return web_archive.source_of(message)
    return source_of(letter_of(message))


def attachments(file: BinaryIO) -> Iterator[Attachment]:
    message = message_of(file.read())
    return iter(()) if web_archive.is_one(message) else named(letter_of(message))


def message_of(data: bytes) -> Message:
    """Raises Damaged."""
    if counted := COUNTED.match(data):
        data = data[counted.end() : counted.end() + int(counted[1])]
    try:
        return email.message_from_bytes(data)
    except BROKEN as error:
        raise Damaged from error


def letter_of(message: Message) -> Letter:
    """Raises Damaged."""
    try:
        facts = [(name, header(message, name)) for name in FACTS]
        body, attached, unread = taken(message)
        return Letter(header(message, "Subject"), facts, body, attached, unread)
    except BROKEN as error:
        raise Damaged from error
