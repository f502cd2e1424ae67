"""Calendars and invitations (.ics): each appointment as a person would write it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from documents.readers.common.blocks import Block, first_title, page_of
from documents.readers.common.refusal import Empty
from documents.readers.common.source import Source
from documents.readers.text import calendar_times as times
from documents.readers.text.content_lines import Line, lines_of
from documents.readers.text.plain import text_of as plain_text_of
from documents.readers.web_page import html

KINDS = {"VEVENT", "VTODO", "VJOURNAL"}
WORDS = (
    ("LOCATION", "Where"),
    ("ORGANIZER", "Organiser"),
    ("ATTENDEE", "Attendees"),
    ("STATUS", "Status"),
    ("PRIORITY", "Priority"),
    ("CATEGORIES", "Categories"),
    ("DESCRIPTION", ""),
    ("COMMENT", "Comment"),
    ("URL", "Address"),
    ("CONFERENCE", "Meeting"),
    ("X-GOOGLE-CONFERENCE", "Meeting"),
)
MARKUP = re.compile(r"<(?:br|p|div|span|ul|b|a)\b[^<>]*>", re.IGNORECASE)
PEOPLE = {"ORGANIZER", "ATTENDEE"}
ANSWERS = {
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "tentative",
    "DELEGATED": "delegated",
}
NOT_TOLD = {"STATUS": {"CONFIRMED"}, "PRIORITY": {"0"}}


class Entry(NamedTuple):
    kind: str
    lines: list[Line]

    def first(self, name: str) -> Line | None:
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Line]:
        return (line for line in self.lines if line.name == name)


def parse(file: BinaryIO) -> Source:
    blocks = list(_blocks(plain_text_of(file.read())))
    if not blocks:
        raise Empty
    page = page_of(None, blocks)
    titles = [heading for heading in page.headings if heading.level == 1]
    return Source(first_title(titles) if len(titles) == 1 else "", 1, [page])


def text_of(text: str) -> str:
    """A line for each fact."""
    return "\n".join(block for block, _ in _blocks(text.replace("\r\n", "\n")))


def _blocks(text: str) -> Iterator[Block]:
    lines = list(lines_of(text))
    cancelled = any(line.name == "METHOD" and line.value.upper() == "CANCEL" for line in lines)
    for entry in _entries(lines):
        yield _title(entry, cancelled), 1
        yield from ((line, 0) for line in _facts(entry))
        yield "", 0


def _entries(lines: Iterable[Line]) -> Iterator[Entry]:
    """The appointments and tasks, without the alarms that are inside of them."""
    entry: Entry | None = None
    inner = ""
    for line in lines:
        kind = line.value.strip().upper()
        if line.name == "BEGIN" and entry is None:
            entry = Entry(kind, []) if kind in KINDS else None
        elif entry is None:
            continue
        elif line.name == "BEGIN":
            inner = inner or kind
        elif line.name == "END" and kind == (inner or entry.kind):
            if not inner:
                yield entry
            entry, inner = entry if inner else None, ""
        elif not inner:
            entry.lines.append(line)


def _title(entry: Entry, cancelled: bool) -> str:
    summary = entry.first("SUMMARY")
    title = " ".join(summary.text.split()) if summary else ""
    title = title or ("Task" if entry.kind == "VTODO" else "Appointment")
    return f"Cancelled: {title}" if cancelled else title


def _facts(entry: Entry) -> Iterator[str]:
    start, end = entry.first("DTSTART"), entry.first("DTEND")
    duration = entry.first("DURATION")
    if start and (when := times.period(start, end, duration.value if duration else "")):
        yield f"When: {when}"
    if (due := entry.first("DUE")) and (when := times.period(due)):
        yield f"Due: {when}"
    if (rule := entry.first("RRULE")) and (repeats := times.repeats(rule.value)):
        yield f"Repeats: {repeats}"
    if without := [day for line in entry.all("EXDATE") for day in times.days(line)]:
        yield f"Not on: {', '.join(without)}"
    for name, label in WORDS:
        if told := _joined(name, list(entry.all(name))):
            yield f"{label}: {told}" if label else told


def _joined(name: str, lines: Sequence[Line]) -> str:
    if name in PEOPLE:
        return ", ".join(filter(None, map(_person, lines)))
    texts = [_without_markup(line.text.strip()) for line in lines]
    wanted = [text for text in texts if text and text.upper() not in NOT_TOLD.get(name, ())]
    return ", ".join(text.lower() if name == "STATUS" else text for text in wanted)


def _without_markup(text: str) -> str:
    """Some programs write descriptions in HTML."""
    return html.page_of(text)[1].text.strip() if MARKUP.search(text) else text


def _person(line: Line) -> str:
    address = line.value.strip()
    address = address[7:] if address.lower().startswith("mailto:") else ""
    name = line.parameters.get("CN", "").strip()
    told = f"{name} <{address}>" if name and address and name != address else name or address
    answer = ANSWERS.get(line.parameters.get("PARTSTAT", "").upper())
    return f"{told} ({answer})" if told and answer else told
