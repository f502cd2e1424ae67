"""The text of a PDF's page as one reads it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pypdfium2 as pdfium

from documents.readers.printed import (
    columns,
    drawn_lines,
    layout_hints,
    leftward_numbers,
    leftward_words,
    side_by_side,
    stacked_tables,
    told,
)
from documents.readers.printed.characters import LEFTWARDS_WORD, characters
from documents.readers.printed.columns import Band
from documents.readers.printed.drawn_lines import Rect
from documents.readers.printed.looks import Kind, looks_of
from documents.readers.printed.placed_words import (
    Run,
    Spot,
    TextLine,
    lines_of,
    mirrored,
    on_one_line,
    run_leftwards,
    runs_of,
    spots_of,
    text_line,
    with_raised,
)
from documents.readers.printed.raised_figures import raised_in
from documents.readers.printed.seen import spaced_words, symbols
from documents.readers.printed.seen.layers import Layers
from documents.readers.printed.seen.strikes import struck_out
from documents.readers.printed.seen.unseen import marks_of
from documents.readers.printed.sideways import lines_on_side, sides_of
from documents.readers.printed.tables import Heads, Table, heads_after, tables_of

MOST = 20_000  # characters of a page that is looked at more closely
BLANK = TextLine("", ())
NOTHING: Mapping[int, str] = {}


class Arrangement(NamedTuple):
    lines: list[TextLine]
    heads: Heads | None  # of a table at its end


NONE = Arrangement([], None)


class Text(NamedTuple):
    text: str
    unseen: str  # what nobody sees of it, where it has no place in the text
    kinds: dict[str, Kind]  # how its lines look, where that is asked for
    heads: Heads | None  # of a table that may go on over the page


def text_of(
    page: pdfium.PdfPage,
    layers: Layers,
    struck: Sequence[Rect] = (),
    heads: Heads | None = None,
    *,
    looked_at: bool = False,
) -> Text:
    """`struck`: where notes strike out what stands there; `heads`: of the page before."""
    text_page = page.get_textpage()
    try:
        return _Page(page, text_page, layers, struck).text(heads, looked_at=looked_at)
    finally:
        text_page.close()


class _Page:
    def __init__(
        self,
        page: pdfium.PdfPage,
        text_page: pdfium.PdfTextPage,
        layers: Layers,
        struck: Sequence[Rect],
    ) -> None:
        self.page, self.text_page = page, text_page
        self.plain = plain = characters(text_page)
        self.lines = drawn_lines.lines_of(page, text_page, plain)
        self.raised = list(raised_in(text_page, plain, self.lines))
        self.marks = marks_of(page, text_page, plain, self.lines, layers)
        if struck:
            self.marks |= struck_out(text_page, plain, self.lines, struck)

    def text(self, heads: Heads | None, *, looked_at: bool) -> Text:
        on_side = lines_on_side(self.page, self.text_page, self.lines)
        lines = [line for line in self.lines if line.start not in on_side]
        other = symbols.shown_in(self.text_page, self.plain)
        other |= spaced_words.joined_in(self.text_page, self.plain)
        if _runs_leftwards(self.plain):
            spots = self.spots()
            numbers = leftward_numbers.in_order(spots)
            other |= numbers | dict(leftward_words.in_order(self.text_page, spots, numbers))
        text = told.text_of(self.plain, lines, self.raised, self.marks, other)
        small = len(text) <= MOST
        kinds = looks_of(self.text_page, self.plain) if looked_at and small else {}
        arrangement, unseen = NONE, ""
        if on_side or is_worth_it(self.page, self.text_page, text, self.plain):
            spots = self.spots(other)
            arrangement = self.arranged(spots, text, heads, on_side=bool(on_side))
            text = "\n".join(line.text for line in arrangement.lines) or text
            unseen = told.unseen(spots, self.marks) if arrangement.lines else ""
        return Text(text, unseen, kinds, arrangement.heads)

    def spots(self, other: Mapping[int, str] = NOTHING) -> list[Spot]:
        spots = spots_of(self.page, self.text_page, plain=self.plain)
        if self.raised:
            spots = list(with_raised(spots, self.raised))
        if other:
            spots = [s._replace(text=other.get(s.start, s.text)) for s in spots]
        return [spot for spot in spots if spot.text]

    def arranged(
        self, spots: Sequence[Spot], text: str, heads: Heads | None, *, on_side: bool
    ) -> Arrangement:
        if self.marks:
            spots = list(told.seen(spots, self.marks))
        if not on_side:
            return arranged(spots, heads)
        sides = sides_of(self.page, self.text_page, spots)
        lines: list[TextLine] = []
        for side in sides:
            found = arranged(side, heads) if side else NONE
            drawn_so = text.split("\n") if side is sides.upright else _by_place(side)
            lines += found.lines or [TextLine(line, ()) for line in drawn_so]
            heads = found.heads
        return Arrangement(lines, heads)


def _runs_leftwards(plain: str) -> bool:
    return not plain.isascii() and bool(LEFTWARDS_WORD.search(plain))


def _by_place(spots: Sequence[Spot]) -> Iterator[str]:
    return (text_line(line).text for line in lines_of(runs_of(spots)))


def drawn(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> str:
    plain = characters(text_page)
    return told.text_of(plain, drawn_lines.lines_of(page, text_page, plain), (), {}, {})


def is_worth_it(
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, text: str = "", plain: str = ""
) -> bool:
    """Whether its lines may have to be arranged. `text` is what it says, if that is known, and
    `plain` its characters.
    """
    text = text or drawn(page, text_page)
    if not text or len(text) > MOST:
        return False
    if layout_hints.has_figures(text):
        return True
    some = spots_of(page, text_page, layout_hints.EVERY, plain=plain)
    return layout_hints.has_gutter(some) or layout_hints.goes_up(some)


def arranged(spots: Sequence[Spot], heads: Heads | None = None) -> Arrangement:
    """The lines of a page with columns and tables as such; none where there are neither."""
    leftwards = run_leftwards(spots)
    runs = runs_of(mirrored(spots) if leftwards else spots)
    blocks = columns.blocks_of(runs)
    if columns.are_mixed(blocks):
        return Arrangement(list(columns.lines_in_order(blocks)), None)
    columned = any(isinstance(block, Band) for block in blocks)
    if columned:
        return NONE
    tables = side_by_side.tables_of(runs)
    taken = {place for table in tables for place in table.places}
    rest = [run for run in runs if run.place not in taken] if taken else runs
    for table in tables_of(rest, heads, leftwards=leftwards):
        tables += side_by_side.drawn_apart(table, rest, leftwards=leftwards)
    taken = {place for table in tables for place in table.places}
    tables += [each for each in stacked_tables.tables_of(runs) if taken.isdisjoint(each.places)]
    if not tables:
        return NONE
    return Arrangement(list(_with_tables(runs, tables)), heads_after(tables, runs))


def _with_tables(runs: Sequence[Run], tables: Sequence[Table]) -> Iterator[TextLine]:
    """In the order in which they are drawn; a table whole, where the first of it is drawn."""
    within = {place: table for table in tables for place in table.places}
    line: list[Run] = []
    for run in runs:
        table = within.get(run.place)
        if line and (table or not on_one_line(line[-1], run)):
            yield text_line(line)
            line = []
        if table is None:
            line.append(run)
        elif run.place == min(table.places):
            yield BLANK
            yield from table.lines
            yield BLANK
    if line:
        yield text_line(line)
