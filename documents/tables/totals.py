"""Rows that say what others come to: they are no rows of the table, or all would be added twice."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from documents.tables import durations, values

# What says by itself that a row is a sum, and what may be the name of something too.
SURELY = re.compile(
    r"(?:grand |sub-?\s?|overall )?totals?|sum|(?:sum|overall) total|total sum"
    r"|summe|(?:zwischen|gesamt|end|teil)(?:summe|betrag)|gesamt(?:ergebnis)?|insgesamt"
    r"|(?:sous-)?total g[ée]n[ée]ral|total gene?ral|total geral|totale|totaal"
    r"|(?:sub)?totale(?: parziale| generale| complessivo)?|suma parcial|(?:sub|eind)totaal"
    r"|algemeen totaal|(?:suma )?(?:częściowa|cząstkowa|końcowa|całkowita|ogółem)|łącznie"
    r"|delsumma?|slutsumma|sluttsum|totalt|välisumma|kokonaissumma|yhteensä|mezisoučet|celkem"
    r"|medzisúčet|részösszeg|összesen|végösszeg|(?:ara |genel )?toplam"
    r"|(?:общий |промежуточный )?итого?|подытог|всего|всього|усього|(?:μερικό |γενικό )?σύνολο"
    r"|合計|小計|総計|總計|合计|小计|总计|합계|소계|총계|المجموع|الإجمالي|סה[\"״']+כ|סך הכל"
    r"|.*\b(?:sub-?\s?total|zwischensumme|teilsumme|sous-total)s?",
    re.IGNORECASE,
)
MAYBE = re.compile(
    rf"{SURELY.pattern}|"
    r"(?:grand |sub-?\s?|sous-)?totals?\b.*|.*\btotals?|(?:zwischen|gesamt|teil)?summe\b.*"
    r"|.*\b(?:summe|ergebnis)|sum of\b.*|overall|all|together|suma|summa|součet|razem|разом|spolu"
    r"|i alt|(?:totale|totaal|suma|summa|razem|итого|всего|celkem|toplam)\b.*"
    r"|.*\b(?:totale|totaal|razem|итого|összesen|yhteensä|celkem|toplam)",
    re.IGNORECASE,
)
CLOSE = Decimal("0.011")  # cents that were rounded


class Row(NamedTuple):
    words: dict[int, str]  # by the column
    figures: dict[int, Decimal]


class Sum:
    """Of the rows so far."""

    def __init__(self) -> None:
        self.rows = 0
        self.words: dict[int, str] = {}  # that all of them have
        self._figures: dict[int, Decimal] = {}

    def add(self, row: Row) -> None:
        same = row.words if not self.rows else self.words
        self.words = {place: word for place, word in same.items() if row.words.get(place) == word}
        self.rows += 1
        for column, figure in row.figures.items():
            self._figures[column] = self._figures.get(column, Decimal(0)) + figure

    def matches(self, row: Row) -> int:
        """In how many columns the row says what these come to."""
        return sum(
            bool(figure) and abs(self._figures.get(column, Decimal(0)) - figure) <= CLOSE
            for column, figure in row.figures.items()
        )


def places(rows: Sequence[Sequence[str]], mark: str) -> list[int]:
    """Of those rows, which stand behind what they add up, or before. `mark` is the decimal mark."""
    read = [_row_of(row, mark) for row in rows]
    behind = _places(read)
    before = sorted(len(rows) - 1 - place for place in _places(read[::-1]))
    return before if len(before) > len(behind) else behind


def label(row: Sequence[str]) -> str:
    """What such a row is called."""
    named = (cell for cell in row if MAYBE.fullmatch(cell.strip(":. ")))
    return next(named, next(filter(None, row), ""))


def _row_of(cells: Sequence[str], mark: str) -> Row:
    row = Row({}, {})
    for place, cell in enumerate(cells):
        figure = values.number(cell, mark) if cell else None
        figure = durations.amount(cell) if figure is None else figure
        if figure is not None:
            row.figures[place] = figure
        elif cell:
            row.words[place] = cell.strip(":. ")
    return row


def _places(rows: Sequence[Row]) -> list[int]:
    counts = sorted(len(row.words) for row in rows)
    usual = counts[len(counts) // 2] if counts else 0
    found: list[int] = []
    block, details, parts = Sum(), Sum(), Sum()  # since the last of them; all others; they
    for place, row in enumerate(rows):
        if not _is_total(row, usual, (block, parts, details)):
            block.add(row)
            details.add(row)
            continue
        found.append(place)
        parts = Sum() if parts.rows > 1 and parts.matches(row) else parts
        parts.add(row)
        block = Sum()
    return found if details.rows else []


def _is_total(row: Row, usual: int, sums: Sequence[Sum]) -> bool:
    """By what it is called; where that may be a name, or is none, by its figures."""
    if not row.figures:
        return False
    named = [word for word in row.words.values() if MAYBE.fullmatch(word)]
    if named:
        surely = any(map(SURELY.fullmatch, named))
        return surely or any(each.rows and each.matches(row) for each in sums)
    block, parts, _ = sums
    if not block.rows and parts.rows > 1 and parts.matches(row) == len(row.figures):
        return True  # right behind the last of several sums, and what all these come to
    if len(row.words) >= usual:
        return False
    return any(_adds_up(row, each) for each in sums if each.rows > 1)


def _adds_up(row: Row, told: Sum) -> bool:
    """In all of its columns; and it has no name of its own, or there are several columns."""
    matches = told.matches(row)
    own = any(told.words.get(place) != word for place, word in row.words.items())
    return matches == len(row.figures) and (matches > 1 or not own)
