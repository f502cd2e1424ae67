"""What people have filled in and noted on the pages of a PDF, which is no part of their text."""

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

MOST = 2_000  # looked at on one page
BYTES = 20_000  # of one text
UNSAID = {"", "Off"}  # a box that is not ticked
NOTED = {
    pdfium_c.FPDF_ANNOT_TEXT,
    pdfium_c.FPDF_ANNOT_HIGHLIGHT,
    pdfium_c.FPDF_ANNOT_UNDERLINE,
    pdfium_c.FPDF_ANNOT_STRIKEOUT,
}


def lines_of(page: pdfium.PdfPage) -> list[str]:
    return list(_lines(page, min(pdfium_c.FPDFPage_GetAnnotCount(page), MOST)))


def _lines(page: pdfium.PdfPage, count: int) -> Iterator[str]:
    for place in range(count):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, place)
        if not annotation:
            continue
        try:
            line = _line(annotation)
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)
        if line:
            yield line


def _line(annotation: pdfium_c.FPDF_ANNOTATION) -> str:
    kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
    if kind == pdfium_c.FPDF_ANNOT_WIDGET:
        value = _text(annotation, b"V")
        name = _text(annotation, b"TU") or _text(annotation, b"T")
        return ": ".join(filter(None, (name, value))) if value not in UNSAID else ""
    if kind == pdfium_c.FPDF_ANNOT_FREETEXT:
        return _text(annotation, b"Contents")
    noted = _text(annotation, b"Contents") if kind in NOTED else ""
    return f"Comment: {noted}" if noted else ""


def _text(annotation: pdfium_c.FPDF_ANNOTATION, key: bytes) -> str:
    size = min(pdfium_c.FPDFAnnot_GetStringValue(annotation, key, None, 0), BYTES)
    if size <= 2:
        return ""
    held = ctypes.create_string_buffer(BYTES)
    pdfium_c.FPDFAnnot_GetStringValue(
        annotation, key, ctypes.cast(held, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), BYTES
    )
    return " ".join(held.raw[: size - 2].decode("utf-16-le", "replace").split())
