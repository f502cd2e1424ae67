"""The parts of a message as it is sent: which are its words, which are files beside them."""

import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import Message
from typing import NamedTuple

from documents.readers.common.encoding import decode
from documents.readers.common.refusal import Damaged, Refusal
from documents.readers.mail import alternatives, signed, tnef
from documents.readers.mail.headers import file_name, header, payload, words
from documents.readers.mail.letter import Attachment, Letter, as_sent, is_empty
from documents.readers.text import calendar
from documents.readers.web_page import html

PLAIN, HTML, CALENDAR, MESSAGE = "text/plain", "text/html", "text/calendar", "message/rfc822"
BODIES = {PLAIN, HTML}
CALENDARS = {CALENDAR, "application/ics"}
OUTLOOK = "application/ms-tnef"
TNEF = {OUTLOOK, "application/vnd.ms-tnef"}
SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
SIGNATURES = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}
UNREAD, FILE = "", "application/octet-stream"  # what stands for a part that nobody can read
ENCRYPTED = "encrypted message"
CUT_OFF = re.compile(r"ATT\d+\.(?:txt|html?)", re.IGNORECASE)  # words that Exchange makes files of
SHOWN = re.compile(r"""(?:\bcid:|<img\b[^<>]*?\ssrc=["']?(?:cid:)?)([^"'\s>)]+)""", re.IGNORECASE)
NAMES = ("Content-ID", "Content-Location")
IMAGE = "image/*"
LOGO_BYTES = 20_000  # a picture in the text that is larger may have words of its own
HEADER = re.compile(rb"^(?:content-type|mime-version):", re.IGNORECASE | re.MULTILINE)
DEEP = 20


class Part(NamedTuple):
    kind: str  # PLAIN, HTML, CALENDAR, OUTLOOK or UNREAD; anything else is a file
    text: str = ""
    data: bytes = b""
    name: str = ""
    ids: tuple[str, ...] = ()  # by which the text shows it
    markup: str = ""
    in_text: bool = False  # a picture that the text shows by other means


class Taken(NamedTuple):
    body: str
    attachments: list[Attachment]
    unread: tuple[str, ...]


def taken(message: Message) -> Taken:
    """The words of the message, and the files that are no part of how these look."""
    return sorted_out(list(_parts(message)))


def sorted_out(parts: Sequence[Part]) -> Taken:
    shown = {found for part in parts for found in SHOWN.findall(part.markup)}
    told = {part.text for part in parts if part.kind == CALENDAR and part.text}
    unread = [part.name for part in parts if part.kind == UNREAD]
    files: list[Attachment] = []
    for part in parts:
        if not part.data or (told and _appointments(part) in told):
            continue
        if part.kind.startswith("image/") and (part.in_text or not shown.isdisjoint(part.ids)):
            unread += ["picture"] if len(part.data) > LOGO_BYTES else []
        else:
            files.append(Attachment(part.name or part.kind, part.data))
    return Taken(_body(parts), files, tuple(unread))


def _body(parts: Sequence[Part]) -> str:
    bodies = (part.text.strip() for part in parts if part.kind in {*BODIES, CALENDAR})
    words = "\n\n".join(dict.fromkeys(filter(None, bodies)))
    for part in parts:
        if part.kind == OUTLOOK and alternatives.says_more(part.text, words):
            words = f"{words}\n\n{part.text.strip()}".strip()
    return words


def _parts(message: Message, deep: int = 0, one_of: bool = False) -> Iterator[Part]:
    kind = message.get_content_type()
    if deep > DEEP:
        return
    if kind == MESSAGE or not message.is_multipart():
        yield from _leaf(message, kind, deep, one_of)
        return
    children = [part for part in message.get_payload() if isinstance(part, Message)]
    choice = kind == "multipart/alternative"
    if kind == "multipart/encrypted":
        yield Part(UNREAD, name=ENCRYPTED)
        return
    found = [list(_parts(child, deep + 1, choice)) for child in children]
    yield from _chosen(found) if choice else (part for parts in found for part in parts)


def _chosen(found: Sequence[Sequence[Part]]) -> Iterator[Part]:
    """Of several ways to say the same: the words once, the rest as it is."""
    parts = [part for each in found for part in each]
    plain = "\n\n".join(part.text for part in parts if part.kind == PLAIN)
    rich = "\n\n".join(part.text for part in parts if part.kind == HTML)
    yield Part(PLAIN, alternatives.merged(plain, rich), markup="".join(p.markup for p in parts))
    for part in parts:
        # Without a name it is a third way to say it, for programs of one maker.
        if part.kind not in BODIES and (
            part.name or not part.kind.startswith("text/") or part.text
        ):
            yield part


def _leaf(message: Message, kind: str, deep: int, one_of: bool) -> Iterator[Part]:
    name = file_name(message)
    if kind == MESSAGE and message.is_multipart():
        inner = message.get_payload(0)
        assert isinstance(inner, Message)
        yield Part(MESSAGE, data=bytes(inner), name=f"{header(inner, 'Subject') or 'message'}.eml")
        return
    attached = message.get_content_disposition() == "attachment"
    if not attached and kind in BODIES and (one_of or not name or CUT_OFF.fullmatch(name)):
        markup = words(message)
        text = html.page_of(markup)[1].text if kind == HTML else signed.bare(markup)
        yield Part(kind, text, markup=markup if kind == HTML else "")
        return
    known_by = (str(message.get(each) or "").strip("<> \t") for each in NAMES)
    part = Part(kind, "", payload(message), name, tuple(filter(None, known_by)))
    if kind in CALENDARS and (one_of or not attached) and (text := _appointments(part)):
        yield Part(CALENDAR, text)
    else:
        yield from opened(part, deep)


def opened(part: Part, deep: int = 0) -> Iterator[Part]:
    """A file, or what is inside of it where it is only the wrapping."""
    ending = part.name.lower()[-4:]
    if part.kind in SEALED or ending == ".p7m":
        yield from _unsealed(part, deep)
    elif part.kind in TNEF or part.name.lower() == "winmail.dat":
        yield from _unpacked(part.data)
    elif part.kind in SIGNATURES or ending == ".p7s":
        return
    else:
        yield part


def _unsealed(part: Part, deep: int) -> Iterator[Part]:
    """What is inside of a signature: a message, or the one file that its name names."""
    stem = part.name[:-4] if part.name.lower().endswith(".p7m") else ""
    inside = signed.content_of(part.data)
    if inside is None and HEADER.match(part.data.lstrip()):
        inside = part.data  # as Outlook keeps a message whose signature stands beside it
    if inside is None:
        yield Part(UNREAD, name=ENCRYPTED)
    elif "." in stem:
        yield Part(FILE, data=inside, name=stem)
    else:
        yield from _parts(message_from_bytes(inside), deep + 1)


def _unpacked(data: bytes) -> Iterator[Part]:
    """What Outlook packed, which often is said beside it too."""
    try:
        packed = tnef.unpacked(data)
    except Damaged:
        yield Part(UNREAD, name="file of Outlook")
        return
    yield from _packed(packed)


def packed_letter(packed: tnef.Packed) -> Letter:
    return Letter(packed.subject, (), *sorted_out(list(_packed(packed))))


def _packed(packed: tnef.Packed) -> Iterator[Part]:
    yield Part(OUTLOOK, packed.body, markup=packed.markup)
    for file in packed.files:
        if file.message:
            letter = packed_letter(file.message)
            name, data = as_sent(letter)
            yield (
                Part(UNREAD, name="item of Outlook")
                if is_empty(letter)
                else Part(MESSAGE, "", data, name)
            )
        else:
            kind = file.kind.lower() or (IMAGE if file.in_text else FILE)
            ids = (file.content_id,) if file.content_id else ()
            yield Part(kind, "", file.data, file.name or "attachment", ids, in_text=file.in_text)


def _appointments(part: Part) -> str:
    """What a part says as a calendar; nothing where it is none."""
    if part.kind not in CALENDARS and not part.name.lower().endswith(".ics"):
        return ""
    try:
        return calendar.text_of(decode(part.data)).strip()
    except Refusal:
        return ""
