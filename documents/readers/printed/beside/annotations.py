"""What people have noted on the pages of a PDF, which is no part of their text."""

import ctypes
import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.common.hidden import hidden
from documents.readers.printed.beside import form_fields
from documents.readers.printed.beside.wide_text import wide_text
from documents.readers.printed.drawn_lines import Rect

MOST = 2_000  # looked at on one page
QUADS = 500  # boxes of one note
UNSEEN = pdfium_c.FPDF_ANNOT_FLAG_HIDDEN | pdfium_c.FPDF_ANNOT_FLAG_NOVIEW
# A popup has the words of what it belongs to.
UNSAID = {
    pdfium_c.FPDF_ANNOT_LINK,
    pdfium_c.FPDF_ANNOT_POPUP,
    pdfium_c.FPDF_ANNOT_PRINTERMARK,
    pdfium_c.FPDF_ANNOT_TRAPNET,
    pdfium_c.FPDF_ANNOT_WATERMARK,
}
TAG, BREAK = re.compile(r"<[^<>]*>"), re.compile(r"</p>|<br\s*/?>", re.IGNORECASE)


class Notes(NamedTuple):
    lines: list[str]
    struck: list[Rect]  # where notes strike out what stands there


NONE = Notes([], [])


def notes_of(page: pdfium.PdfPage, form: pdfium.PdfFormEnv | None) -> Notes:
    count = min(pdfium_c.FPDFPage_GetAnnotCount(page), MOST)
    if not count:
        return NONE
    notes = Notes([], [])
    for annotation in _annotations(page, count):
        for line in _lines(annotation, form):
            if line not in notes.lines:
                notes.lines.append(line)
        if pdfium_c.FPDFAnnot_GetSubtype(annotation) == pdfium_c.FPDF_ANNOT_STRIKEOUT:
            notes.struck.extend(_boxes(annotation))
    return notes


def _annotations(page: pdfium.PdfPage, count: int) -> Iterator[pdfium_c.FPDF_ANNOTATION]:
    for place in range(count):
        if annotation := pdfium_c.FPDFPage_GetAnnot(page, place):
            try:
                yield annotation
            finally:
                pdfium_c.FPDFPage_CloseAnnot(annotation)


def _lines(annotation: pdfium_c.FPDF_ANNOTATION, form: pdfium.PdfFormEnv | None) -> Iterator[str]:
    kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
    if kind == pdfium_c.FPDF_ANNOT_WIDGET:
        line = form_fields.line_of(annotation, form, partial(_text, annotation))
    elif kind in UNSAID or pdfium_c.FPDFAnnot_HasKey(annotation, b"StateModel"):
        return
    else:
        words = _text(annotation, b"Contents") or _rich(annotation)
        free = kind == pdfium_c.FPDF_ANNOT_FREETEXT
        line = words if free or not words else f"Comment: {words}"
    if line:
        is_unseen = pdfium_c.FPDFAnnot_GetFlags(annotation) & UNSEEN
        yield hidden(line) if is_unseen else line


def _text(annotation: pdfium_c.FPDF_ANNOTATION, key: bytes) -> str:
    def read(held: object, size: int) -> int:
        found: int = pdfium_c.FPDFAnnot_GetStringValue(annotation, key, held, size)
        return found

    return wide_text(read)


def _rich(annotation: pdfium_c.FPDF_ANNOTATION) -> str:
    """The same as XHTML, which is all that some programs write."""
    return " ".join(TAG.sub("", BREAK.sub(" ", _text(annotation, b"RC"))).split())


def _boxes(annotation: pdfium_c.FPDF_ANNOTATION) -> Iterator[Rect]:
    count = min(pdfium_c.FPDFAnnot_CountAttachmentPoints(annotation), QUADS)
    quad = pdfium_c.FS_QUADPOINTSF()
    for number in range(count):
        if pdfium_c.FPDFAnnot_GetAttachmentPoints(annotation, number, quad):
            across = quad.x1, quad.x2, quad.x3, quad.x4
            upwards = quad.y1, quad.y2, quad.y3, quad.y4
            yield min(across), min(upwards), max(across), max(upwards)
    rect = pdfium_c.FS_RECTF()
    if not count and pdfium_c.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
        yield rect.left, rect.bottom, rect.right, rect.top
