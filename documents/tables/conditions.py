"""Which rows a question is about: its values, comparisons, dates and gaps."""

from collections.abc import Sequence
from typing import NamedTuple

from documents.tables import vocabulary
from documents.tables.grammar import Condition
from documents.tables.lexicon import Mark
from documents.tables.marked_question import Sentence
from documents.tables.table import Column
from documents.text.folding import fold

COMPARES = (">", ">=", "<", "<=")
OF_DATES = {"in": "=", "after": ">", "before": "<", "since": ">=", "to": "<=", "from": ">="}
HINTS = {"older": "age", "younger": "age", "cheaper": "price", "günstiger": "price"}
TURNED = {"or more": ">=", "or less": "<="}


class Open(NamedTuple):
    """A comparison whose column is not said."""

    test: str
    values: tuple[str, ...]


class Conditions:
    """Takes from the sentence what narrows the rows."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.found: list[Condition] = []
        self.open: list[Open] = []

    def read(self) -> None:
        for place in range(len(self.sentence.marks)):
            if place not in self.sentence.used:
                self._at(place)

    def _at(self, place: int) -> None:
        sentence = self.sentence
        mark = sentence.marks[place]
        if mark.kind in {"value", "quoted", "unknown"} and sentence.means(place - 1, "contains"):
            self._contains(place)
        elif mark.kind == "value":
            self._value(place)
        elif sentence.means(place, "empty", "is empty"):
            self._empty(place)
        elif mark.kind in {"number", "period"}:
            self._figure(place)

    def _contains(self, place: int) -> None:
        sentence = self.sentence
        column = sentence.column(place - 2, "text")
        if column:
            sentence.take(place - 2, place - 1, place)
            self.found.append(
                Condition(column.name, "contains", (sentence.marks[place].text[:200],))
            )

    def _value(self, place: int) -> None:
        sentence = self.sentence
        mark = sentence.marks[place]
        where = {column.name: cell for column, cell in mark.columns}
        before = place - 1
        while sentence.means(before, "equal", "in", "and", "from"):
            before -= 1
        named = [near for near in (before, place + 1) if self._named(near, where)]
        column = sentence.marks[named[0]].column if named else mark.columns[0][0]
        if not column:
            return
        sentence.take(place, *named[:1])
        if named and sentence.means(named[0] - 1, "per"):
            sentence.take(named[0] - 1)
        if not named and len(where) > 1:
            others = ", ".join(name for name in where if name != column.name)
            sentence.note("value", mark.text, column.name, others)
        self._equal(column, where[column.name], min([before, *named[:1]]))

    def _named(self, place: int, where: dict[str, str]) -> bool:
        column = self.sentence.column(place)
        return column is not None and column.name in where

    def _equal(self, column: Column, cell: str, before: int) -> None:
        """A second value of the same column is one more that may be there."""
        sentence = self.sentence
        negated = [place for place in (before, before - 1) if sentence.means(place, "not")][:1]
        sentence.take(*negated)
        test = "!=" if negated else "="
        for place, other in enumerate(self.found):
            if (
                other.column == column.name
                and other.test in {"=", "!="}
                and (other.test == test or not negated)
            ):
                self.found[place] = other._replace(values=(*other.values, cell))
                return
        self.found.append(Condition(column.name, test, (cell,)))

    def _empty(self, place: int) -> None:
        sentence = self.sentence
        after = place + 1 if sentence.means(place, "empty") else place - 1
        for near in (after, place - 1):
            if (column := sentence.column(near)) and not self._is_asked_for(near):
                sentence.take(place, near)
                self.found.append(Condition(column.name, "empty"))
                return

    def _is_asked_for(self, place: int) -> bool:
        """`How many customers`: that column is what is counted."""
        return self.sentence.means(place - 1, "count", "which", "distinct")

    def _figure(self, place: int) -> None:
        sentence = self.sentence
        if sentence.means(place - 1, "best", "worst", "max", "min", "most", "least"):
            return  # how many are to be shown
        second = place + 2
        if sentence.means(place - 1, "between", "from") and sentence.means(place + 1, "and", "to"):
            other = sentence.at(second)
            if other and other.kind in {"number", "period"}:
                self._between(place, second)
                return
        mark = sentence.marks[place]
        if mark.kind == "period" and not self._is_compared(place):
            self._period(place)
        elif mark.number is not None:
            self._number(place)

    def _is_compared(self, place: int) -> bool:
        """A year's figures may be an amount: `over 2000`."""
        mark = self.sentence.marks[place]
        return (mark.number is not None and not mark.relative) and (
            self.sentence.means(place - 1, *COMPARES) or self.sentence.means(place + 1, *TURNED)
        )

    def _between(self, first: int, second: int) -> None:
        sentence = self.sentence
        low, high = sentence.marks[first], sentence.marks[second]
        dates = low.kind == high.kind == "period"
        numbers = low.number is not None and high.number is not None
        near = self._near(first - 2, second + 1, "number") if numbers else None
        column = None
        if dates and not (near is not None and not self._year_at(near)):
            column, near = self._date_column(first - 2, second + 1, low.number is not None)
            told: tuple[str, ...] = (low.period, high.period)
        if column is None and numbers:
            column = sentence.column(near) if near is not None else None
            told = (_plain(low), _plain(high))
        elif column is None:
            return
        if not dates and self._is_how_many(near):
            return
        sentence.take(first - 1, first, first + 1, second, *([] if near is None else [near]))
        self._add(column, "between", told)

    def _year_at(self, place: int) -> bool:
        column = self.sentence.column(place)
        return column is not None and column.is_year

    def _add(self, column: Column | None, test: str, told: tuple[str, ...]) -> None:
        if column:
            self.found.append(Condition(column.name, test, told))
        else:
            self.open.append(Open(test, told))

    def _near(self, before: int, after: int, kind: str) -> int | None:
        """The place of a column of that kind, before or after; not of what rows are called by."""
        sentence = self.sentence
        while sentence.means(before, "equal", "in", "which", "and"):
            before -= 1
        near = [place for place in (before, after) if sentence.column(place, kind)]
        return next((place for place in near if not sentence.names_rows(place)), None)

    def _is_how_many(self, place: int | None) -> bool:
        """`How many visitors over 500`: neither their sum nor rows are surely meant."""
        column = None if place is None else self.sentence.column(place)
        if place is None or column is None or column.is_money or column.is_rate:
            return False
        return self.sentence.means(place - 1, "count")

    def _number(self, place: int) -> None:
        sentence = self.sentence
        told = (_plain(sentence.marks[place]),)
        after = place + 1
        if compared := [test for test in COMPARES if sentence.means(place - 1, test)]:
            test, cues = compared[0], [place - 1]
        elif turned := [cue for cue in TURNED if sentence.means(after, cue)]:
            test, cues = TURNED[turned[0]], [after]
            after += 1
        else:
            test, cues = "=", [place - 1] if sentence.means(place - 1, "equal") else []
        before = min([*cues, place]) - 1 if test != "=" or cues else place - 1
        if before == after - 1:
            before -= 1
        near = self._near(before, after, "number")
        hinted = self._hinted(cues)
        if near is None and test == "=":
            self._called(place)
            return
        if test != "=" and not hinted and self._is_how_many(near):
            return
        sentence.take(place, *cues, *([] if near is None or hinted else [near]))
        column = None if near is None else sentence.marks[near].column
        self._add(hinted or column, test, told)

    def _called(self, place: int) -> None:
        """`Order 17`: the row of that number."""
        sentence = self.sentence
        column, text = sentence.column(place - 1), sentence.marks[place].text
        named = column is not None and (column.is_code or column.may_name_rows)
        if column is not None and named and text in column.counted:
            sentence.take(place - 1, place)
            self.found.append(Condition(column.name, "=", (text,)))

    def _hinted(self, cues: Sequence[int]) -> Column | None:
        """`Older than 50` is about an age, if the table has one."""
        words = {word for cue in cues for word in self.sentence.marks[cue].text.lower().split()}
        meant = next((HINTS[word] for word in words if word in HINTS), "")
        same = vocabulary.synonyms().get(fold(meant), frozenset())
        numbers = (c for c in self.sentence.table.columns if c.form.kind == "number")
        for column in numbers:
            if any(word.stems & same for word in vocabulary.words_of(column.name)):
                return column
        return None

    def _period(self, place: int) -> None:
        sentence = self.sentence
        mark = sentence.marks[place]
        cue = place - 1
        test = next((t for word, t in OF_DATES.items() if sentence.means(cue, word)), "")
        if sentence.means(cue, "per") and sentence.marks[cue].text.lower() == "nach":
            test = ">"
        before = cue - 1 if test else cue
        column, near = self._date_column(before, place + 1, mark.number is not None)
        if column is None:
            return
        negated = [before] if sentence.means(before, "not") else []
        if negated and test not in {"", "="}:
            return
        sentence.take(place, *([cue] if test else []), *negated)
        if near is not None:
            sentence.take(near)
        told = mark.period if column.form.kind == "date" else _plain(mark)
        self.found.append(Condition(column.name, "!=" if negated else test or "=", (told,)))

    def _date_column(self, before: int, after: int, year: bool) -> tuple[Column | None, int | None]:
        """That which is named beside it, else the first of the table."""
        sentence = self.sentence
        near = self._near(before, after, "date")
        if near is not None:
            return sentence.column(near), near
        columns = sentence.table.columns
        dates = [column for column in columns if column.form.kind == "date"]
        years = [column for column in columns if column.is_year]
        found = dates or (years if year else [])
        if len(found) > 1:
            others = ", ".join(column.name for column in found[1:])
            sentence.note("date", found[0].name, others)
        return (found[0] if found else None), None


def _plain(mark: Mark) -> str:
    return f"{mark.number:f}" if mark.number is not None else mark.text


def merged(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """`In 2023 and 2024`: what is the same of one column may be any of them."""
    found: list[Condition] = []
    for each in dict.fromkeys(conditions):
        same = [p for p, other in enumerate(found) if other[:2] == each[:2] == (each.column, "=")]
        if same:
            values = dict.fromkeys((*found[same[0]].values, *each.values))
            found[same[0]] = each._replace(values=tuple(values))
        else:
            found.append(each)
    return tuple(found)
