"""From a question to a plan without a model: every word must be accounted for, or there is none."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from documents.tables import numbering
from documents.tables.conditions import Conditions, merged
from documents.tables.counting import Counting, Decided
from documents.tables.grammar import Condition, Plan
from documents.tables.grouping import DOWN, UP, Grouping
from documents.tables.lexicon import Lexicon, Mark
from documents.tables.marked_question import Note, Sentence
from documents.tables.table import Column, Table

LATE, EARLY = {"last"}, {"first"}
OLD = {"oldest", "älteste", "ältesten", "jüngste"}
MEANS = ("average", "median")
LEADING = {"in", "from", "per", "which"}
AGGREGATES = UP | DOWN | {*MEANS, "count", "sum", "distinct"}


class Understood(NamedTuple):
    plan: Plan
    notes: tuple[Note, ...]  # what was assumed
    worth: int  # how much of the question speaks of this table


class Lacking(NamedTuple):
    words: tuple[str, ...]
    worth: int  # of the rest


def understood(question: str, lexicon: Lexicon) -> Understood | None:
    """The plan that the question is for this table; None when it is not surely one."""
    return _understood(lexicon.table, lexicon.marks(question))


def lacking(question: str, lexicon: Lexicon) -> Lacking | None:
    """The words without which it would be understood, if it asks for a figure.

    Words that stand where a value or a column would: `in Spain`, `per manager`.
    """
    marks = [mark for mark in lexicon.marks(question) if mark.kind != "filler"]
    words = tuple(mark.text for mark in marks if mark.kind == "unknown")
    asks = any(set(mark.meanings) & AGGREGATES for mark in marks)
    led = all(
        before is not None and (before.kind == "unknown" or set(before.meanings) & LEADING)
        for before, mark in zip([None, *marks], marks, strict=False)
        if mark.kind == "unknown"
    )
    if not (words and asks and led):
        return None
    rest = _understood(lexicon.table, [mark for mark in marks if mark.kind != "unknown"])
    return Lacking(words, rest.worth) if rest else None


def _understood(table: Table, marks: Sequence[Mark]) -> Understood | None:
    sentence = Sentence(table, marks)
    conditions = Conditions(sentence)
    conditions.read()
    plan = _Decision(sentence, conditions).plan()
    if (
        plan is None
        or sentence.has_open_choice()
        or sentence.not_understood()
        or not sentence.worth()
    ):
        return None
    return Understood(plan, tuple(sentence.notes), sentence.worth())


class _Decision:
    def __init__(self, sentence: Sentence, conditions: Conditions) -> None:
        self.sentence, self.conditions = sentence, conditions
        grouping = self.grouping = Grouping(sentence)
        self.top, self.part, self.group = grouping.top, grouping.part, grouping.column
        self.meanings = sentence.meanings()

    def plan(self) -> Plan | None:
        where = merged(self.conditions.found)
        ranked = bool(self.meanings & (UP | DOWN))
        implied = self.group is None and ranked and self.grouping.implied(self.meanings)
        if implied:
            self.group = implied
        decided = None if self._is_contradictory() else self._decided(ranked)
        if decided is None or (self.top and not self.group):
            return None
        operation, column = decided
        where = (*where, *self._closed(column))
        if len(where) < len(self.conditions.open):
            return None
        ordered = ranked or self.top
        self._take_cues()
        return Plan(
            operation=operation,
            column=column.name if column else "",
            where=where,
            group=self.group.name if self.group else "",
            part=self.part,
            least=bool(self.group and self.meanings & DOWN),
            top=(self.top or (1 if implied else 0)) if self.group and ordered else 0,
        )

    def _is_contradictory(self) -> bool:
        """`The highest average`, which needs groups; `how many have the highest`."""
        kinds = [*({mean} for mean in MEANS), {"count", "sum", "distinct"}, UP | DOWN, LATE | EARLY]
        meanings = self.meanings - ({"count"} if self.meanings & set(MEANS) else set())
        meant = [kind for kind in kinds if kind & meanings]
        if bool(UP & self.meanings) and bool(DOWN & self.meanings):
            return True
        return len(meant) > (2 if self.group and not self.meanings & (LATE | EARLY) else 1)

    def _decided(self, ranked: bool) -> Decided | None:
        meanings = self.meanings
        if "distinct" in meanings:
            return self._distinct()
        if mean := next((each for each in MEANS if each in meanings), ""):
            if not self._figures() and self._means_how_many(mean):
                return None
            return self._of_numbers(mean)
        if self.group is not None and (ranked or not meanings & {"count", "sum"}):
            return self._ranked_group()
        if meanings & {"count", "sum"}:
            return self._counted() if "count" in meanings else self._summed()
        if meanings & (UP | DOWN | LATE | EARLY):
            return self._extreme()
        if not meanings & {"which", "list"}:
            return None
        return self._distinct() or self._total()

    def _distinct(self) -> Decided | None:
        for place in self.sentence.left_columns("text"):
            self.sentence.take(place)
            return "distinct", self.sentence.marks[place].column
        return None

    def _total(self) -> Decided | None:
        """`What was the revenue in 2023`."""
        sentence = self.sentence
        if not self.conditions.found:
            return None
        for place in sentence.left_columns("number"):
            column = sentence.marks[place].column
            if column and not column.is_year and not column.is_rate:
                sentence.take(place)
                sentence.note("units", column.name)
                return "sum", column
        return None

    def _number(self) -> Column | None:
        """The column that is to be computed from: named, or named in a comparison, or assumed."""
        sentence = self.sentence
        for place in sentence.left_columns("number"):
            sentence.take(place)
            column = sentence.marks[place].column
            return None if column is None or self._is_no_figure(place, column) else column
        amount = sentence.amount()
        for condition in self.conditions.found:
            column = sentence.table.column(condition.column)
            if column and column.form.kind == "number" and not column.is_year:
                return column if column is amount or self._is_computed(column) else None
        if amount:
            sentence.note("amount", amount.name)
        return amount

    def _is_computed(self, column: Column) -> bool:
        """Whether it stands right behind what is computed: `the average age over 50`."""
        marks = self.sentence.marks
        return any(
            after.column is column and set(before.meanings) & AGGREGATES
            for before, after in pairwise(marks)
        )

    def _summed(self) -> Decided | None:
        """`Total orders` are counted; `the sum of orders` may be either."""
        counting = Counting(self.sentence)
        if not self._figures():
            if counting.is_total():
                return counting.decided()
            if counting.is_sum():
                return None
        return self._of_numbers("sum")

    def _of_numbers(self, operation: str) -> Decided | None:
        column = self._number()
        return (operation, column) if column else None

    def _ranked_group(self) -> Decided | None:
        """`Which country has the highest amount`: the sum is meant, `the most orders`: how many."""
        sentence, meanings = self.sentence, self.meanings
        figures = self._figures()
        if figures and figures[0].is_rate and "sum" not in meanings:
            return self._of_rates(figures[0])
        if figures or "sum" in meanings:
            decided = self._summed()
            if decided and decided[1] and "sum" not in meanings and self.group:
                sentence.note("summed", decided[1].name, self.group.name)
            return decided
        if meanings & {"most", "least", "count"}:
            return self._counted()
        if meanings & {"max", "min", "best", "worst"}:
            return self._of_numbers("sum")
        return self._counted() if Counting(sentence).is_alone() else None

    def _is_no_figure(self, place: int, column: Column) -> bool:
        """Whether it names rows or years, or is what is asked for: `which vehicle`."""
        sentence = self.sentence
        before = sentence.at(place - 1)
        asked_for = before is not None and before.text.lower().startswith(("which", "welch"))
        codes = column.may_name_rows and (column.first or numbering.are_codes(column.cells))
        return asked_for or codes or column.is_year or sentence.names_rows(place)

    def _means_how_many(self, mean: str) -> bool:
        """`Average orders per month`: of how many there are in each."""
        marks = self.sentence.marks
        several = any(
            mean in before.meanings
            and after.column is not None
            and not numbering.same_word(after.text, after.column.name)
            and after.kind == "column"
            for before, after in pairwise(marks)
        )
        return several or self.group is not None or "count" in self.meanings

    def _figures(self) -> list[Column]:
        """The columns that are named and can be computed with."""
        sentence = self.sentence
        return [
            column
            for place in sentence.left_columns("number")
            if (column := sentence.marks[place].column)
            and not (column.is_year or sentence.names_rows(place))
        ]

    def _of_rates(self, column: Column) -> Decided | None:
        """`Which product has the highest price`: of one row, since prices are not added up."""
        if not (column.is_money and self.meanings & {"max", "min"}):
            return None
        return self._of_numbers("max" if "max" in self.meanings else "min")

    def _counted(self) -> Decided | None:
        return Counting(self.sentence).decided()

    def _extreme(self) -> Decided | None:
        sentence, meanings = self.sentence, self.meanings
        if meanings & (UP | DOWN):
            return self._of_numbers("max" if meanings & UP else "min")
        if aged := self._aged():
            return aged
        places = sentence.left_columns("date")
        sentence.take(*places[:1])
        column = sentence.marks[places[0]].column if places else self.grouping.date()
        return ("max" if meanings & LATE else "min", column) if column else None

    def _aged(self) -> Decided | None:
        """`The oldest employee`, where an age is told."""
        said = {mark.text.lower() for mark in self.sentence.marks}
        ages = [column for column in self.sentence.table.columns if column.is_age]
        if not said & OLD or not ages or self.sentence.left_columns("date"):
            return None
        self.sentence.note("compared", " ".join(said & OLD), ages[0].name)
        return "max" if self.meanings & EARLY else "min", ages[0]

    def _closed(self, column: Column | None) -> list[Condition]:
        """Comparisons without a column are about an amount."""
        closed = []
        for test, told in self.conditions.open:
            about = self._compared(column)
            if about is None:
                return []
            self.sentence.note("compared", " ".join((test, *told)), about.name)
            closed.append(Condition(about.name, test, told))
        return closed

    def _compared(self, column: Column | None) -> Column | None:
        """The amount; another column that is computed from only where there is none."""
        amount = self.sentence.compared()
        if column is None or column.form.kind != "number" or column.is_pieces:
            return amount
        if column.may_name_rows or column.is_year:
            return amount
        return column if amount in {None, column} else None

    def _take_cues(self) -> None:
        known = UP | DOWN | LATE | EARLY | {*MEANS, "distinct", "sum", "count"}
        for place, mark in enumerate(self.sentence.marks):
            if mark.kind == "cue" and set(mark.meanings) & known:
                self.sentence.take(place)
