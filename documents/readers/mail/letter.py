"""Messages, however they were stored: the message is a page, its attachments are files."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from documents.readers.common.refusal import Empty
from documents.readers.common.source import Source
from documents.readers.common.tidy import clean, one_line
from documents.readers.page import Heading, Page

ATTACHMENTS = 200


class Attachment(NamedTuple):
    name: str
    data: bytes


class Letter(NamedTuple):
    subject: str
    facts: Sequence[tuple[str, str]]  # From, To, Date: label and value
    body: str
    attachments: Sequence[Attachment]


def source_of(letter: Letter) -> Source:
    """The message alone: its attachments are documents of their own. Raises Empty."""
    subject = one_line(letter.subject)
    if not (subject or letter.body.strip() or letter.attachments):
        raise Empty
    return Source(subject, 1, [_message(subject, letter)])


def named(letter: Letter) -> Iterator[Attachment]:
    """The attachments as they are sent, the first of them, with names of one line."""
    for attached in letter.attachments[:ATTACHMENTS]:
        name = one_line(attached.name.replace("\\", "/").rpartition("/")[2])
        yield Attachment(name or "attachment", attached.data)


def _message(subject: str, letter: Letter) -> Page:
    facts = ((label, one_line(value)) for label, value in letter.facts)
    lines = [subject, *(f"{label}: {value}" for label, value in facts if value)]
    lines += [f"Attachment: {one_line(attached.name)}" for attached in letter.attachments]
    text = clean("\n".join(filter(None, lines)) + f"\n\n{letter.body.strip()}\n")
    return Page(1, text, [Heading(0, 1, subject)] if subject else [])
