"""Times that are told from today: `last year`, `the last 30 days`, `letzten Monat`."""

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from documents.tables.vocabulary import NUMBER_WORDS

_THIS = {"this", "current", "dieses", "diesem", "diesen", "diese", "dieser", "aktuellen"}
_LAST = {"last", "previous", "past", "letztes", "letzten", "letztem", "letzte", "letzter"}
_LAST |= {"vergangenes", "vergangenen", "vergangene", "voriges", "vorigen", "vorige"}
_UNITS = {
    "day": "day", "days": "day", "tag": "day", "tage": "day", "tagen": "day",
    "week": "week", "weeks": "week", "woche": "week", "wochen": "week",
    "month": "month", "months": "month", "monat": "month", "monats": "month",
    "monate": "month", "monaten": "month",
    "quarter": "quarter", "quartal": "quarter", "quartals": "quarter",
    "year": "year", "years": "year", "jahr": "year", "jahres": "year", "jahre": "year",
    "jahren": "year",
}  # fmt: skip
_DAYS = {"today": 0, "heute": 0, "yesterday": 1, "gestern": 1}
LONGEST = 3  # words
MOST = 1_000  # days, weeks, months or years


def period(words: Sequence[str]) -> str:
    """As the grammar writes it; empty when the folded words tell none."""
    today = timezone.localdate()
    if len(words) == 1 and words[0] in _DAYS:
        return f"{today - timedelta(days=_DAYS[words[0]])}"
    unit = _UNITS.get(words[-1], "")
    if not unit or words[0] not in _THIS | _LAST:
        return ""
    if len(words) == 2:
        return _named(unit, today, back=words[0] in _LAST)
    if len(words) == LONGEST and words[0] in _LAST and (count := _count(words[1])):
        return _until(today, unit, count)
    return ""


def _count(word: str) -> int:
    if re.fullmatch(r"\d{1,4}", word):
        return int(word) if int(word) <= MOST else 0
    return NUMBER_WORDS.get(word, 0)


def _named(unit: str, today: date, *, back: bool) -> str:
    """A whole year, quarter, month or week, of the calendar."""
    if unit == "year":
        return f"{today.year - back}"
    if unit == "day":
        return f"{today - timedelta(days=back)}"
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return f"{monday}/{monday + timedelta(days=6)}"
    months = today.year * 12 + today.month - 1
    if unit == "month":
        year, month = divmod(months - back, 12)
        return f"{year}-{month + 1:02}"
    year, quarter = divmod(months // 3 - back, 4)
    return f"{year}-Q{quarter + 1}"


def _until(today: date, unit: str, count: int) -> str:
    """So much time up to this day, which counts too."""
    if unit in {"day", "week"}:
        start = today - timedelta(days=count * (7 if unit == "week" else 1) - 1)
        return f"{start}/{today}"
    months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    if year < 1:
        return ""
    day = min(today.day, calendar.monthrange(year, month + 1)[1])
    return f"{date(year, month + 1, day) + timedelta(days=1)}/{today}"
