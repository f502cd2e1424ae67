"""Forms that only Adobe's programs show: their pages say "Please wait", their data stand beside."""

import ctypes
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.common.refusal import Refusal
from documents.readers.common.tidy import clean
from documents.readers.page import Page

BYTES = 20_000_000  # of the form's data
PACKETS = 100
DEEP = 100
HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|_")


class OnlyAdobe(Refusal):
    """This is a form that only Adobe's programs can show. Print it to a PDF there and upload that."""

    code = "xfa"


def is_alone(book: pdfium.PdfDocument) -> bool:
    """Whether the file is such a form, and no other one as well."""
    kind = book.get_formtype()
    if kind == pdfium_c.FORMTYPE_XFA_FULL:
        return True
    return kind == pdfium_c.FORMTYPE_XFA_FOREGROUND and not _has_annotations(book)


def page_of(book: pdfium.PdfDocument) -> Page:
    """What is filled in. Raises OnlyAdobe when there is nothing."""
    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # rarely needed
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    try:
        roots = [fromstring(packet) for packet in _packets(book)]
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise OnlyAdobe from error
    held = [element for root in roots for element in root.iter() if _is(element, "datasets")]
    text = "\n".join(line for element in held for line in _lines(element, 0))
    if not text.strip():
        raise OnlyAdobe
    return Page(1, text, [])


def _is(element: Element, name: str) -> bool:
    return isinstance(element.tag, str) and element.tag.rpartition("}")[2] == name


def _has_annotations(book: pdfium.PdfDocument) -> bool:
    for index in range(min(len(book), 3)):
        page = book[index]
        try:
            if pdfium_c.FPDFPage_GetAnnotCount(page):
                return True
        finally:
            page.close()
    return False


def _packets(book: pdfium.PdfDocument) -> Iterator[bytes]:
    """That of the data, or all of them in one."""
    for number in range(min(pdfium_c.FPDF_GetXFAPacketCount(book), PACKETS)):
        size = pdfium_c.FPDF_GetXFAPacketName(book, number, None, 0)
        name = ctypes.create_string_buffer(max(size, 1))
        pdfium_c.FPDF_GetXFAPacketName(book, number, name, size)
        if name.value in {b"", b"datasets"} and (content := _content(book, number)):
            yield content


def _content(book: pdfium.PdfDocument, number: int) -> bytes:
    size = ctypes.c_ulong()
    pdfium_c.FPDF_GetXFAPacketContent(book, number, None, 0, size)
    if not 0 < size.value <= BYTES:
        return b""
    held = ctypes.create_string_buffer(size.value)
    pdfium_c.FPDF_GetXFAPacketContent(book, number, held, size.value, size)
    return held.raw


def _lines(element: Element, depth: int) -> Iterator[str]:
    if _is(element, "dataDescription"):
        return  # what may be filled in
    children = list(element) if depth < DEEP else []
    words = " ".join(clean(element.text or "").split())
    if words:
        name = HUMPS.sub(" ", element.tag.rpartition("}")[2])
        yield f"{name}: {words}"
    for child in children:
        yield from _lines(child, depth + 1)
