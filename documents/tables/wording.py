"""The computation in a sentence, its result, and what was assumed, in the active language."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from documents.tables import durations
from documents.tables.execute import DIGITS, Answer, Group, Result
from documents.tables.grammar import Condition, Plan
from documents.tables.marked_question import Note
from documents.tables.table import Column, Table
from documents.text.markdown_escape import literal

PLACES = Decimal("0.0001")  # of averages
GROUPS_SHOWN = 20
NAMES_SHOWN = 20
CELLS_SHOWN = 8
CELL_CHARACTERS = 80
NAMED = 3

# What the plan, the notes and the columns name by a key.
_SAID = {
    "count": _("Count of rows"),
    "count of": _("Count of {}"),
    "sum": _("Sum of {}"),
    "average": _("Average of {}"),
    "median": _("Median of {}"),
    "min": _("Minimum of {}"),
    "max": _("Maximum of {}"),
    "distinct": _("Different values of {}"),
    "empty": _("{} is empty"),
    "filled": _("{} is not empty"),
    "year": _("year of {}"),
    "month": _("month of {}"),
    "like": _("“{}” was taken for the column {}."),
    "amount": _("No column was named, so {} was taken."),
    "value": _("“{}” was looked for in {}; it is also in {}."),
    "date": _("The date was taken from {}; there is also {}."),
    "today": _("“{}” was taken to be {}, as seen from today, {}."),
    "summed": _("{} was summed up for each {}."),
    "units": _("{} was summed up."),
    "pieces": _("{1} was summed up for “{0}”: pieces were counted, not rows."),
    "own": _("Rows were counted: each has its own {}."),
    "different": _("Different values of {} were counted, not rows."),
    "compared": _("“{}” was taken to be about {}."),
    "point": _("“{}” was read with a decimal point."),
    "comma": _("“{}” was read with a decimal comma."),
    "dmy": _("“{}” was read as day, month, year."),
    "mdy": _("“{}” was read as month, day, year."),
    "model": _("The chat model turned the question into this computation. Is it what you meant?"),
    "others": _("The question also fits {}. Name the file or sheet to compute there."),
}
_DAYS = re.compile(r"^(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)$")


def markdown(plan: Plan, table: Table, result: Result, notes: Sequence[Note]) -> str:
    """Markdown: the result, the computation with `[1]` for the table, and what was assumed."""
    column = table.column(plan.column) if plan.column else None
    unit = ""
    if column and plan.operation not in {"count", "distinct"}:
        unit = column.form.unit or result.unit
    parts = [
        *_result(plan, result, unit),
        f"{computation(plan, table, result, unit)} [1]",
        *_rows(table, result),
    ]
    told = [*map(_note, notes), *_gaps(column, result), *_readings(plan, table)]
    if told:
        parts.append("\n".join(f"- {each}" for each in dict.fromkeys(told)))
    return "\n\n".join(parts)


def computation(plan: Plan, table: Table, result: Result, unit: str = "") -> str:
    """`Sum of Amount where Country = France: 4,711 of 5,000 rows, = 1,234.50`."""
    rows = gettext("{} of {} rows").format(number(result.matched), number(result.total))
    text = f"{_what(plan, table)}: {rows}"
    if plan.group or result.currencies:
        return f"{text}."
    return f"{text}, = {_value(result.value, unit)}"


def _what(plan: Plan, table: Table) -> str:
    text = _operation(plan, literal(_name(table, plan.column)))
    if plan.where:
        told = [_condition(each, _name(table, each.column)) for each in plan.where]
        both = pgettext("between conditions", " and ").join(told)
        text += pgettext("before conditions", " where {}").format(both)
    if plan.group:
        name = literal(_name(table, plan.group))
        each = _SAID[plan.part].format(name) if plan.part else name
        text += pgettext("after a computation", " for each {}").format(each)
    return text


def _operation(plan: Plan, name: str) -> str:
    key = "count of" if plan.operation == "count" and plan.column else plan.operation
    return _SAID[key].format(name)


def _condition(condition: Condition, name: str) -> str:
    name, told = literal(name), [literal(_spaced(each)) for each in condition.values]
    if condition.test in {"empty", "filled"}:
        return _SAID[condition.test].format(name)
    if condition.test == "between":
        return gettext("{} between {} and {}").format(name, *told)
    test = pgettext("a test", "contains") if condition.test == "contains" else condition.test
    test = test.replace("<", "\\<").replace(">", "\\>")
    either = pgettext("between values", " or ").join(told)
    return f"{name} {test} {either}"


def _result(plan: Plan, result: Result, unit: str) -> list[str]:
    if plan.group:
        return _groups(plan, result.groups, unit)
    if not result.matched:
        return [_none(_value(result.value, unit))]
    if result.currencies:
        return [_currencies(result.currencies)]
    parts = [f"**{_value(result.value, unit)}**"]
    if result.names:
        shown = [_cell(name) for name in result.names[:NAMES_SHOWN]]
        if hidden := len(result.names) - len(shown):
            shown.append(more(hidden))
        parts.append(", ".join(shown))
    return parts


def _currencies(groups: Sequence[Group]) -> str:
    """Amounts in several currencies have nothing in common."""
    told = [_value(each.value, each.name or gettext("without a currency")) for each in groups]
    text = gettext("These amounts are in several currencies and were not put together: {}.")
    return text.format(f"**{'; '.join(told)}**")


def _none(value: str) -> str:
    return gettext("**{}**: no row meets this.").format(value)


def _groups(plan: Plan, groups: Sequence[Group], unit: str) -> list[str]:
    if not groups:
        return [_none("0")]
    most = plan.top or GROUPS_SHOWN
    shown = groups[:most]
    if plan.top and len(groups) > most:  # those that are even with the last belong there too
        shown = [*shown, *(g for g in groups[most:GROUPS_SHOWN] if g.value == shown[-1].value)]
    first = [f"**{_cell(shown[0].name)}**: {_value(shown[0].value, unit)}"]
    if plan.top == len(shown) == 1:
        return first
    what = _operation(plan, _cell(plan.column))
    head = [_cell(plan.group), what] + ([] if what == str(_SAID["count"]) else [gettext("Rows")])
    lines = [head, ["---"] * len(head)]
    for group in shown:
        cells = [_cell(group.name), _value(group.value, unit), number(group.rows)]
        lines.append(cells[: len(head)])
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    hidden = len(groups) - len(shown)
    rest = [more(hidden)] if hidden and not plan.top else []
    return [*(first if plan.top == 1 else []), table, *rest]


def more(count: int) -> str:
    return gettext("… and {} more").format(number(count))


def _rows(table: Table, result: Result) -> list[str]:
    """The rows that have the smallest or the largest value."""
    if not result.rows:
        return []
    names = [_cell(column.name) for column in table.columns[:CELLS_SHOWN]]
    lines = [names, ["---"] * len(names)]
    lines += [[_cell(cell) for cell in table.row(place)[:CELLS_SHOWN]] for place in result.rows]
    return ["\n".join(f"| {' | '.join(line)} |" for line in lines)]


def _note(note: Note) -> str:
    return _SAID[note.what].format(*(literal(_spaced(fact)) for fact in note.facts))


def _gaps(column: Column | None, result: Result) -> list[str]:
    if column is None:
        return []
    told, name = [], literal(column.name)
    if result.empty:
        told.append(gettext("{} of these rows have no {}.").format(number(result.empty), name))
    if result.unread:
        kinds = pgettext("kind of a cell", "number"), pgettext("kind of a cell", "date")
        text = gettext("{} cells of {} are not a {} and were left out.")
        told.append(text.format(number(result.unread), name, kinds[column.form.kind != "number"]))
    return told


def _readings(plan: Plan, table: Table) -> list[str]:
    """What may have been read wrongly in the columns that were used."""
    told = []
    for name in dict.fromkeys([plan.column, plan.group, *(each.column for each in plan.where)]):
        column = table.column(name) if name else None
        if column and column.form.guessed:
            mark = {".": "point", ",": "comma"}.get(column.form.mark, column.form.mark)
            told.append(_SAID[mark].format(literal(column.form.guessed)))
    if table.totals and plan.operation in {"sum", "average", "median", "count"}:
        totals = ", ".join(map(literal, table.totals[:NAMED]))
        told.append(gettext("Rows that look like totals were counted in: {}.").format(totals))
    if table.left_out:
        left_out = ", ".join(map(literal, table.left_out))
        told.append(gettext("Left out as totals or notes: {}.").format(left_out))
    return told


def _value(value: Answer, unit: str = "") -> str:
    if value is None:
        return gettext("nothing to compute from")
    if isinstance(value, datetime):
        return day(value) if (value.hour, value.minute) == (0, 0) else f"{day(value)} {value:%H:%M}"
    if unit in durations.UNITS:
        return durations.text(Decimal(value), unit)
    return f"{number(value)} {unit}" if unit else number(value)


def day(moment: datetime) -> str:
    return pgettext("a day", "{0.year}-{0.month:02}-{0.day:02}").format(moment)


def number(value: Decimal | int) -> str:
    """With marks between thousands; averages to four places."""
    with localcontext() as context:
        context.prec = DIGITS * 2 + 1_000  # what `1e999` takes, written out
        value = _rounded(Decimal(value))
        exponent = value.as_tuple().exponent
        places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        return format_decimal(value, f"#,##0.{'0' * places}", get_language())


def _rounded(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -4:
        value = value.quantize(PLACES, ROUND_HALF_EVEN).normalize()
        return value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    return value


def _spaced(text: str) -> str:
    """Two days as from the one to the other."""
    return _DAYS.sub("\\1 \u2013 \\2", text)


def _name(table: Table, name: str) -> str:
    column = table.column(name) if name else None
    return column.name if column else name


def _cell(text: str) -> str:
    cut = text if len(text) <= CELL_CHARACTERS else f"{text[: CELL_CHARACTERS - 1]}…"
    return literal(" ".join(cut.split()))
