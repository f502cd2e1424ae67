"""Headers and contents of a part of a message, whatever was declared of them."""

import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message

from documents.readers.common.encoding import decode
from documents.readers.common.refusal import NotText

MARKS = re.compile(r">*")


def header(message: Message, name: str) -> str:
    found = (value for key, value in message.raw_items() if key.lower() == name.lower())
    return decoded(str(next(found, "")))


def file_name(message: Message) -> str:
    return decoded(message.get_filename() or "")


def decoded(value: str) -> str:
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


def payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def words(part: Message) -> str:
    """The text of a part; nothing where its bytes are none."""
    try:
        text = decode(payload(part), part.get_content_charset() or "")
    except NotText:
        return ""
    if str(part.get_param("format", "")).lower() == "flowed":
        return _joined(text, str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _joined(text: str, drop_blank: bool) -> str:
    """Lines that end in a blank go on in the next one (RFC 3676)."""
    lines: list[str] = []
    before = -1  # how deep the line is quoted that goes on
    for line in text.splitlines():
        marks = MARKS.match(line)
        depth = marks.end() if marks else 0
        words = line[depth:].removeprefix(" ")
        goes_on = words.endswith(" ") and words != "-- "
        shown = words[:-1] if goes_on and drop_blank else words
        if depth == before:
            lines[-1] += shown
        else:
            lines.append(f"{'>' * depth} {shown}" if depth else shown)
        before = depth if goes_on else -1
    return "\n".join(lines)
