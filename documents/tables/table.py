"""A table: named columns of cells, each read by the form that the whole column has."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from documents.readers.sheets import currencies
from documents.tables import durations, numbering, totals, values, vocabulary
from documents.tables.values import Form, Value

LOOK_ROWS = 20  # among which the names of the columns are looked for
LAST_ROWS = 3  # among which totals and notes may stand
LOOK_CELLS = 300
NAMED = 20  # of what is left out
TOTAL = re.compile(
    r"(?:grand |sub)?totals?|sum|summe|gesamt(?:summe|betrag)?|insgesamt|average|mittelwert"
    r"|durchschnitt",
    re.IGNORECASE,
)
NAME_END = 80  # characters, by which a name tells that it identifies
IDENTIFIES = re.compile(
    r"(?:^|[\s_\-.])(?:id|ids|key|code|index|zip|plz|uuid|sku|ref|reference|phone|telephone|telefon"
    r"|tel|fax|postcode)\.?$|(?-i:(?<=[a-z])I[Dd]$)|\S[\s_\-.]+(?:no|nr|number|nummer)\.?$|nummer$"
    r"|^(?:no|nr|line|pos|position|zeile)\.?$|\w{3}nr\.?$|#$",
    re.IGNORECASE,
)
SUBTOTAL = re.compile(r"(?:grand |sub-?)?total\b|(?:zwischen|gesamt)?summe\b", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")


class Parted(NamedTuple):
    """Rows cut into what they are."""

    names: list[str]
    rows: list[list[str]]
    left_out: list[str]  # the first words of rows that are totals, or notes at the end


class Column:
    def __init__(
        self, name: str, cells: Sequence[str], *, exact: bool, usual: str, first: bool = False
    ) -> None:
        self.name, self.cells, self.first = name, cells, first
        self._exact, self._usual = exact, usual

    @cached_property
    def form(self) -> Form:
        if self.is_identifier or numbering.names_rows(self.name, self.cells, first=self.first):
            return values.TEXT  # numbers that name something are not computed with
        return values.form_of(self.cells, exact=self._exact, usual=self._usual, name=self.name)

    @cached_property
    def values(self) -> list[Value | None]:
        return [values.parse_cell(cell, self.form) for cell in self.cells]

    @cached_property
    def counted(self) -> Counter[str]:
        """How often each of its filled cells is there."""
        return Counter(cell for cell in self.cells if not values.is_missing(cell))

    @property
    def is_key(self) -> bool:
        """Whether each row has one of its own, by which it is called."""
        return self.form.kind == "text" and len(self.counted) == len(self.cells) > 1

    @cached_property
    def is_code(self) -> bool:
        """Whether it is text of which each has a figure: INV-0001."""
        return self.form.kind == "text" and all(re.search(r"\d", cell) for cell in self.counted)

    @cached_property
    def may_name_rows(self) -> bool:
        return self.form.kind == "number" and numbering.may_name_rows(self.name, self.cells)

    @cached_property
    def is_rate(self) -> bool:
        """Whether it is not added up unless somebody asks for it."""
        return self.form.unit == "%" or self._is_called(vocabulary.not_added())

    @cached_property
    def is_price(self) -> bool:
        """Whether it is a rate, but not how old something is."""
        return self.is_rate and not self.is_age

    @cached_property
    def is_age(self) -> bool:
        return self.form.kind == "number" and self._is_called(vocabulary.synonyms()["age"])

    @cached_property
    def is_money(self) -> bool:
        return self._is_called(frozenset().union(*vocabulary.money()))

    @cached_property
    def is_pieces(self) -> bool:
        """Whether it tells how many of something a row is about."""
        amount = self.is_rate or self.is_money or bool(self.form.unit)
        return self.form.kind == "number" and not amount and self._is_called(vocabulary.pieces())

    @cached_property
    def is_count(self) -> bool:
        return numbering.is_plural(self.name) or self._is_called(vocabulary.counts())

    @cached_property
    def is_identifier(self) -> bool:
        return IDENTIFIES.search(self.name[-NAME_END:]) is not None

    @cached_property
    def is_goods(self) -> bool:
        return self._is_called(vocabulary.synonyms()["product"])

    def _is_called(self, stems: frozenset[str]) -> bool:
        return any(word.stems & stems for word in vocabulary.words_of(self.name))

    @cached_property
    def currencies(self) -> list[str]:
        """The code of each cell's currency, as far as it has one; none where no cell has."""
        found = [currencies.code(values.unit(cell)) for cell in self.cells]
        return found if any(found) else []

    @cached_property
    def is_year(self) -> bool:
        return self.form.kind == "number" and all(YEAR.fullmatch(cell) for cell in self.counted)


class Table:
    """One sheet, or the whole of a file that has no sheets."""

    def __init__(
        self,
        name: str,
        columns: Sequence[tuple[str, Sequence[str]]],
        *,
        exact: bool = False,
        file: str = "",
        left_out: Sequence[str] = (),
    ) -> None:
        self.name, self.file, self.left_out = name, file, left_out
        self.rows = len(columns[0][1]) if columns else 0
        looked = (cells[:LOOK_CELLS] for _, cells in columns)
        usual = "" if exact else values.usual_mark(looked)
        self.columns = [
            Column(name, cells, exact=exact, usual=usual, first=place == 0)
            for place, (name, cells) in enumerate(columns)
        ]
        self._named = {each.name.casefold(): each for each in self.columns}

    def column(self, name: str) -> Column | None:
        return self._named.get(name.casefold())

    @cached_property
    def totals(self) -> list[str]:
        """Names of rows among the others that look like sums of some of them."""
        texts = [column for column in self.columns if column.form.kind == "text"]
        return [cell for cell in (texts[0].cells if texts else []) if SUBTOTAL.match(cell)]

    def currencies(self, column: Column) -> list[str]:
        """Of each row's figure: by the cell itself, else by a column that tells them of amounts."""
        if column.form.unit in {"%", *durations.UNITS} or column.form.kind != "number":
            return []
        if column.currencies or not column.is_money:
            return column.currencies
        for other in self.columns:
            if other.counted and all(map(currencies.code, other.counted)):
                return [currencies.code(cell) for cell in other.cells]
        return []

    def row(self, place: int) -> list[str]:
        return [column.cells[place] for column in self.columns]


def parted(
    rows: Iterable[Sequence[str]], *, exact: bool = False, lone: bool = False
) -> Parted | None:
    """Names, rows and what is left out; None when this is no table.

    `exact`: a program wrote the numbers. `lone`: it is one even if its one column has no figures.
    """
    tidied = [tidy for row in rows if any(tidy := [" ".join(cell.split()) for cell in row])]
    if not tidied:
        return None
    width = max(map(_width, tidied))
    head = _head(tidied[:LOOK_ROWS]) if width > 1 else _lone_head(tidied, lone=lone)
    if width == 1 and head is None:
        return None
    body = tidied if head is None else tidied[head + 1 :]
    width = max((_width(row) for row in body), default=0)
    if not width or (width < 2 and head is None):
        return None
    names = _names([] if head is None else tidied[head], width)
    notes = _left_out(body, width)
    kept = [_padded(row, width) for row in body[: len(body) - len(notes)]]
    mark = "." if exact else values.usual_mark(zip(*kept[:LOOK_CELLS], strict=True)) or "."
    gone = totals.places(kept, mark)
    left_out = [totals.label(kept[place])[:80] for place in gone] + notes
    none = set(gone)
    kept = [row for place, row in enumerate(kept) if place not in none]
    return Parted(names, kept, left_out[:NAMED]) if kept else None


def _lone_head(rows: Sequence[Sequence[str]], *, lone: bool) -> int | None:
    """Of a table of one column, which is one where figures stand below a name."""
    texts = [next(filter(None, row)) for row in rows]
    if len(texts) < 2 or _is_figure(texts[0]):
        return None
    return 0 if lone or all(map(_is_figure, texts[1:])) else None


def _width(row: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(row, start=1) if cell), default=0)


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row[:width], *[""] * (width - len(row))]


def _head(top: Sequence[Sequence[str]]) -> int | None:
    """The row with the names: the first with the most different ones of a block without figures."""
    first = next((place for place, row in enumerate(top) if _may_be_names(row)), None)
    if first is None:
        return None
    block = [first]
    for place in range(first + 1, min(first + 3, len(top) - 1)):
        if not _may_be_names(top[place]):
            break
        block.append(place)
    return max(block, key=lambda place: (len({cell for cell in top[place] if cell}), -place))


def _may_be_names(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    figures = [cell for cell in filled if _is_figure(cell)]
    years = all(YEAR.fullmatch(cell) for cell in figures)
    return len(filled) > 1 and len(figures) < len(filled) and years


def _is_figure(cell: str) -> bool:
    numbers = (values.number(cell, mark) for mark in ".,")
    return any(each is not None for each in (*numbers, values.date(cell), durations.amount(cell)))


def _names(head: Sequence[str], width: int) -> list[str]:
    """One for each column, none twice."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for place, cell in enumerate(_padded(head, width), start=1):
        name = cell[:200] or f"Column {place}"
        seen[name.casefold()] += 1
        times = seen[name.casefold()]
        names.append(name if times == 1 else f"{name} ({times})")
    return names


def _left_out(body: Sequence[Sequence[str]], width: int) -> list[str]:
    """The beginnings of the rows at the end that are no rows of the table."""
    found: list[str] = []
    for row in reversed(body[-LAST_ROWS:]):
        filled = [cell for cell in row if cell]
        words = [cell for cell in filled if not _is_figure(cell)]
        total = TOTAL.fullmatch(filled[0].rstrip(":. ")) and len(words) == 1
        note = len(filled) == 1 and width > 2 and len(words) == 1
        if not (total or note):
            break
        found.append(filled[0][:80])
    return found
