"""Cells that say how long something took: 1:30, 26:05:00, -0:45."""

import re
from collections.abc import Sequence
from decimal import Decimal

SHORT, LONG = "0:00", "0:00:00"  # how they are written, in the place of a unit
UNITS = {SHORT, LONG}
DAY = 24  # hours; no time of day has more
_SPAN = re.compile(r"([-\u2212]?)(\d{1,6}):([0-5]\d)(?::([0-5]\d))?")
# Without such a name, 9:15 may as well be a time of day.
_NAMED = re.compile(
    r"\b(?:hours?|minutes?|durations?|elapsed|overtime|worked|spent|(?:run(?:ning)?|play(?:ing)?|driving"
    r"|travel|working|flight) ?times?|\w*(?:dauer|stunden|arbeitszeit|fahrzeit|laufzeit|spielzeit)"
    r"|dur\u00e9e|heures|duraci\u00f3n|horas|durata|duur|uren)\b",
    re.IGNORECASE,
)


def amount(cell: str, unit: str = LONG) -> Decimal | None:
    """In the smallest part that is written: minutes of hours, or seconds; with LONG always these."""
    found = _SPAN.fullmatch(cell)
    if not found:
        return None
    sign, first, second, third = found.groups()
    parts = 60 * int(first) + int(second)
    if third or unit == LONG:
        parts = 60 * parts + int(third or 0)
    return Decimal(-parts if sign else parts)


def unit_of(name: str, cells: Sequence[str], enough: float) -> str:
    """How the cells of a column of that name are written; nothing where they are no durations."""
    found = [span for cell in cells if (span := _SPAN.fullmatch(cell))]
    if not found or len(found) < enough * len(cells):
        return ""
    if not _NAMED.search(name) and not any(span[1] or int(span[2]) >= DAY for span in found):
        return ""
    return LONG if any(span[4] for span in found) else SHORT


def text(value: Decimal, unit: str) -> str:
    """As such cells are written; parts of the smallest one are rounded."""
    whole = round(abs(value))
    sign = "-" if value < 0 and whole else ""
    first, last = divmod(whole, 60)
    if unit == SHORT:
        return f"{sign}{first}:{last:02}"
    return f"{sign}{first // 60}:{first % 60:02}:{last:02}"
