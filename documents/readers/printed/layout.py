"""The text of a PDF's page as one reads it."""

from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium

from documents.readers.printed import columns, layout_hints, stacked_tables
from documents.readers.printed.characters import LEFTWARDS_WORD, characters
from documents.readers.printed.columns import Band
from documents.readers.printed.looks import Kind, looks_of
from documents.readers.printed.placed_words import (
    Run,
    Spot,
    TextLine,
    mirrored,
    on_one_line,
    run_leftwards,
    runs_of,
    spots_of,
    text_line,
)
from documents.readers.printed.tables import Table, tables_of

MOST = 20_000  # characters of a page that is looked at more closely
BLANK = TextLine("", ())


def text_of(page: pdfium.PdfPage, *, looked_at: bool = False) -> tuple[str, dict[str, Kind]]:
    """With how its lines look, where that is asked for."""
    text_page = page.get_textpage()
    try:
        text = drawn(text_page)
        kinds = looks_of(text_page) if looked_at and len(text) <= MOST else {}
        if is_worth_it(page, text_page, text):
            spots = spots_of(page, text_page)
            text = "\n".join(line.text for line in arranged(spots)) or text
        return text, kinds
    finally:
        text_page.close()


def drawn(text_page: pdfium.PdfTextPage) -> str:
    # Bounded: keeps raised characters on their line, and leaves out what is off the page.
    text: str = text_page.get_text_bounded() or text_page.get_text_range()
    if text.isascii() or not LEFTWARDS_WORD.search(text):
        return text
    plain, turned = text_page.get_text_range(), characters(text_page)
    return text if plain == turned else turned


def is_worth_it(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, text: str = "") -> bool:
    """Whether its lines may have to be arranged. `text` is what it says, if that is known."""
    text = text or drawn(text_page)
    if not text or len(text) > MOST:
        return False
    if layout_hints.has_figures(text):
        return True
    some = spots_of(page, text_page, layout_hints.EVERY)
    return layout_hints.has_gutter(some) or layout_hints.goes_up(some)


def arranged(spots: Sequence[Spot]) -> list[TextLine]:
    """The lines of a page with columns and tables as such; none where there are neither."""
    leftwards = run_leftwards(spots)
    runs = runs_of(mirrored(spots) if leftwards else spots)
    blocks = columns.blocks_of(runs)
    if columns.are_mixed(blocks):
        return list(columns.lines_in_order(blocks))
    columned = any(isinstance(block, Band) for block in blocks)
    if columned:
        return []
    tables = tables_of(runs, leftwards=leftwards)
    taken = {place for table in tables for place in table.places}
    tables += [each for each in stacked_tables.tables_of(runs) if taken.isdisjoint(each.places)]
    return list(_with_tables(runs, tables)) if tables else []


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
