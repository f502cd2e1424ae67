"""What was read and worked out, in words: the result first, then what it was made from."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext

from chat.cells import computing, formulas
from chat.cells.asked_figures import Wanted
from chat.cells.asked_verdicts import Verdict
from chat.cells.columns import Period
from chat.cells.computing import Value
from chat.cells.formulas import Part
from chat.cells.named_rows import BRACKETS, NamedRow
from chat.cells.page_tables import Cell, Row
from chat.cells.statements import Read
from chat.grounding import tables

WORDS = {1e3: "thousand", 1e6: "million", 1e9: "billion"}
SIGNS = {"$", "€", "£", "¥"}  # that stand before a figure
LONGEST_DATE = 24  # characters


class Told(NamedTuple):
    text: str
    number: Decimal  # rounded as it is told; of money with its scale
    value: Value


def line(wanted: Wanted, periods: Sequence[Period], told: Sequence[Told]) -> str:
    if wanted.manner == "average":
        return _average(wanted, periods, told)
    if wanted.manner == "compare" and len(told) > 1:
        return _change(wanted, periods, told)
    return "; ".join(_of_one_period(wanted, *each) for each in zip(periods, told, strict=True))


def _of_one_period(wanted: Wanted, period: Period, told: Told) -> str:
    value = told.value
    if _is_read(value):
        return f"{_label(value.reads[0])}, {_of(period, told)}: {told.text}"
    formula = _formula(wanted)
    made = f"{formula} = {computing.bare(value.shown)}" if formula else computing.bare(value.shown)
    return f"{wanted.name} {_of(period, told)} = {told.text} ({made})"


def _is_read(value: Value) -> bool:
    return len(value.reads) == 1 and value.rank == computing.WHOLE


def _formula(wanted: Wanted) -> str:
    words = _words(wanted.formula)
    return "" if words == wanted.name else words


def _average(wanted: Wanted, periods: Sequence[Period], told: Sequence[Told]) -> str:
    """Without the figure of each period: a small model takes one of them for the mean."""
    of = ", ".join(_of(*each) for each in zip(periods, told, strict=True))
    parts = "; ".join(_worked_out(each) for each in told)
    mean = sum((each.value.number for each in told), Decimal()) / len(told)
    average = as_told(wanted, told[0].value._replace(number=mean))
    formula = f"{_formula(wanted)}: " if _formula(wanted) else ""
    return f"average {wanted.name} of {of} = {average.text} ({formula}{parts})"


def _worked_out(told: Told) -> str:
    return told.text if _is_read(told.value) else computing.bare(told.value.shown)


def _change(wanted: Wanted, periods: Sequence[Period], told: Sequence[Told]) -> str:
    """From each period to the next one."""
    order = sorted(zip(periods, told, strict=True), key=lambda each: _end(*each))
    formula = f" ({_formula(wanted)})" if _formula(wanted) else ""
    first = told[0].value
    name = _label(first.reads[0]) if _is_read(first) else f"{wanted.name}{formula}"
    said = "; then ".join(
        gettext("{name} {changed}").format(name=name, changed=_step(wanted, *two))
        for two in pairwise(order)
    )
    return _with_verdict(wanted, order, said) if len(order) == 2 else said


def _with_verdict(wanted: Wanted, order: Sequence[tuple[Period, Told]], said: str) -> str:
    asked, ((_, before), (_, after)) = wanted.verdict, order
    if asked.larger is not None and before.value.number != after.value.number:
        period, _ = order[1] if is_above(after, before) is asked.larger else order[0]
        return gettext("In {period}: {said}").format(period=_when(period), said=said)
    if asked.upwards is None:
        return said
    is_so = is_above(after, before) if asked.upwards else is_above(before, after)
    return affirmed(said, is_so=is_so)


def affirmed(said: str, *, is_so: bool) -> str:
    """With yes or no before it."""
    form = gettext("Yes, {said}") if is_so else gettext("No, {said}")
    return form.format(said=said)


def is_above(one: Told, other: Told) -> bool:
    return one.value.number > other.value.number


def _end(asked: Period, told: Told) -> tuple[int, int]:
    of = told.value.reads[0].cell.period
    return (of.year, of.month) if of.month else (asked.year, 3 * asked.quarter)


def _step(wanted: Wanted, one: tuple[Period, Told], other: tuple[Period, Told]) -> str:
    before, after = one[1].value.number, other[1].value.number
    apart = abs(after - before)
    if wanted.percent:
        by = _points(f"{apart * 100:.1f}")
    else:
        share = f" ({apart / before * 100:.1f}%)" if before > 0 else ""
        by = as_told(wanted, other[1].value._replace(number=apart)).text + share
    return _changed(after - before, by, _dated(*one), _dated(*other))


def _points(number: object) -> str:
    return gettext("{number} percentage points").format(number=number)


def _changed(apart: Decimal, by: str, first: str, last: str) -> str:
    if not apart:
        form = gettext("was unchanged, from {first} to {last}")
    elif apart > 0:
        form = gettext("increased by {by}, from {first} to {last}")
    else:
        form = gettext("decreased by {by}, from {first} to {last}")
    return form.format(by=by, first=first, last=last)


def _dated(period: Period, told: Told) -> str:
    shown = "" if _is_read(told.value) else f" = {computing.bare(told.value.shown)}"
    return f"{told.text} ({_of(period, told)}{shown})"


def as_told(wanted: Wanted, value: Value) -> Told:
    if value.is_money:
        return _money(wanted, value)
    if wanted.percent:
        number = _rounded(value.number * 100, 1 if wanted.decimals is None else wanted.decimals)
        return Told(f"{number}%", number, value)
    number = _rounded(value.number, 2 if wanted.decimals is None else wanted.decimals)
    return Told(f"{number:,f}", number, value)


def _money(wanted: Wanted, value: Value) -> Told:
    row = value.reads[0].row
    number = value.number / int(row.scale)
    text = _amount(row.currency, number, WORDS.get(row.scale, ""))
    if wanted.scale and wanted.scale != row.scale and row.scale > 1:
        other = value.number / int(wanted.scale)
        text += f" (= {_amount(row.currency, _rounded(other, 3), WORDS[wanted.scale])})"
    return Told(text, number, value)


def _amount(currency: str, number: Decimal, scale: str) -> str:
    sign = "-" if number < 0 else ""
    figure = f"{abs(number):,f}" if number == round(number, 3) else f"{abs(number):,.2f}"
    money = f"{currency}{figure}" if currency in SIGNS else f"{figure} {currency}"
    return f"{sign}{money.strip()} {scale}".strip()


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _label(read: Read) -> str:
    return read.row.label.strip(" :")


def _of(period: Period, told: Told) -> str:
    """The period as the column says it, where that is a date and nothing else."""
    cell = told.value.reads[0].cell
    if len({each.cell.head for each in told.value.reads}) > 1:
        return _when(period)
    has_date = cell.period.day and len(cell.head) <= LONGEST_DATE
    return cell.head if has_date and not period.quarter else _when(period)


def _when(period: Period) -> str:
    if period.quarter:
        return f"Q{period.quarter} {period.year}"
    if period.month:
        return f"{period.year}-{period.month:02}" + (f"-{period.day:02}" if period.day else "")
    return str(period.year)


def _words(formula: formulas.Formula) -> str:
    """The formula as it is said."""
    if isinstance(formula, formulas.Number):
        return f"{formula.value:f}"
    if isinstance(formula, Part):
        return f"{formula.how} {formula.phrase}".strip()
    left, right = _words(formula.left), _words(formula.right)
    if formula.sign in "*/":
        left = (
            f"({left})"
            if isinstance(formula.left, formulas.Sum) and formula.left.sign in "+-"
            else left
        )
        right = f"({right})" if isinstance(formula.right, formulas.Sum) else right
    return f"{left} {formula.sign} {right}"


def row(named: NamedRow, verdict: Verdict) -> str:
    """What a row of any table says."""
    row = named.row
    cells = [f"{_column(cell)}: {_cell(row, cell)}" for cell in named.cells]
    said = f"{row.label.strip(' :')}, {'; '.join(cells)}"
    if not named.is_of_two_periods:
        return said
    first, last = sorted(named.cells, key=lambda cell: cell.period)
    said += f"; {_apart(row, first, last)}"
    if verdict.upwards is None:
        return said
    apart = last.value - first.value
    return affirmed(said, is_so=apart > 0 if verdict.upwards else apart < 0)


def _column(cell: Cell) -> str:
    head = cell.head
    return (BRACKETS.sub(" ", head) if tables.scales_stated(head) else head).strip(" :,")


def _cell(row: Row, cell: Cell) -> str:
    if row.scale == 1 or cell.unit:
        return cell.raw if cell.unit in {"", "%"} else f"{cell.raw} {cell.unit}"
    sign = row.currency if row.currency in SIGNS and cell.raw[0].isdigit() else ""
    return f"{sign}{cell.raw} {WORDS.get(row.scale, '')}".strip()


def _apart(row: Row, first: Cell, last: Cell) -> str:
    apart = last.value - first.value
    if first.unit == "%":
        by = _points(abs(apart))
    else:
        share = f" ({abs(apart) / first.value * 100:.1f}%)" if first.value > 0 else ""
        by = f"{_difference(row, abs(apart))}{share}"
    return _changed(apart, by, _column(first), _column(last))


def _difference(row: Row, apart: Decimal) -> str:
    unit = next((cell.unit for cell in row.cells), "")
    return f"{_amount(row.currency, apart, WORDS.get(row.scale, ''))} {unit}".strip()
