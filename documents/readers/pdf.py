"""PDF: text by pdfium, and by pypdf where pdfium cannot open the file."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers import Page, passwords
from documents.readers.layout import text_of
from documents.readers.outline import Outline, headings_of, outline_of
from documents.readers.quality import State
from documents.readers.refusal import Damaged, Locked
from documents.readers.running import without
from documents.readers.scans import state_of
from documents.readers.source import Source
from documents.readers.tidy import clean, printed


def read(file: BinaryIO) -> Source:
    try:
        book = pdfium.PdfDocument(file, password=passwords.given() or None)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise passwords.refusal() from error
        return _second_opinion(file)
    found = (_text_of(book, index) for index in range(len(book)))
    pages = _pages(found, outline_of(book))
    return Source(_title(book.get_metadata_value("Title")), len(book), pages)


def _second_opinion(file: BinaryIO) -> Source:
    file.seek(0)
    try:
        book = pypdf.PdfReader(file)
        if book.is_encrypted and not book.decrypt(passwords.given()):
            raise passwords.refusal()
        total, title = len(book.pages), book.metadata and book.metadata.title
    except Locked:
        raise
    except Exception as error:  # pypdf raises errors of all kinds on what is no PDF
        raise Damaged from error
    if not total:
        raise Damaged
    found = (_pypdf_text(book, index) for index in range(total))
    return Source(_title(title or ""), total, _pages(found, {}))


def _text_of(book: pdfium.PdfDocument, index: int) -> tuple[str, State]:
    try:
        page = book[index]
        try:
            text = text_of(page)
            return text, state_of(page, text)
        finally:
            page.close()
    except (pdfium.PdfiumError, ValueError, OSError):
        return "", State.UNREADABLE  # one bad page never costs the others


def _pypdf_text(book: pypdf.PdfReader, index: int) -> tuple[str, State]:
    try:
        return book.pages[index].extract_text(), State.TEXT
    except Exception:  # noqa: BLE001 - one bad page never costs the others
        return "", State.UNREADABLE


def _pages(found: Iterable[tuple[str, State]], outline: Outline) -> Iterator[Page]:
    compounds: set[str] = set()
    pages = (
        Page(number, printed(raw, compounds), [], state)
        for number, (raw, state) in enumerate(found, start=1)
    )
    for page in without(pages):
        yield page._replace(headings=headings_of(page.text, outline.get(page.number or 0, [])))


def _title(title: str) -> str:
    """The title that the file claims, unless it is a number or a program's leftover."""
    title = " ".join(clean(title).split())[:300].removeprefix("Microsoft Word - ")
    return title if sum(map(str.isalpha, title)) >= 3 and title.lower() != "untitled" else ""
