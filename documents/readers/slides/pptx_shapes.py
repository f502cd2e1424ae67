"""What is on a slide, in the order in which one reads it: boxes, tables, charts, pictures."""

from collections.abc import Iterator
from typing import Any

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.shapes.group import GroupShape

from documents.readers.common import archive, stand_ins
from documents.readers.common.hidden import hidden
from documents.readers.common.spans import Cell, unfolded
from documents.readers.common.table_rows import lines_of
from documents.readers.office import ooxml_charts, ooxml_diagrams
from documents.readers.slides import pptx_embedded, slide_page
from documents.readers.slides.pptx_numbering import text_of
from documents.readers.slides.pptx_text import LINK, target_of
from documents.readers.slides.slide_page import Place

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/%s}%s"
SHOW = "{http://schemas.openxmlformats.org/presentationml/2006/main}%s"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}%s"
DIAGRAM, DATA = DRAWING % ("diagram", "relIds"), RELATED % "dm"
CHART = DRAWING % ("chart", "chart")
EXTENDED = "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart"
OBJECT, KEY = SHOW % "oleObj", RELATED % "id"
NAMES = SHOW % "cNvPr"
DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
MEDIA = {DRAWING % ("main", "videoFile"): "video", DRAWING % ("main", "audioFile"): "audio file"}
PLACEHOLDER = f"*/{SHOW % 'nvPr'}/{SHOW % 'ph'}"
LAYOUT = RELATIONSHIP_TYPE.SLIDE_LAYOUT
FURNITURE = {"sldNum", "dt", "ftr"}
PICTURE = SHOW % "pic"
LARGE = 1_080_000  # EMU, three centimetres: a smaller picture has nothing to be read
DEEP = 20  # groups in groups


class Unread(list[str]):
    """A noun for each thing that nobody could read."""


class Places:
    """Where the shapes of a show stand: those without a place of their own, where their layout says."""

    def __init__(self) -> None:
        self._of_layouts: dict[tuple[Any, str | None, str | None], Place] = {}

    def of(self, shape: Any) -> Place:
        if getattr(shape.element, "xfrm", None) is not None:
            return _place(shape)
        placeholder = shape.element.find(PLACEHOLDER)
        if placeholder is None:
            return _place(shape)
        layout = shape.part.part_related_by(LAYOUT)
        key = layout, placeholder.get("idx"), placeholder.get("type")
        if key not in self._of_layouts:
            self._of_layouts[key] = _place(getattr(shape, "_base_placeholder", None) or shape)
        return self._of_layouts[key]


def blocks_of(
    shapes: Any, title: Any, unread: Unread, places: Places, deep: int = DEEP
) -> Iterator[str]:
    first = None if title is None else title.element
    for shape in slide_page.in_order(shapes, places.of, lambda shape: shape.element is first):
        if _is_hidden(shape):
            yield from map(hidden, _words(shape, unread, places, deep))
        else:
            yield from _words(shape, unread, places, deep)


def _place(shape: Any) -> Place:
    return Place(shape.top or 0, shape.left or 0, shape.height or 0)


def _is_hidden(shape: Any) -> bool:
    names = next(shape.element.iter(NAMES), None)
    return names is not None and names.get("hidden") in {"1", "true"}


def _words(shape: Any, unread: Unread, places: Places, deep: int) -> Iterator[str]:
    placeholder = shape.element.find(PLACEHOLDER)
    if placeholder is not None and placeholder.get("type") in FURNITURE:
        return
    if isinstance(shape, GroupShape):
        yield from _described(shape, unread)
        if deep:
            yield from blocks_of(shape.shapes, None, unread, places, deep - 1)
    elif getattr(shape, "has_table", False):
        yield from _table(shape.table)
    elif shape.has_text_frame and (text := text_of(shape.text_frame)).strip():
        yield slide_page.block(text)
    else:
        media = [noun for tag, noun in MEDIA.items() if _has(shape, tag)]
        unread.extend(media)
        yield from _described(shape, Unread() if media else unread)
        yield from _framed(shape, unread)


def _has(shape: Any, tag: str) -> bool:
    return next(shape.element.iter(tag), None) is not None


def _described(shape: Any, unread: Unread) -> Iterator[str]:
    names = next(shape.element.iter(NAMES), None)
    if names is None or any(each.get("val") in {"1", "true"} for each in names.iter(DECORATIVE)):
        return
    words = stand_ins.description(names.get("descr", ""))
    link = next(names.iter(LINK), None)
    address = stand_ins.address(target_of(link, shape.part), "x") if link is not None else ""
    if words:
        yield slide_page.block(f"Picture: {words}" + (f" ({address})" if address else ""))
    elif address:
        yield slide_page.block(address)
    elif shape.element.tag == PICTURE and min(shape.width or 0, shape.height or 0) >= LARGE:
        unread.append("picture")


def _framed(shape: Any, unread: Unread) -> Iterator[str]:
    """What a frame has that is kept elsewhere in the file."""
    for element in shape.element.iter(CHART, EXTENDED, DIAGRAM, OBJECT):
        key = element.get(DATA if element.tag == DIAGRAM else KEY)
        try:
            data = shape.part.related_part(key).blob
            yield from _kept(element.tag, data)
        except (*archive.BROKEN, pptx_embedded.Unreadable):
            unread.append("embedded file" if element.tag == OBJECT else "chart")
        yield ""


def _kept(tag: str, data: bytes) -> Iterator[str]:
    if tag == OBJECT:
        yield from pptx_embedded.lines_of(data)
    elif tag == DIAGRAM:
        yield from ooxml_diagrams.lines_of(archive.parsed(data))
    else:
        yield from ooxml_charts.lines_of(archive.parsed(data))


def _table(table: Any) -> Iterator[str]:
    rows = ([_cell(cell) for cell in row.cells if not cell.is_spanned] for row in table.rows)
    yield from lines_of(unfolded(rows))
    yield ""


def _cell(cell: Any) -> Cell:
    return Cell(text_of(cell.text_frame), cell.span_width, cell.span_height)
