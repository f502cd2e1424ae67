"""What a plan gives over every row of a table."""

import operator
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal, localcontext
from statistics import median
from typing import NamedTuple

from documents.tables import durations, values
from documents.tables.grammar import BadPlan, Condition, Plan
from documents.tables.table import Column, Table
from documents.tables.values import Value

DIGITS = 60  # that sums are exact to
ROWS_SHOWN = 3  # that have the smallest or largest value
COMPARED: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}

Answer = Decimal | datetime | int | None
Holds = Callable[[int], bool]


class Group(NamedTuple):
    name: str
    value: Answer
    rows: int


class Result(NamedTuple):
    value: Answer  # None where there was nothing to compute from
    groups: list[Group]
    matched: int  # rows that meet the conditions
    total: int  # rows of the table
    empty: int  # cells among those matched that have no value
    unread: int  # and those that are not of the column's kind
    rows: list[int]  # places of rows that have the smallest or largest value
    names: list[str]  # of the different values, most frequent first
    unit: str = ""  # the currency of all figures, where the column has none of its own
    currencies: Sequence[Group] = ()  # one value for each, where there are several


def run(plan: Plan, table: Table) -> Result:
    """Raises BadPlan, and nothing else, for a plan that this table cannot answer."""
    column = _column(table, plan.column) if plan.column else None
    group = _column(table, plan.group) if plan.group else None
    _check(plan, column, group)
    tests = [_test(_column(table, each.column), each) for each in plan.where]
    places = [place for place in range(table.rows) if all(holds(place) for holds in tests)]
    told = _currencies(plan, table, column, places)
    several = len(set(filter(None, told.values()))) > 1
    if several and group and plan.top:
        raise BadPlan("Amounts in several currencies have no order.")
    groups = _groups(plan, column, group, places, told if several else {}) if group else []
    value = None if group or several else _value(plan, column, places)
    empty, unread = _gaps(column, places)
    return Result(
        value=value,
        groups=groups,
        matched=len(places),
        total=table.rows,
        empty=empty,
        unread=unread,
        rows=_rows(plan, column, places, value),
        names=_names(plan, column, places),
        unit="" if several else next(iter(told.values()), ""),
        currencies=_by_currency(plan, column, told) if several and not group else (),
    )


def _currencies(
    plan: Plan, table: Table, column: Column | None, places: Sequence[int]
) -> dict[int, str]:
    """The code of each figure that is computed with."""
    if column is None or plan.operation in {"count", "distinct"}:
        return {}
    codes = table.currencies(column)
    return {place: codes[place] for place in places if codes and column.values[place] is not None}


def _by_currency(plan: Plan, column: Column | None, told: dict[int, str]) -> list[Group]:
    places = {code: [place for place in told if told[place] == code] for code in told.values()}
    return [
        Group(code, _value(plan, column, inside), len(inside))
        for code, inside in sorted(places.items(), key=lambda each: (not each[0], each[0]))
    ]


def _column(table: Table, name: str) -> Column:
    column = table.column(name)
    if column is None:
        raise BadPlan(f"There is no column {name}.")
    return column


def _check(plan: Plan, column: Column | None, group: Column | None) -> None:
    kind = column.form.kind if column else ""
    if plan.operation != "count" and column is None:
        raise BadPlan(f"{plan.operation} needs a column.")
    if plan.operation in {"sum", "average", "median"} and kind != "number":
        raise BadPlan(f"The column {plan.column} has no numbers.")
    if plan.operation in {"min", "max"} and kind == "text":
        raise BadPlan(f"The column {plan.column} has no numbers or dates.")
    if plan.part and (group is None or group.form.kind != "date"):
        raise BadPlan("Only dates have years and months.")


def _test(column: Column, condition: Condition) -> Holds:
    """Whether the row at a place meets the condition."""
    cells, test = column.cells, condition.test
    if test in {"empty", "filled"}:
        return lambda place: values.is_missing(cells[place]) == (test == "empty")
    if test == "contains":
        needle = condition.values[0].casefold()
        return lambda place: needle in cells[place].casefold()
    if column.form.kind == "text":
        return _text_test(column, condition)
    if column.form.kind == "date":
        return _date_test(column, condition)
    return _number_test(column, condition)


def _text_test(column: Column, condition: Condition) -> Holds:
    if condition.test not in {"=", "!="}:
        raise BadPlan(f"The column {column.name} has no order.")
    cells = column.cells
    wanted = {value.casefold() for value in condition.values}
    same = condition.test == "="
    return lambda place: (cells[place].casefold() in wanted) == same


def _number_test(column: Column, condition: Condition) -> Holds:
    found, test = column.values, condition.test
    wanted = [_wanted_number(column, value) for value in condition.values]
    if test in {"=", "!="}:
        same = test == "="
        return lambda place: found[place] is not None and (found[place] in wanted) == same
    if test == "between":
        low, high = sorted(wanted)
        return lambda place: isinstance(v := found[place], Decimal) and low <= v <= high
    compare, limit = COMPARED[test], wanted[0]
    return lambda place: isinstance(v := found[place], Decimal) and compare(v, limit)


def _wanted_number(column: Column, text: str) -> Decimal:
    found = None if column.form.unit in durations.UNITS else values.number(text, ".")
    if found is None:
        found = values.written(text, column.form)
    if found is None:
        raise BadPlan(f"{text} is no number.")
    return found


def _date_test(column: Column, condition: Condition) -> Holds:
    found, test = column.values, condition.test
    periods = [_wanted_period(column, value) for value in condition.values]
    if test in {"=", "!="}:
        same = test == "="
        return lambda place: (
            isinstance(v := found[place], datetime)
            and same == any(period.start <= v < period.end for period in periods)
        )
    start, end = min(p.start for p in periods), max(p.end for p in periods)
    low = {"<": datetime.min, "<=": datetime.min, ">": end}.get(test, start)
    high = {"<": start, ">": datetime.max, ">=": datetime.max}.get(test, end)
    return lambda place: isinstance(v := found[place], datetime) and low <= v < high


def _wanted_period(column: Column, text: str) -> values.Period:
    found = values.period(text, column.form.mark)
    if found is None:
        raise BadPlan(f"{text} is no date.")
    return found


def _value(plan: Plan, column: Column | None, places: Sequence[int]) -> Answer:
    if column is None:
        return len(places)
    found = [value for place in places if (value := column.values[place]) is not None]
    if plan.operation == "count":
        return len(found)
    if plan.operation == "distinct":
        return len({_folded(value) for value in found})
    numbers = [value for value in found if isinstance(value, Decimal)]
    if plan.operation in {"min", "max"} and not numbers:
        moments = [value for value in found if isinstance(value, datetime)]
        pick = min if plan.operation == "min" else max
        return pick(moments) if moments else None
    return _of_numbers(plan.operation, numbers)


def _folded(value: Value) -> Value:
    return value.casefold() if isinstance(value, str) else value


def _of_numbers(operation: str, numbers: Sequence[Decimal]) -> Decimal | None:
    if not numbers:
        return Decimal(0) if operation == "sum" else None
    if operation in {"min", "max"}:
        return min(numbers) if operation == "min" else max(numbers)
    with localcontext() as context:
        context.prec = DIGITS
        if operation == "median":
            return median(numbers)
        total = sum(numbers, Decimal(0))
        return total if operation == "sum" else total / len(numbers)


def _groups(
    plan: Plan,
    column: Column | None,
    group: Column,
    places: Sequence[int],
    currencies: dict[int, str],
) -> list[Group]:
    """Those that can be put in an order, with the most first; amounts of one currency in each."""
    members: dict[str, list[int]] = defaultdict(list)
    shown: dict[str, str] = {}
    for place in places:
        name = _part(group, place, plan.part)
        if name and currencies.get(place):
            name = f"{name} ({currencies[place]})"
        if name:
            shown.setdefault(name.casefold(), name)
            members[name.casefold()].append(place)
    found = [
        Group(shown[name], value, len(inside))
        for name, inside in members.items()
        if (value := _value(plan, column, inside)) is not None
    ]
    if currencies or (plan.part and not plan.top):
        return sorted(found, key=lambda each: each.name)
    by_name = sorted(found, key=lambda each: each.name.casefold())
    return sorted(by_name, key=lambda each: each.value, reverse=not plan.least)  # type: ignore[arg-type, return-value]


def _part(group: Column, place: int, part: str) -> str:
    if not part:
        cell = group.cells[place]
        return "" if values.is_missing(cell) else cell
    moment = group.values[place]
    if not isinstance(moment, datetime):
        return ""
    return f"{moment.year:04}" if part == "year" else f"{moment.year:04}-{moment.month:02}"


def _gaps(column: Column | None, places: Sequence[int]) -> tuple[int, int]:
    if column is None:
        return 0, 0
    empty = sum(values.is_missing(column.cells[place]) for place in places)
    without = sum(column.values[place] is None for place in places)
    return empty, without - empty


def _rows(plan: Plan, column: Column | None, places: Sequence[int], value: Answer) -> list[int]:
    if column is None or plan.operation not in {"min", "max"} or value is None:
        return []
    return [place for place in places if column.values[place] == value][:ROWS_SHOWN]


def _names(plan: Plan, column: Column | None, places: Sequence[int]) -> list[str]:
    if column is None or plan.operation != "distinct" or plan.group:
        return []
    counted: dict[str, int] = defaultdict(int)
    shown: dict[str, str] = {}
    for place in places:
        cell = column.cells[place]
        if not values.is_missing(cell):
            shown.setdefault(cell.casefold(), cell)
            counted[cell.casefold()] += 1
    return [shown[name] for name in sorted(counted, key=lambda each: (-counted[each], each))]
