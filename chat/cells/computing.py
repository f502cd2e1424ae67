"""Formulas worked out from the cells of a document, in decimals; each part is kept to be shown."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import NamedTuple

from chat.cells import formulas, standard_terms
from chat.cells.columns import Period
from chat.cells.formulas import Formula, Number, Part, Sum
from chat.cells.standard_terms import Figure
from chat.cells.statements import Read, Statements

WHOLE = 3  # rank of what no sign has to be kept from
DEEPEST = 6  # formulas in formulas

_EXPENSE = re.compile(r"\(expense\)", re.IGNORECASE)
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2}


class Value(NamedTuple):
    number: Decimal  # of money in its smallest unit
    shown: str  # the figures that it was worked out from
    reads: tuple[Read, ...]
    is_money: bool
    rank: int = WHOLE  # of the sign that binds it least
    steps: tuple[str, ...] = ()  # what was worked out on the way


class Unread(Exception):
    """A part of it was not found, or not with certainty."""


class Computation:
    """Of one document."""

    def __init__(
        self,
        statements: Statements,
        definitions: Mapping[str, Formula],
        periods: Sequence[Period],
    ) -> None:
        self.statements, self.definitions, self.periods = statements, definitions, periods
        self.deep = 0

    def value(self, of: Formula, period: Period) -> Value:
        """Raises Unread."""
        if isinstance(of, Number):
            return Value(of.value, f"{of.value:f}", (), False)
        if isinstance(of, Part):
            return self._part(of, period)
        left, right = self.value(of.left, period), self.value(of.right, period)
        return _joined(of, left, right)

    def _part(self, part: Part, period: Period) -> Value:
        periods = part.periods or (period,)
        if not part.how:
            return self._named(part, periods[-1])
        if len(periods) == 1:
            periods = (periods[0]._replace(year=periods[0].year - 1), periods[0])
        values = [self._named(part, each) for each in sorted(periods)]
        reads = tuple(read for each in values for read in each.reads)
        if part.how == "change":
            return _joined(Sum("-", part, part), values[-1], values[0])
        total = sum((each.number for each in values), Decimal())
        shown = " + ".join(each.shown for each in values)
        return Value(total / len(values), f"(({shown}) / {len(values)})", reads, values[0].is_money)

    def _named(self, part: Part, period: Period) -> Value:
        self.deep += 1
        try:
            if self.deep > DEEPEST:
                raise Unread
            if formula := self._formula(part.phrase):
                return self._step(part.phrase, self.value(formula, period))
            figure = standard_terms.figure(part.phrase)
            if figure is None:
                raise Unread
            return self._figure(figure, period, optional=part.optional)
        finally:
            self.deep -= 1

    def _formula(self, phrase: str) -> Formula | None:
        ratio = standard_terms.ratio(phrase)
        given = self.definitions.get(standard_terms.plain(phrase))
        return given or (formulas.formula(ratio.formula) if ratio else None)

    def _step(self, phrase: str, value: Value) -> Value:
        if value.rank == WHOLE and not value.steps:
            return value
        number = f"{value.number:.2f}"
        step = f"{phrase} = {bare(value.shown)} = {number}"
        if value.is_money:
            return value
        return Value(value.number, number, value.reads, False, WHOLE, (*value.steps, step))

    def _figure(self, figure: Figure, period: Period, *, optional: bool) -> Value:
        read = self.statements.cell(figure, period, self.periods)
        if read:
            return _of_cell(read, figure)
        if figure.otherwise and not self.statements.has_row(figure):
            formula = formulas.formula(figure.otherwise)
            if formula:
                return self.value(formula, period)
        if optional and not self.statements.has_row(figure):
            return Value(Decimal(), "", (), True)
        raise Unread


def _of_cell(read: Read, figure: Figure) -> Value:
    value = read.cell.value
    if figure.outflow:
        value = abs(value)
    elif figure.name == "income tax expense" and (_EXPENSE.search(read.row.label) or value < 0):
        value = -value
    elif figure.name == "cost of goods sold":
        value = abs(value)
    return Value(value * int(read.row.scale), f"{value:,f}", (read,), True)


def _joined(of: Sum, left: Value, right: Value) -> Value:
    try:
        number = _RESULTS[of.sign](left.number, right.number)
    except (DivisionByZero, InvalidOperation):
        raise Unread from None
    is_sum = of.sign in "+-"
    if is_sum and left.is_money != right.is_money:
        raise Unread
    is_money = left.is_money if is_sum else left.is_money != right.is_money and of.sign == "*"
    if of.sign == "/" and left.is_money and not right.is_money:
        is_money = True
    reads, steps = (*left.reads, *right.reads), (*left.steps, *right.steps)
    if is_sum and not right.shown:
        return left._replace(number=number, reads=reads, steps=steps)
    rank = _RANK[of.sign]
    one = left.shown if left.rank >= rank else f"({left.shown})"
    other = right.shown if right.rank > rank else f"({right.shown})"
    return Value(number, f"{one} {of.sign} {other}", reads, is_money, rank, steps)


_RESULTS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def bare(shown: str) -> str:
    """Without brackets around all of it."""
    inside = shown[1:-1]
    if shown[:1] == "(" and shown[-1:] == ")" and inside.count("(") == inside.count(")"):
        return inside if inside.find(")") >= inside.find("(") else shown
    return shown
