"""PDF: text by pdfium, and by pypdf where pdfium cannot open the file."""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers import Page
from documents.readers.layout import text_of
from documents.readers.outline import Outline, headings_of, outline_of
from documents.readers.refusal import Damaged, Locked, Scan
from documents.readers.source import Source
from documents.readers.tidy import clean, printed


def read(file: BinaryIO) -> Source:
    try:
        book = pdfium.PdfDocument(file)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise Locked from error
        return _second_opinion(file)
    texts = (_text_of(book, index) for index in range(len(book)))
    pages = _pages(texts, outline_of(book), lambda: _has_pictures(book))
    return Source(_title(book.get_metadata_value("Title")), len(book), pages)


def _second_opinion(file: BinaryIO) -> Source:
    file.seek(0)
    try:
        book = pypdf.PdfReader(file)
        if book.is_encrypted and not book.decrypt(""):
            raise Locked
        total, title = len(book.pages), book.metadata and book.metadata.title
    except Locked:
        raise
    except Exception as error:  # pypdf raises errors of all kinds on what is no PDF
        raise Damaged from error
    if not total:
        raise Damaged
    texts = (_pypdf_text(book, index) for index in range(total))
    return Source(_title(title or ""), total, _pages(texts, {}, lambda: False))


def _text_of(book: pdfium.PdfDocument, index: int) -> str:
    try:
        page = book[index]
        try:
            return text_of(page)
        finally:
            page.close()
    except (pdfium.PdfiumError, ValueError, OSError):
        return ""  # one bad page never costs the others


def _pypdf_text(book: pypdf.PdfReader, index: int) -> str:
    try:
        return book.pages[index].extract_text()
    except Exception:  # noqa: BLE001 - one bad page never costs the others
        return ""


def _pages(texts: Iterable[str], outline: Outline, pictures: Callable[[], bool]) -> Iterator[Page]:
    compounds: set[str] = set()
    seen, number = False, 0
    for number, raw in enumerate(texts, start=1):
        text = printed(raw, compounds)
        seen = seen or bool(text.strip())
        yield Page(number, text, headings_of(text, outline.get(number, [])))
    if not seen:
        raise Scan(_without_text(number, pictures()))


def _without_text(total: int, pictures: bool) -> str:
    which = "its only page is" if total == 1 else f"its {total} pages are"
    if not pictures:
        return f"No text could be read from this PDF: {which} empty."
    what = "a picture" if total == 1 else "pictures"
    return (
        f"No text could be read from this PDF: {which} {what}. "
        "Run text recognition (OCR) over it and upload the result."
    )


def _has_pictures(book: pdfium.PdfDocument) -> bool:
    drawn = [pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_FORM]
    try:
        return any(any(page.get_objects(filter=drawn)) for page in book)
    except pdfium.PdfiumError:
        return True


def _title(title: str) -> str:
    """The title that the file claims, unless it is a number or a program's leftover."""
    title = " ".join(clean(title).split())[:300].removeprefix("Microsoft Word - ")
    return title if sum(map(str.isalpha, title)) >= 3 and title.lower() != "untitled" else ""
