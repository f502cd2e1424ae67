"""PowerPoint: a slide is a page, with its tables, the words of its charts and its notes."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import pptx
from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.shapes.group import GroupShape
from pptx.slide import Slide

from documents.readers.common import archive, slides
from documents.readers.common.refusal import Damaged, Empty
from documents.readers.common.source import Source
from documents.readers.common.spans import Cell, unfolded
from documents.readers.common.table_rows import line_of, lines_of
from documents.readers.common.tidy import clean
from documents.readers.office import ooxml_package
from documents.readers.office.pptx_numbering import text_of
from documents.readers.page import Page

BROKEN = (*archive.BROKEN, PythonPptxError)
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/%s}%s"
ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
PARAGRAPH, TEXT = DRAWING % ("main", "p"), DRAWING % ("main", "t")
TITLE, VALUE = DRAWING % ("chart", "title"), DRAWING % ("chart", "v")
DIAGRAM, POINT = DRAWING % ("diagram", "relIds"), DRAWING % ("diagram", "pt")
DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
FURNITURE = {PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER}


def parse(file: BinaryIO) -> Source:
    try:
        book = pptx.Presentation(ooxml_package.transitional(file))
        made = list(book.slides)
        title = book.core_properties.title or ""
    except BROKEN as error:
        raise Damaged from error
    pages = [_page(number, slide) for number, slide in enumerate(made, start=1)]
    if not any(page.text.strip() for page in pages):
        raise Empty
    return Source(slides.title_of(title, pages), len(pages), pages)


def _page(number: int, slide: Slide) -> Page:
    try:
        return slides.page_of(number, _title(slide), _blocks(slide))
    except BROKEN:
        return Page(number, "", [])  # one bad slide never costs the others


def _title(slide: Slide) -> str:
    shape = slide.shapes.title
    return clean(shape.text_frame.text).strip() if shape is not None else ""


def _blocks(slide: Slide) -> Iterator[str]:
    """The title first, wherever on the slide it was made."""
    _choose(slide.element)
    title = slide.shapes.title
    shapes = sorted(
        slide.shapes, key=lambda shape: title is None or shape.shape_id != title.shape_id
    )
    for shape in shapes:
        yield from _words(shape)
    if slide.has_notes_slide:
        notes = slide.notes_slide.notes_text_frame
        if notes is not None and notes.text.strip():
            yield slides.notes(notes.text)


def _choose(slide: etree._Element) -> None:
    """Of what is there in two ways, for newer and older programs, the first that has words."""
    for element in list(slide.iter(ALTERNATIVES)):
        ways = [way for way in element if next(way.iter(TEXT), None) is not None] or element[-1:]
        parent = element.getparent()
        for shape in list(ways[0]) if ways and parent is not None else []:
            element.addprevious(shape)
        if parent is not None:
            parent.remove(element)


def _words(shape: Any) -> Iterator[str]:
    if shape.is_placeholder and shape.placeholder_format.type in FURNITURE:
        return
    if isinstance(shape, GroupShape):
        for inner in shape.shapes:
            yield from _words(inner)
    elif getattr(shape, "has_table", False):
        yield from _table(shape.table)
    elif getattr(shape, "has_chart", False):
        yield from _chart(shape.chart)
    elif (diagram := shape.element.find(f".//{DIAGRAM}")) is not None:
        yield from _diagram(shape.part.related_part(diagram.get(DATA)).blob)
    elif shape.has_text_frame and shape.text_frame.text.strip():
        yield slides.block(text_of(shape.text_frame))


def _table(table: Any) -> Iterator[str]:
    rows = ([_cell(cell) for cell in row.cells if not cell.is_spanned] for row in table.rows)
    yield from lines_of(unfolded(rows))
    yield ""


def _cell(cell: Any) -> Cell:
    return Cell(text_of(cell.text_frame), cell.span_width, cell.span_height)


def _diagram(data: bytes) -> Iterator[str]:
    for point in archive.parsed(data).iter(POINT):
        lines = ("".join(each.itertext(TEXT)) for each in point.iter(PARAGRAPH))
        yield from filter(None, lines)
    yield ""


def _chart(chart: Any) -> Iterator[str]:
    for title in chart.element.iter(TITLE):  # of the chart, and of its axes
        yield "".join(title.itertext(TEXT, VALUE))
    for plot in chart.plots:
        categories = [str(category) for category in plot.categories]
        if any(categories):
            yield line_of(["", *categories])
        for series in plot.series:
            values = ("" if value is None else f"{value:.15g}" for value in series.values)
            yield line_of([str(series.name or ""), *values])
    yield ""
