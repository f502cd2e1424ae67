"""The cells of a document's statements: balance sheet, income statement and cash flow statement."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from typing import NamedTuple

from chat.cells import page_tables, standard_terms
from chat.cells.columns import Period
from chat.cells.page_tables import Cell, Row
from chat.cells.standard_terms import Figure
from documents.finding.search import Passage

HEAD = 420  # characters of a page in which its title stands
LONGEST_TITLE = 200
MOST_PAGES = 8  # that are looked at for one statement
APART = 8  # pages that the statements of a report stand apart

Pages = Callable[[int, Sequence[int]], Sequence[Passage]]  # of a document, in order
Beginnings = Callable[
    [int], Sequence[tuple[int, str]]
]  # of each page of a document: its first lines

_NO_AMOUNT = re.compile(
    r"%|\bpercent|\bchange\b|\bincrease\b|\bdecrease\b|\bshare\b", re.IGNORECASE
)
_ADJUSTED = re.compile(r"\b(?:adjusted|non-?gaap|pro forma)\b", re.IGNORECASE)
_FISCAL = re.compile(r"\b(?:fiscal(?: year)?|FY)\s?(20\d\d)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


class Place(NamedTuple):
    """A row, and the passage that it stands in."""

    passage: Passage
    start: int  # characters of its text
    end: int


class Read(NamedTuple):
    row: Row
    cell: Cell
    place: Place


class Store(NamedTuple):
    beginnings: Beginnings
    pages: Pages


class _Page(NamedTuple):
    rows: list[Row]
    passages: Sequence[Passage]
    is_consolidated: bool


class Statements:
    """Of one document; nothing is read of it before it is asked for."""

    def __init__(self, store: Store, passages: Sequence[Passage]) -> None:
        """`passages`: those that were found in it, at least one."""
        self.store, self.found = store, passages
        self.document = passages[0].document
        self._pages: dict[str, list[_Page]] = {}
        self._read: dict[int, _Page] = {}

    def cell(self, figure: Figure, period: Period, periods: Sequence[Period]) -> Read | None:
        """The one that is meant; None where there is none, or two that say different things."""
        found = [
            read
            for page in self._of(figure.statement)
            if (read := self._on_page(page, figure, period, periods))
        ]
        return (
            found[0]
            if len({read.cell.value * int(read.row.scale) for read in found}) == 1
            else None
        )

    def has_row(self, figure: Figure) -> bool:
        return any(
            fnmatchcase(standard_terms.plain_label(row.label), pattern)
            for page in self._of(figure.statement)
            for row in page.rows
            for pattern in figure.rows
        )

    def periods(self, figure: Figure) -> list[Period]:
        """Of the columns of its first row, the newest first."""
        for page in self._of(figure.statement):
            for row in _rows_of(page, figure):
                dated = [cell.period for cell in row.cells if cell.period.year]
                if dated:
                    return [each._replace(length=0) for each in dict.fromkeys(dated)]
        return []

    def _on_page(
        self, page: _Page, figure: Figure, period: Period, periods: Sequence[Period]
    ) -> Read | None:
        for rows in _by_pattern(page, figure):
            found = [
                (row, cell) for row in rows if (cell := self._column(row, figure, period, periods))
            ]
            if found:
                row, cell = found[0]
                is_one = len({cell.value for _, cell in found}) == 1
                return Read(row, cell, place_of(page.passages, row)) if is_one else None
        return None

    def _column(
        self, row: Row, figure: Figure, period: Period, periods: Sequence[Period]
    ) -> Cell | None:
        is_instant = figure.statement == "balance"
        fits = [cell for cell in row.cells if self._fits(cell.period, period, is_instant)]
        if is_instant and (period.quarter or len(fits) > 1):
            fits = _by_calendar(row.cells, period, periods)
        if len(fits) > 1:
            fits = [cell for cell in fits if not _NO_AMOUNT.search(cell.head)]
        return fits[0] if len(fits) == 1 else None

    def _fits(self, column: Period, asked: Period, is_instant: bool) -> bool:
        if asked.month:
            same_day = not (asked.day and column.day) or asked.day == column.day
            return (column.year, column.month) == (asked.year, asked.month) and same_day
        if asked.quarter:
            return (column.year, column.quarter) == (asked.year, asked.quarter)
        if not is_instant and (column.quarter or column.length not in {0, 12}):
            return False
        if column.month in {1, 2}:
            return self._late is not None and column.year == asked.year + self._late
        return column.year == asked.year

    @cached_property
    def _late(self) -> int | None:
        """Years by which a year that ends in January has a later number than its name.

        Some firms call it 2018, others 2019; None where nothing tells.
        """
        newest = max((each.year for each in self._newest), default=0)
        in_name = [int(each) for each in _YEAR.findall(self.found[0].filename)]
        if in_name:
            return 1 if max(in_name) == newest - 1 else 0
        texts = " ".join(passage.text for passage in self.found)
        named = Counter(map(int, _FISCAL.findall(texts))).most_common(2)
        if not named or (len(named) > 1 and named[0][1] == named[1][1]):
            return None
        return {newest: 0, newest - 1: 1}.get(named[0][0])

    @property
    def _newest(self) -> Iterator[Period]:
        for pages in self._pages.values():
            for page in pages:
                yield from (cell.period for row in page.rows for cell in row.cells)

    def _of(self, name: str) -> list[_Page]:
        """The pages of a statement; the notes have tables under the same titles."""
        if name not in self._pages:
            pages = self._titled(name)
            near = self._of("cash") if name != "cash" and len(pages) > 1 else []
            if len(near) == 1:
                place = near[0].passages[0].page or 0
                pages = [
                    page for page in pages if abs((page.passages[0].page or 0) - place) <= APART
                ]
            self._pages[name] = pages
        return self._pages[name]

    def _titled(self, name: str) -> list[_Page]:
        statement = standard_terms.statement(name)
        numbers = [page for page, text in self.beginnings if _is_titled(statement.title, text)]
        pages = [self._page(number) for number in numbers[:MOST_PAGES]]
        pages = [page for page in pages if _has_all(page, statement.rows)]
        return [page for page in pages if page.is_consolidated] or pages

    @cached_property
    def beginnings(self) -> Sequence[tuple[int, str]]:
        return self.store.beginnings(self.document)

    def _page(self, number: int) -> _Page:
        if number in self._read:
            return self._read[number]
        passages = self.store.pages(self.document, [number])
        text = whole(passages)
        is_consolidated = "consolidated" in text[:HEAD].casefold()
        self._read[number] = _Page(page_tables.rows(text), passages, is_consolidated)
        return self._read[number]


def whole(passages: Sequence[Passage]) -> str:
    """The text of a page."""
    text = ""
    for passage in passages:
        text = text[: passage.start].ljust(passage.start, "\n") + passage.text
    return text


def _is_titled(title: re.Pattern[str], text: str) -> bool:
    """The title may have become a part of the table's head."""
    lines = [line.strip() for line in text[:HEAD].split("\n")]
    for line in lines[:9]:
        if len(line) <= LONGEST_TITLE and not line.endswith((".", ";")) and title.search(line):
            return True
        if "|" in line:
            break
    return False


def _has_all(page: _Page, rows: Sequence[Sequence[str]]) -> bool:
    labels = [standard_terms.plain_label(row.label) for row in page.rows]
    return all(
        any(fnmatchcase(label, pattern) for label in labels for pattern in patterns)
        for patterns in rows
    )


def _rows_of(page: _Page, figure: Figure) -> Iterator[Row]:
    for rows in _by_pattern(page, figure):
        yield from rows


def _by_pattern(page: _Page, figure: Figure) -> Iterator[list[Row]]:
    labels = [(standard_terms.plain_label(row.label), row) for row in page.rows]
    for pattern in figure.rows:
        found = [row for label, row in labels if fnmatchcase(label, pattern)]
        kept = [row for row in found if not _ADJUSTED.search(row.group)]
        if kept:
            yield kept


def _by_calendar(cells: Sequence[Cell], asked: Period, periods: Sequence[Period]) -> list[Cell]:
    """Of a quarterly balance sheet: what stands a quarter's end after the end of the year before."""
    other = next((each for each in periods if each.quarter), None)
    if other is None:
        return []
    for now in cells:
        for then in cells:
            start, end = then.period, now.period
            months = 12 * (end.year - start.year) + end.month - start.month
            begins = start.year in {other.year - 1} and start.month and end.month
            if begins and abs(months - 3 * other.quarter) <= 1 and now is not then:
                return [now] if asked.quarter else [then] if asked.year == start.year else []
    return []


def place_of(passages: Sequence[Passage], row: Row) -> Place:
    passage = next((each for each in reversed(passages) if each.start <= row.start), passages[0])
    start = max(row.start - passage.start, 0)
    return Place(passage, start, min(row.end - passage.start, len(passage.text)))


def by_document(passages: Sequence[Passage]) -> Mapping[int, list[Passage]]:
    """Those with the best passages first."""
    found: dict[int, list[Passage]] = {}
    for passage in passages:
        found.setdefault(passage.document, []).append(passage)
    return dict(sorted(found.items(), key=lambda each: -sum(p.score for p in each[1])))
