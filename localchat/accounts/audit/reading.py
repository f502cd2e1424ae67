"""The log as it is read: filtered, a page at a time, and whole as CSV or JSON."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from localchat.accounts.audit.models import Act, Entry

PAGE = 100  # entries
FIELDS = ("number", "at", "user_id", "user_name", "address", "act", "kind", "row")


class Wish(NamedTuple):
    """Which entries are wanted; what makes no sense is left out."""

    who: str = ""
    act: str = ""
    since: str = ""  # a day, as 2026-11-30
    until: str = ""  # that day included
    before: int | None = None  # the number of the last entry that was seen

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        before = query.get("before", "")
        is_number = before.isascii() and before.isdigit() and len(before) < 19
        return cls(
            who=query.get("who", "").replace("\0", "")[:150],
            act=query.get("act", "") if query.get("act") in Act.values else "",
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
            before=int(before) if is_number else None,
        )

    def entries(self) -> QuerySet[Entry]:
        """The newest first."""
        found = Entry.objects.all()
        if self.who:
            found = found.filter(user_name=self.who)
        if self.act:
            found = found.filter(act=self.act)
        if self.since:
            found = found.filter(at__date__gte=self.since)
        if self.until:
            found = found.filter(at__date__lte=self.until)
        return found if self.before is None else found.filter(pk__lt=self.before)


def _day(text: str) -> str:
    try:
        return text if len(text) == 10 and parse_date(text) else ""
    except ValueError:
        return ""


def as_csv(entries: QuerySet[Entry]) -> Iterator[str]:
    """A line of names, then a line an entry."""
    writer = csv.writer(_Lines())
    yield writer.writerow(FIELDS)
    for entry in entries.iterator():
        yield writer.writerow([_cell(value) for value in _facts(entry).values()])


def as_json(entries: QuerySet[Entry]) -> Iterator[str]:
    """One list of objects, an object a line."""
    between = "["
    for entry in entries.iterator():
        yield between + "\n" + json.dumps(_facts(entry))
        between = ","
    yield "\n]\n" if between == "," else "[]\n"


class _Lines:
    """A file for the csv module that gives back what is written."""

    def write(self, line: str) -> str:
        return line


def _facts(entry: Entry) -> dict[str, Any]:
    values = (
        entry.pk,
        _in_utc(entry.at),
        entry.user_id,
        entry.user_name,
        entry.address,
        entry.act,
        entry.kind,
        entry.number,
    )
    return dict(zip(FIELDS, values, strict=True))


def _in_utc(at: datetime) -> str:
    return timezone.localtime(at, timezone.get_default_timezone()).isoformat()


def _cell(value: object) -> object:
    """An account may be called as spreadsheets begin a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"+", "-", "@", "="} else value
