"""Whether there is one figure for each value of a column, and how many of them are asked for."""

from documents.tables.marked_question import Sentence
from documents.tables.table import Column

DOWN, UP = {"min", "least", "worst"}, {"max", "most", "best"}


class Grouping:
    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.top = self._top()
        self.part = ""
        self.column = self._explicit()

    def _top(self) -> int:
        """`Top 5`, `the five largest`."""
        sentence = self.sentence
        for place in sentence.left({"number"}):
            number = sentence.marks[place].number
            beside = [
                near
                for near in (place - 1, place + 1)
                if sentence.means(near, *UP, *DOWN) and number is not None
            ]
            if beside and number is not None and 0 < number <= 100 and number == int(number):
                sentence.take(place)
                return int(number)
        return 0

    def _explicit(self) -> Column | None:
        """`Per country`, `by month`; but not `by revenue`, which is what is ordered by."""
        sentence = self.sentence
        for place in range(len(sentence.marks)):
            if not sentence.means(place, "per"):
                continue
            unit = next((u for u in ("year", "month") if sentence.means(place + 1, u)), "")
            if unit and (date := self.date()):
                self.part = unit
                sentence.take(place, place + 1)
                return date
            column = sentence.column(place + 1)
            if column and (column.form.kind == "text" or column.is_year):
                sentence.take(place, place + 1)
                return column
        return None

    def date(self) -> Column | None:
        columns = self.sentence.table.columns
        return next((column for column in columns if column.form.kind == "date"), None)

    def implied(self, meanings: set[str]) -> Column | None:
        """`Which country has the most …`. Where each row has its own, it is the row that is meant."""
        sentence = self.sentence
        if not (meanings & {"which", "list", "best", "worst"} or self.top):
            return None
        for place in sentence.left_columns("text"):
            sentence.take(place)
            column = sentence.marks[place].column
            return None if column is None or column.is_key else column
        return None
