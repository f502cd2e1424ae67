"""A question as marks, of which each is taken once; what is left over was not understood."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils import timezone

from documents.tables import numbering, vocabulary
from documents.tables.lexicon import Mark
from documents.tables.table import Column, Table
from documents.text.folding import fold

COLUMNS = {"column", "part", "like"}
WORTH = {"column": 3, "value": 3, "named": 3, "part": 2, "like": 1, "noun": 1}
# What may be left over without a change of what is meant.
IDLE = {"in", "and", "from", "to", "which", "list", "rows", "equal", "sum", "count", "per"}
HARMLESS = {"named", "noun", "filler"}


class Note(NamedTuple):
    """Something that was assumed; `wording` has the sentence."""

    what: str
    facts: tuple[str, ...]


class Sentence:
    def __init__(self, table: Table, marks: Sequence[Mark]) -> None:
        self.table = table
        self.marks = [mark for mark in marks if mark.kind != "filler"]
        told = [mark.kind != "filler" for mark in marks]
        # Places that the next one follows without a word between.
        self.joined = {sum(told[:at]) for at in range(len(marks) - 1) if told[at] and told[at + 1]}
        self.said = {fold(mark.text) for mark in marks if mark.kind == "filler"}
        self.used: set[int] = set()
        self.notes: list[Note] = []

    def at(self, place: int) -> Mark | None:
        return self.marks[place] if 0 <= place < len(self.marks) else None

    def means(self, place: int, *meanings: str) -> bool:
        """Whether an untaken cue stands there with one of these meanings."""
        mark = self.at(place)
        return bool(mark and place not in self.used and set(mark.meanings) & set(meanings))

    def column(self, place: int, kind: str = "") -> Column | None:
        """The column that is named there and not taken, if it is of that kind."""
        mark = self.at(place)
        if mark is None or mark.column is None or place in self.used:
            return None
        return mark.column if kind in {"", mark.column.form.kind} else None

    def names_rows(self, place: int) -> bool:
        """Whether whole numbers that are spoken of there are what rows are called by.

        `Orders` of a column Order are; `visitors` of a column Visitors are so many.
        """
        mark = self.at(place)
        if mark is None or mark.column is None or not mark.column.may_name_rows:
            return False
        words = " ".join(word.text for word in vocabulary.words_of(mark.column.name))
        return not numbering.same_word(mark.text, words)

    def has_open_choice(self) -> bool:
        """`Under 100 or over 900`: all conditions hold at once but for values of one column."""
        return any(
            mark.text.lower() in {"or", "oder"} and not self._joins(place)
            for place, mark in enumerate(self.marks)
            if mark.kind == "cue"
        )

    def _joins(self, place: int) -> bool:
        """Whether values of the same column, or times, stand before and behind."""
        before, after = self.at(place - 1), self.at(place + 1)
        if after and set(after.meanings) & {"in", "from", "not"}:
            after = self.at(place + 2)
        if before is None or after is None or before.kind != after.kind:
            return False
        columns = {column.name for column, _ in before.columns}
        same = any(column.name in columns for column, _ in after.columns)
        return before.kind == "period" or same

    def take(self, *places: int) -> None:
        for place in places:
            self.used.add(place)
            mark = self.marks[place]
            if mark.kind == "like" and mark.column:
                self.note("like", mark.text, mark.column.name)
            if mark.relative:
                self.note("today", mark.text, mark.period, f"{timezone.localdate()}")

    def note(self, what: str, *facts: str) -> None:
        if (note := Note(what, facts)) not in self.notes:
            self.notes.append(note)

    def left(self, kinds: Iterable[str]) -> list[int]:
        return [
            place
            for place, mark in enumerate(self.marks)
            if mark.kind in kinds and place not in self.used
        ]

    def left_columns(self, kind: str) -> list[int]:
        """Where columns of that kind are named, those that are named in full before others."""
        found = [place for place in self.left(COLUMNS) if self.column(place, kind)]
        return sorted(found, key=lambda place: -WORTH[self.marks[place].kind])

    def meanings(self) -> set[str]:
        """Of all cues that are not taken, and of columns that are called like a cue."""
        return {
            meaning
            for place, mark in enumerate(self.marks)
            if place not in self.used or mark.kind == "column"
            for meaning in mark.meanings
        }

    def not_understood(self) -> bool:
        for place, mark in enumerate(self.marks):
            if place in self.used or mark.kind in HARMLESS:
                continue
            if mark.kind in COLUMNS and mark.column and self._calls_a_row(mark, mark.column):
                continue  # `the last order`: what a row is called
            if mark.kind != "cue" or not set(mark.meanings) & IDLE:
                return True
        return False

    def _calls_a_row(self, mark: Mark, column: Column) -> bool:
        named = mark.kind == "column" and (not column.is_code or column.is_identifier)
        return column.is_key and not named

    def worth(self) -> int:
        """How much of the question speaks of this table."""
        rows = any("rows" in mark.meanings for mark in self.marks)
        return rows + sum(WORTH.get(mark.kind, 0) for mark in self.marks)

    def amount(self) -> Column | None:
        """The one column of money, or the only one of numbers that can be added up."""
        numbers = self._numbers()
        money = [column for column in numbers if column.is_money]
        found = [column for column in money if not column.is_rate] or money or numbers
        return found[0] if len(found) == 1 else None

    def compared(self) -> Column | None:
        """What `over 500` is about, where no column is named: the one that tells how much."""
        found = [
            column
            for column in self._numbers()
            if column.is_money or not column.is_count
            if not column.is_price
        ]
        return found[0] if len(found) == 1 else None

    def _numbers(self) -> list[Column]:
        return [
            column
            for column in self.table.columns
            if column.form.kind == "number" and not (column.is_year or column.may_name_rows)
        ]
