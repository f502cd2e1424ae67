"""Messages, however they were stored: the message is a page, its attachments are files."""

import email.generator
import email.policy
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from typing import NamedTuple

from documents.readers.common.refusal import Damaged, Empty
from documents.readers.common.source import Source
from documents.readers.common.tidy import clean, one_line
from documents.readers.mail.quotes import Quotes
from documents.readers.page import Heading, Page

ATTACHMENTS = 200
# What advertisers put behind a first line, so that no mail program shows the next one.
FILLERS = "\u00ad\u034f\u061c\u180e\u2007\u200b\u200c\u200d\u200e\u200f\u2800\ufeff"
FILLING = re.compile(f"(?:[{FILLERS}][ \u00a0\t]*){{5,}}")


class Attachment(NamedTuple):
    name: str
    data: bytes


class Letter(NamedTuple):
    subject: str
    facts: Sequence[tuple[str, str]]  # From, To, Date: label and value
    body: str
    attachments: Sequence[Attachment]
    unread: tuple[str, ...] = ()


def source_of(letter: Letter) -> Source:
    """The message alone: its attachments are documents of their own. Raises Empty."""
    if is_empty(letter):
        raise Empty
    return Source(one_line(letter.subject), 1, [page_of(letter, 1, Quotes())])


def is_empty(letter: Letter) -> bool:
    return not (one_line(letter.subject) or letter.body.strip() or letter.attachments)


def named(letter: Letter) -> Iterator[Attachment]:
    """The attachments as they are sent, the first of them, with names of one line."""
    for attached in letter.attachments[:ATTACHMENTS]:
        name = one_line(attached.name.replace("\\", "/").rpartition("/")[2])
        yield Attachment(name or "attachment", attached.data)


def page_of(letter: Letter, number: int, quotes: Quotes) -> Page:
    """Without what it quotes of letters that `quotes` has seen."""
    subject = one_line(letter.subject)
    facts = ((label, one_line(value)) for label, value in letter.facts)
    lines = [subject, *(f"{label}: {value}" for label, value in facts if value)]
    lines += [f"Attachment: {one_line(attached.name)}" for attached in letter.attachments]
    head = clean("\n".join(filter(None, lines)) + "\n\n")
    body = letter.body
    if any(filler in body for filler in FILLERS):
        body = FILLING.sub("", body)
    body, headings = quotes.once(clean(body).strip())
    above = [Heading(0, 1, subject)] if subject else []
    below = [heading._replace(start=heading.start + len(head)) for heading in headings]
    return Page(number, f"{head}{body}\n", above + below, unread=letter.unread)


def as_sent(letter: Letter) -> Attachment:
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
