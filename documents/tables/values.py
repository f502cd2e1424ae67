"""Cells as people write them: numbers, dates and their forms, guessed for a column as a whole."""

import calendar
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from documents.readers.sheets import currencies
from documents.tables import durations
from documents.text.month_names import months

Value = Decimal | datetime | str

ENOUGH = 0.8  # of a column's cells must be read for it to be of a kind
LOOK_CELLS = 2_000  # from which the kind is guessed
MISSING = {
    "-",
    "--",
    "\u2013",
    "\u2014",
    ".",
    "?",
    "n/a",
    "n.a.",
    "#n/a",
    "null",
    "nan",
    "k.a.",
    "k. a.",
}
_GAP = "'\u2019\u00a0\u202f\u2009 "  # between thousands, in Switzerland and elsewhere
_UNITS = re.compile(rf"(?P<unit>[%‰]|{currencies.SIGN})", re.IGNORECASE)
_PLAIN = {
    ".": re.compile(rf"\d{{1,3}}(?:[,{_GAP}]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+"),
    ",": re.compile(rf"\d{{1,3}}(?:[.{_GAP}]\d{{3}})+(?:,\d+)?|\d+(?:,\d*)?|,\d+"),
}
_POWER = re.compile(r"[+-]?\d+(?:\.\d+)?e[+-]?\d{1,3}", re.IGNORECASE)
_CODE = re.compile(r"0\d+")
_TIME = r"(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?: ?Z|[+-]\d\d:?\d\d)?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.]) ?(\d{{1,2}})\2 ?(\d{{4}}|\d\d){_TIME}")
_NAMED = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th|\.)?[ -](?P<m1>[^\W\d_]{3,9})\.?|(?P<m2>[^\W\d_]{3,9})\.? "
    r"(?P<d2>\d{1,2})(?:st|nd|rd|th)?),?[ -](?P<year>\d{4})"
)


class Form(NamedTuple):
    """How the cells of a column are to be read."""

    kind: str  # number, date or text
    mark: str = ""  # of numbers: the decimal mark; of dates: dmy, mdy or empty
    unit: str = ""  # that the numbers carry
    guessed: str = ""  # a cell that might be read in another way too


class Period(NamedTuple):
    start: datetime
    end: datetime  # the first moment after it


TEXT = Form("text")


def is_missing(cell: str) -> bool:
    return not cell or cell.lower() in MISSING


def number(cell: str, mark: str) -> Decimal | None:
    """The number in a cell whose decimal mark is a point or a comma."""
    text = _UNITS.sub("", cell, count=1).strip().replace("\u2212", "-")
    if _POWER.fullmatch(text):
        return Decimal(text)
    sign = 1
    if text[:1] == "(" and text[-1:] == ")":
        sign, text = -1, text[1:-1].strip()
    elif text[:1] in {"-", "+"}:
        sign, text = (-1 if text[0] == "-" else 1), text[1:].strip()
    elif text[-1:] == "-":
        sign, text = -1, text[:-1].strip()
    if len(text) > 40 or not (text.isascii() or set(text) & set(_GAP)):
        return None
    if not _PLAIN[mark].fullmatch(text):
        return None
    digits = re.sub(rf"[{_GAP}{',' if mark == '.' else '.'}]", "", text).replace(",", ".")
    return sign * Decimal(digits)


def unit(cell: str) -> str:
    found = _UNITS.search(cell)
    return found["unit"] if found else ""


def date(cell: str, order: str = "dmy") -> datetime | None:
    """The date in a cell; `order` decides where it is written in two figures and a year."""
    if found := _YEAR_FIRST.fullmatch(cell):
        year, _, month, day, *clock = found.groups()
        return _moment(year, month, day, clock)
    if found := _YEAR_LAST.fullmatch(cell):
        first, point, second, year, *clock = found.groups()
        day, month = (second, first) if order == "mdy" and point != "." else (first, second)
        century = (2000 if int(year) < 70 else 1900) if len(year) == 2 else 0
        return _moment(str(century + int(year)), month, day, clock)
    if found := _NAMED.fullmatch(cell):
        month = months().get((found["m1"] or found["m2"]).lower())
        return _moment(found["year"], str(month or 0), found["d1"] or found["d2"], [])
    return None


def _moment(year: str, month: str, day: str, clock: Sequence[str | None]) -> datetime | None:
    try:
        hour, minute, second = (int(each or 0) for each in clock or (0, 0, 0))
        return datetime(int(year), int(month), int(day), hour, minute, second)
    except ValueError:
        return None


def parse_cell(cell: str, form: Form) -> Value | None:
    """None where the cell is empty, or not of the column's kind."""
    if is_missing(cell):
        return None
    if form.kind == "number":
        return written(cell, form)
    return date(cell, form.mark) if form.kind == "date" else cell


def written(text: str, form: Form) -> Decimal | None:
    """The number of a column of that form; where it has durations, a bare one is of hours."""
    if form.unit not in durations.UNITS:
        return number(text, form.mark)
    found = durations.amount(text, form.unit)
    plain = number(text, form.mark) if found is None else None
    return found if plain is None else plain * (3600 if form.unit == durations.LONG else 60)


def form_of(cells: Iterable[str], *, exact: bool, usual: str = "", name: str = "") -> Form:
    """What a column's cells are. `exact`: a program wrote the numbers, with a decimal point.

    `usual` is the decimal mark of the rest of the table, if that is known; `name` is the column's.
    """
    filled = [cell for cell in cells if not is_missing(cell)]
    step = max(1, len(filled) // LOOK_CELLS)
    looked = filled[::step]
    if not looked:
        return TEXT
    if span := durations.unit_of(name, looked, ENOUGH):
        return Form("number", ".", span)
    return _as_dates(looked) or _as_numbers(looked, exact=exact, usual=usual) or TEXT


def _as_dates(cells: Sequence[str]) -> Form | None:
    read = {order: sum(date(cell, order) is not None for cell in cells) for order in ("dmy", "mdy")}
    order = max(read, key=lambda each: read[each])
    if read[order] < ENOUGH * len(cells):
        return None
    open_cells = (cell for cell in cells if date(cell, "dmy") != date(cell, "mdy"))
    doubtful = next(open_cells, "")
    if not doubtful:
        return Form("date", "dmy")
    if read["dmy"] != read["mdy"]:
        return Form("date", order)
    order = "mdy" if "/" in doubtful else "dmy"  # with strokes it is America's more often
    return Form("date", order, guessed=doubtful)


def _as_numbers(cells: Sequence[str], *, exact: bool, usual: str) -> Form | None:
    if sum(bool(_CODE.fullmatch(cell)) for cell in cells):
        return None  # post codes, article numbers
    found = {mark: [number(cell, mark) for cell in cells] for mark in _PLAIN}
    read = {mark: sum(each is not None for each in found[mark]) for mark in _PLAIN}
    mark = "." if exact or read["."] >= read[","] else ","
    even = not exact and read["."] == read[","]
    doubtful = ""
    if even:
        pairs = zip(cells, found["."], found[","], strict=True)
        doubtful = next((cell for cell, point, comma in pairs if point != comma), "")
        mark = usual if doubtful and usual else mark
    if read[mark] < ENOUGH * len(cells):
        return None
    return Form("number", mark, _common_unit(cells), doubtful)


def _common_unit(cells: Sequence[str]) -> str:
    """The same currency may have several signs."""
    units = {unit(cell) for cell in cells}
    codes = {currencies.code(each) or each for each in units}
    return min(units, key=len) if len(codes) == 1 else ""


def usual_mark(columns: Iterable[Sequence[str]]) -> str:
    """The decimal mark of the cells that can be read in one way only; empty if there are none."""
    votes = {".": 0, ",": 0}
    for cells in columns:
        for cell in cells:
            point, comma = number(cell, "."), number(cell, ",")
            if (point is None) != (comma is None):
                votes["." if comma is None else ","] += 1
    return max(votes, key=lambda mark: votes[mark]) if any(votes.values()) else ""


def period(text: str, order: str = "dmy") -> Period | None:
    """A year, `2024-03`, `2024-Q1`, a date, or `2024-03-05/2024-03-11`: its first to its last."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d", text.strip()):
        first_day, last_day = (period(each) for each in text.strip().split("/"))
        if first_day is None or last_day is None or first_day.start > last_day.start:
            return None
        return Period(first_day.start, last_day.end)
    if found := re.fullmatch(r"(\d{4})(?:-(?:Q([1-4])|(\d\d?)))?", text.strip()):
        year, quarter, month = found.groups()
        first = int(month or (3 * int(quarter) - 2 if quarter else 1))
        last = first if month else (first + 2 if quarter else 12)
        if not (1 <= first <= 12 and 1 <= int(year) < 9999):
            return None
        days = calendar.monthrange(int(year), last)[1]
        start = datetime(int(year), first, 1)
        return Period(start, datetime(int(year), last, days) + timedelta(days=1))
    moment = date(text.strip(), order)
    if moment is None or moment.year >= 9999:
        return None
    day = moment.replace(hour=0, minute=0, second=0)
    return Period(day, day + timedelta(days=1))
