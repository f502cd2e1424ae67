"""Tables of a page as lines, and text whose line breaks are its own."""

from collections.abc import Callable

from lxml import etree

from documents.readers.common.spans import Cell, span, unfolded
from documents.readers.common.table_rows import lines_of
from documents.readers.common.tidy import clean
from documents.readers.web_page.html_styles import Sight, Styles
from documents.readers.web_page.html_unseen import Unseen

CELLS = {"td", "th"}
LAID_OUT = ("table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "form", "article", "section")
CELL_CHARACTERS = 500  # more is text that a table holds in place

Inline = Callable[[etree._Element, Sight], str]


def written(element: etree._Element) -> list[str]:
    """Text whose lines and blanks are its own."""
    for line_break in element.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    text = clean("".join(element.itertext(etree.Element)))
    return [line.rstrip() for line in text.strip("\n").split("\n")] if text.strip() else []


def lines_of_table(
    table: etree._Element, around: Sight, styles: Styles, inline: Inline
) -> list[str]:
    """Its rows as lines; none if it only holds a page's parts in place."""
    if next(table.iterdescendants(*LAID_OUT), None) is not None:
        return []
    rows = [
        [
            Cell(text, span(cell.get("colspan")), span(cell.get("rowspan")))
            for cell, text in _cells(row, sight, styles, inline)
        ]
        for row in table.iter("tr")
        if (sight := _sight(row, table, around, styles))
    ]
    cells = [cell for row in rows for cell in row]
    if len(cells) == len(rows) or any(len(cell.text) > CELL_CHARACTERS for cell in cells):
        return []
    captions = [inline(caption, around) for caption in table.iterchildren("caption")]
    return [*filter(None, captions), *lines_of(unfolded(rows))]


def _cells(
    row: etree._Element, around: Sight, styles: Styles, inline: Inline
) -> list[tuple[etree._Element, str]]:
    found = []
    for cell in row.iterchildren(*CELLS):
        sight = styles.sight(cell, around)
        if not isinstance(sight, Unseen):
            found.append((cell, inline(cell, sight)))
    return found


def _sight(
    row: etree._Element, table: etree._Element, around: Sight, styles: Styles
) -> Sight | None:
    """None where it is not seen."""
    part, sight = row.getparent(), around
    if part is not None and part is not table:
        found = styles.sight(part, around)
        if isinstance(found, Unseen):
            return None
        sight = found
    seen = styles.sight(row, sight)
    return None if isinstance(seen, Unseen) else seen
