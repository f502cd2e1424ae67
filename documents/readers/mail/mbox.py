"""Archives of messages in one file (.mbox): each message is a page."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from documents.readers.common.refusal import Damaged, Empty
from documents.readers.common.source import Source
from documents.readers.mail.eml import letter_of, message_of
from documents.readers.mail.letter import Attachment, Letter, is_empty, named, page_of
from documents.readers.mail.quotes import Quotes
from documents.readers.page import Page

# Behind an empty line: who sent it, and the year somewhere after the time.
BETWEEN = re.compile(rb"From (?>.*?\d\d:\d\d).*?\d{4}|From - |From \S[^\s@]*+@\S++ ")
HEAD_BYTES = 20_000
# Deleted, but for the file's next clean-up; or what a mail server notes for itself.
GONE = re.compile(
    rb"^X-Mozilla-Status: [0-9a-f]{3}[89a-f]\b|^Subject: DON'T DELETE THIS MESSAGE",
    re.IGNORECASE | re.MULTILINE,
)
GUARDED = re.compile(rb">+From ")  # a line of a message that would be taken for one


def parse(file: BinaryIO) -> Source:
    total = sum(1 for _ in _messages(file))
    if not total:
        raise Empty
    file.seek(0)
    return Source("", total, _pages(file))


def attachments(file: BinaryIO) -> Iterator[Attachment]:
    for letter in _letters(file):
        yield from named(letter)


def _pages(file: BinaryIO) -> Iterator[Page]:
    quotes, empty = Quotes(), True
    for number, letter in enumerate(_letters(file), start=1):
        if is_empty(letter):
            yield Page(number, "", [])
        else:
            empty = False
            yield page_of(letter, number, quotes)
    if empty:
        raise Empty


def _letters(file: BinaryIO) -> Iterator[Letter]:
    for data in _messages(file):
        try:
            yield letter_of(message_of(data))
        except Damaged:  # one bad message never costs the others
            yield Letter("", (), "", ())


def _messages(file: BinaryIO) -> Iterator[bytes]:
    for data in _stored(file):
        head = re.split(rb"\r?\n\r?\n", data[:HEAD_BYTES], maxsplit=1)[0]
        if not GONE.search(head):
            yield data


def _stored(file: BinaryIO) -> Iterator[bytes]:
    lines: list[bytes] = []
    begun, blank = False, True
    for line in file:
        if blank and BETWEEN.match(line):
            if begun:
                yield b"".join(lines)
            begun, lines = True, []
        elif begun:
            lines.append(line[1:] if GUARDED.match(line) else line)
        blank = not line.strip()
    if begun:
        yield b"".join(lines)
