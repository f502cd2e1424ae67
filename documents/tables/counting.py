"""What `how many` counts: rows, different values, or the pieces that a column tells of."""

from documents.tables import numbering, vocabulary
from documents.tables.lexicon import Mark
from documents.tables.marked_question import COLUMNS, Sentence
from documents.tables.table import Column
from documents.text.folding import fold

Decided = tuple[str, Column | None]  # the operation, and of what
ASKS = ({"count"}, {"most", "least"}, {"sum"})
PASSED = {"distinct", "sum", "count", "most", "least", "max", "min", "best", "worst"}
AMOUNT = {"how much", "wie viel", "wieviel"}
TOTAL = {"total", "totals", "gesamt", "gesamte", "gesamten", "overall", "insgesamt"}


class Counting:
    """Of a sentence from which conditions and groups are taken."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.cue = next((place for asks in ASKS if (place := self._cue(asks)) is not None), None)
        self.things: list[Mark] = []  # values that stand where what is counted would
        self.place = self._noun()

    def _cue(self, asks: set[str]) -> int | None:
        places = range(len(self.sentence.marks))
        return next((place for place in places if self.sentence.means(place, *asks)), None)

    def _noun(self) -> int | None:
        """The place of what is counted, which stands behind the cue, else somewhere."""
        sentence = self.sentence
        start = len(sentence.marks) if self.cue is None else self.cue + 1
        for place, mark in enumerate(sentence.marks[start:], start):
            if place in sentence.used and mark.kind == "value":
                self.things.append(mark)
            elif place not in sentence.used and self._is_noun(place, mark):
                return place
            elif place not in sentence.used and not set(mark.meanings) & PASSED:
                break
        return None if self.things else next(iter(sorted(sentence.left(COLUMNS))), None)

    def _is_noun(self, place: int, mark: Mark) -> bool:
        return mark.kind in {*COLUMNS, "noun", "named"} or self.sentence.means(place, "rows")

    def decided(self) -> Decided | None:
        """None when two readings fit equally."""
        sentence, place = self.sentence, self.place
        if place is None:
            return self._without_noun()
        mark = sentence.marks[place]
        column = mark.column
        if "rows" in mark.meanings and not (column and numbering.is_plural(column.name)):
            sentence.take(place)
            return "count", None
        if column is None:
            return "count", None
        sentence.take(place)
        if sentence.means(place + 1, "rows"):
            return ("count", None) if column.is_code else None
        if self._tells_more(place):
            return None
        if column.form.kind == "number" and not column.is_year:
            return self._of_numbers(place, column)
        return self._of_values(column)

    def _of_values(self, column: Column) -> Decided | None:
        if column.is_key:
            return "count", None
        if column.is_goods and self._are_sold() and self._pieces():
            return None  # so many kinds, or so many pieces
        self.sentence.note("different", column.name)
        return "distinct", column

    def _tells_more(self, place: int) -> bool:
        """`Paid orders`, which are not the different values of Paid."""
        after = self.sentence.at(place + 1)
        more = after is not None and after.kind in {*COLUMNS, "noun"}
        return more and place in self.sentence.joined and self.cue is not None

    def _of_numbers(self, place: int, column: Column) -> Decided | None:
        sentence = self.sentence
        if column.may_name_rows:
            if sentence.names_rows(place):
                return self._of_named(place, column)
            if column.first:
                return None
        if column.is_rate or column.is_money:
            return None
        sentence.note("units", column.name)
        return "sum", column

    def _of_named(self, place: int, column: Column) -> Decided | None:
        """`How many orders`, where numbers stand below Order."""
        if self.sentence.marks[place].kind == "like":
            return None
        if len(column.counted) == len(column.cells):
            self.sentence.note("own", column.name)
            return "count", None
        if numbering.are_codes(column.cells):
            self.sentence.note("different", column.name)
            return "distinct", column
        return None

    def _without_noun(self) -> Decided | None:
        """`How many chairs were sold`: their pieces, if a column tells how many they are."""
        sentence = self.sentence
        pieces, sold = self._pieces(), self._are_sold()
        ranked = self.cue is not None and sentence.means(self.cue, "most", "least")
        if ranked and not sentence.means(self.cue or 0, "often"):
            added = [c for c in sentence.table.columns if c.form.kind == "number" and not c.is_year]
            return None if added else ("count", None)
        if not pieces:
            return "count", None
        if not self.things:
            return None if sold else ("count", None)
        thing = next((each for each in self.things if each.columns[0][0].is_goods), self.things[-1])
        column, cell = thing.columns[0]
        if not sold and not column.is_goods:
            several = fold(thing.text) != fold(cell)
            return None if several else ("count", None)
        if len(pieces) > 1:
            return None
        sentence.note("pieces", thing.text, pieces[0].name)
        return "sum", pieces[0]

    def _pieces(self) -> list[Column]:
        return [column for column in self.sentence.table.columns if column.is_pieces]

    def _are_sold(self) -> bool:
        return bool(self.sentence.said & vocabulary.trade())

    def is_alone(self) -> bool:
        """`Orders per country`: nothing else is named."""
        return self.cue is None and self.place is not None and self.place == 0

    def is_of_things(self) -> bool:
        """`Orders`, and no figure of theirs, stand behind the cue."""
        if self.cue is None or self.place != self.cue + 1:
            return False
        column = self.sentence.marks[self.place].column
        return column is None or column.form.kind == "text" or column.is_year

    def is_total(self) -> bool:
        """`Total orders in France`: how many, not how much."""
        return self._says(TOTAL) and self.is_of_things()

    def is_sum(self) -> bool:
        """`The sum of orders`: it may be of either."""
        return not self._says(AMOUNT) and self.is_of_things()

    def _says(self, words: set[str]) -> bool:
        return self.cue is not None and self.sentence.marks[self.cue].text.lower() in words
