"""Messages, however they were stored: the message is the first page, each attachment one more."""

import importlib
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from documents.readers import Heading, Page, kinds
from documents.readers.errors import Unreadable
from documents.readers.refusal import Empty, Refusal
from documents.readers.source import Reader, Source
from documents.readers.tidy import clean

ATTACHMENTS = 200
BETWEEN = "\n"
ALONE = "Upload it as a file of its own to have its pictures recognised."


class Attachment(NamedTuple):
    name: str
    data: bytes


class Letter(NamedTuple):
    subject: str
    facts: Sequence[tuple[str, str]]  # From, To, Date: label and value
    body: str
    attachments: Sequence[Attachment]


def source_of(letter: Letter) -> Source:
    """Raises Empty."""
    subject = _one_line(letter.subject)
    if not (subject or letter.body.strip() or letter.attachments):
        raise Empty
    attachments = letter.attachments[:ATTACHMENTS]
    first = _message(subject, letter)
    more = (_attached(number, each) for number, each in enumerate(attachments, start=2))
    return Source(subject, 1 + len(attachments), _in_order(first, more))


def _in_order(first: Page, more: Iterable[Page]) -> Iterator[Page]:
    yield first
    yield from more


def _message(subject: str, letter: Letter) -> Page:
    facts = ((label, _one_line(value)) for label, value in letter.facts)
    lines = [subject, *(f"{label}: {value}" for label, value in facts if value)]
    lines += [f"Attachment: {_one_line(attached.name)}" for attached in letter.attachments]
    text = clean("\n".join(filter(None, lines)) + f"\n\n{letter.body.strip()}\n")
    return Page(1, text, [Heading(0, 1, subject)] if subject else [])


def _attached(number: int, attachment: Attachment) -> Page:
    """All of the attachment's pages as one, under its name, or why there is nothing of it."""
    name = _one_line(attachment.name)
    text, headings = f"{name}\n\n", [Heading(0, 1, name)]
    start = text
    try:
        for page in _pages(attachment):
            headings += [
                Heading(len(text) + found.start, found.level + 1, found.text)
                for found in page.headings
            ]
            text += page.text + BETWEEN
        if text.strip() == start.strip():
            text += f"No text could be read from this attachment. {ALONE}\n"
    except (Refusal, Unreadable) as error:
        text += f"{error}\n"
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        text += "This attachment could not be read.\n"
    return Page(number, text, headings)


def _pages(attachment: Attachment) -> Iterator[Page]:
    kind = kinds.kind_of(attachment.data[:65_536], attachment.name)
    if kind == "picture":
        raise Refusal(f"This is a picture. {ALONE}")
    # Imported long ago, before the cage closed; named here it would be a circle.
    reader: Reader = importlib.import_module(kinds.FORMATS[kind])
    yield from reader.read(io.BytesIO(attachment.data)).pages


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())[:300]
