"""Times of a calendar as a person would write them."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from documents.readers.text.content_lines import Line

STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:\d\d)?(Z?))?")
DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:\d+S)?)?"
)
PATH = re.compile(
    r"/.{1,200}/(?=[A-Z]\w+/[A-Z])"
)  # before a zone's name, as some programs write it
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
BY_DAY = re.compile(r"([+-]?\d{0,2})(MO|TU|WE|TH|FR|SA|SU)")
SHORT = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STEPS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year", "HOURLY": "hour"}
ORDINALS = {
    "1": "first ",
    "2": "second ",
    "3": "third ",
    "4": "fourth ",
    "5": "fifth ",
    "-1": "last ",
}


BORN = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:T.*)?")


class Moment(NamedTuple):
    at: datetime
    timed: bool  # or a whole day
    zone: str


def period(start: Line, end: Line | None = None, duration: str = "") -> str:
    first = _moment(start)
    if first is None:
        return ""
    return _from_to(first, _moment(end) if end else _after(first, duration))


def between(first: datetime, last: datetime | None, zone: str) -> str:
    return _from_to(Moment(first, True, zone), Moment(last, True, zone) if last else None)


def _from_to(first: Moment, last: Moment | None) -> str:
    if not first.timed:
        return _whole_days(first.at.date(), last)
    zone = f" ({first.zone})" if first.zone else ""
    told = f"{day(first.at)}, {first.at:%H:%M}"
    if last is None or not last.timed or last.at <= first.at:
        return told + zone
    if last.zone != first.zone:
        return f"{told}{zone} to {day(last.at)}, {last.at:%H:%M} ({last.zone})"
    same = last.at.date() == first.at.date()
    return f"{told} to {'' if same else f'{day(last.at)}, '}{last.at:%H:%M}{zone}"


def _whole_days(first: date, last: Moment | None) -> str:
    """The day that ends such a period is no more in it."""
    end = last.at.date() - timedelta(days=1) if last else first
    return f"{day(first)} to {day(end)}, all day" if end > first else f"{day(first)}, all day"


def day(at: date) -> str:
    return f"{DAYS[at.weekday()]}, {_plain_day(at)}"


def _plain_day(at: date) -> str:
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def birthday(value: str) -> str:
    """Of a card, which may leave the year out; as it is written where it is no date."""
    found = BORN.fullmatch(value.strip())
    if not found or not 1 <= int(found[2]) <= len(MONTHS):
        return value
    told = f"{int(found[3])} {MONTHS[int(found[2]) - 1]}"
    return told if found[1] == "--" else f"{told} {found[1]}"


def days(line: Line) -> Iterator[str]:
    for value in line.listed:
        if moment := _moment(line._replace(value=value)):
            yield _plain_day(moment.at)


def _moment(line: Line) -> Moment | None:
    found = STAMP.match(line.value.strip())
    if not found:
        return None
    year, month, of_month, hour, minute, universal = found.groups()
    try:
        at = datetime(int(year), int(month), int(of_month), int(hour or 0), int(minute or 0))
    except ValueError:
        return None
    zone = "UTC" if universal else PATH.sub("", line.parameters.get("TZID", ""))
    return Moment(at, hour is not None, zone)


def _after(first: Moment, duration: str) -> Moment | None:
    found = DURATION.fullmatch(duration.strip())
    if not found:
        return None
    weeks, of_days, hours, minutes = (int(part or 0) for part in found.groups())
    length = timedelta(weeks=weeks, days=of_days, hours=hours, minutes=minutes)
    try:
        return first._replace(at=first.at + length)
    except OverflowError:
        return None


def repeats(rule: str) -> str:
    """As "every 2 weeks on Monday until 3 March 2027"."""
    facts = dict(part.upper().split("=", 1) for part in rule.strip().split(";") if "=" in part)
    step = STEPS.get(facts.get("FREQ", ""))
    if step is None:
        return ""
    often = facts.get("INTERVAL", "1")
    told = f"every {step}" if often == "1" else f"every {often} {step}s"
    if named := [_named(*found) for found in BY_DAY.findall(facts.get("BYDAY", ""))]:
        told += f" on {' and '.join(filter(None, [', '.join(named[:-1]), named[-1]]))}"
    elif on := facts.get("BYMONTHDAY"):
        told += f" on day {on.replace(',', ', ')}"
    if until := STAMP.match(facts.get("UNTIL", "")):
        told += _until(until)
    elif count := facts.get("COUNT"):
        told += f", {count} times"
    return told


def _named(which: str, short: str) -> str:
    ordinal = ORDINALS.get(which.removeprefix("+"), "")
    return f"{'the ' if ordinal else ''}{ordinal}{DAYS[SHORT.index(short)]}"


def _until(found: re.Match[str]) -> str:
    try:
        return f" until {_plain_day(date(int(found[1]), int(found[2]), int(found[3])))}"
    except ValueError:
        return ""
