"""Files that are inside of a PDF: those of a portfolio, and those pinned to a page."""

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.common.tidy import one_line
from documents.readers.printed.beside.wide_text import wide_text

MOST = 200
# The bytes of a file with others inside have one of these; a stream is never among packed objects.
SIGNS = (b"EmbeddedFile", b"FileAttachment", b"/EF")
ANNOTATIONS = 2_000  # looked at on one page


def names_of(book: pdfium.PdfDocument) -> list[str]:
    """Of those that are not pinned to a page."""
    return [_name(attached) for attached in _listed(book)]


def files_of(book: pdfium.PdfDocument) -> Iterator[tuple[str, bytes]]:
    for attached in _listed(book):
        if data := _data(attached):
            yield _name(attached), data
    for index in range(len(book)):
        yield from _pinned(book, index)


def _listed(book: pdfium.PdfDocument) -> Iterator[pdfium_c.FPDF_ATTACHMENT]:
    for number in range(min(pdfium_c.FPDFDoc_GetAttachmentCount(book), MOST)):
        if attached := pdfium_c.FPDFDoc_GetAttachment(book, number):
            yield attached


def _pinned(book: pdfium.PdfDocument, index: int) -> Iterator[tuple[str, bytes]]:
    try:
        page = book[index]
    except pdfium.PdfiumError:
        return
    try:
        for place in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), ANNOTATIONS)):
            annotation = pdfium_c.FPDFPage_GetAnnot(page, place)
            attached = annotation and pdfium_c.FPDFAnnot_GetFileAttachment(annotation)
            if attached and (data := _data(attached)):
                yield _name(attached), data
            pdfium_c.FPDFPage_CloseAnnot(annotation)
    finally:
        page.close()


def _name(attached: pdfium_c.FPDF_ATTACHMENT) -> str:
    name = wide_text(lambda held, size: pdfium_c.FPDFAttachment_GetName(attached, held, size))
    return one_line(name.replace("\\", "/").rpartition("/")[2]) or "attachment"


def _data(attached: pdfium_c.FPDF_ATTACHMENT) -> bytes:
    size = ctypes.c_ulong()
    if not pdfium_c.FPDFAttachment_GetFile(attached, None, 0, size) or not size.value:
        return b""
    held = ctypes.create_string_buffer(size.value)
    pdfium_c.FPDFAttachment_GetFile(attached, held, size.value, size)
    return held.raw
