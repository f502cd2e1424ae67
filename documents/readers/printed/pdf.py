"""PDF: text by pdfium, and by pypdf where pdfium cannot open the file."""

import importlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import BinaryIO, NamedTuple

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.common import passwords
from documents.readers.common.quality import State
from documents.readers.common.refusal import Damaged, Locked
from documents.readers.common.source import Source
from documents.readers.common.tidy import one_line, printed
from documents.readers.page import Page
from documents.readers.printed.beside import annotations, attached, xfa
from documents.readers.printed.layout import text_of
from documents.readers.printed.looks import Kind, placed
from documents.readers.printed.outline import Outline, headings_of, outline_of
from documents.readers.printed.running_titles import without
from documents.readers.printed.scans import state_of
from documents.readers.printed.seen.layers import Layers, any_in
from documents.readers.printed.tables import Heads

LATE = ("pypdf.filters", "defusedxml.ElementTree")  # imported with the first file that needs them
SPARSE = 0.1  # of the pages have an entry: with fewer, an outline says little


class Found(NamedTuple):
    text: str
    state: State
    more: str = ""  # what is no part of the text that runs over the page
    kinds: Mapping[str, Kind] = {}


def warm_up() -> None:
    for name in LATE:
        importlib.import_module(name)


def parse(file: BinaryIO) -> Source:
    try:
        book = _opened(file)
    except pdfium.PdfiumError:
        return _second_opinion(file)
    title = _title(book.get_metadata_value("Title"))
    if xfa.is_alone(book):
        return Source(title, 1, [xfa.page_of(book)])
    outline = outline_of(book)
    reading = _Reading(book, Layers(file), looked_at=len(outline) < SPARSE * len(book))
    found = (reading.text_of(index) for index in range(len(book)))
    return Source(title, len(book), _pages(found, outline))


def attachments(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Looked for at each page only if some of the file's bytes speak of any."""
    if not any_in(file, attached.SIGNS):
        return
    try:
        yield from attached.files_of(_opened(file))
    except pdfium.PdfiumError as error:
        raise Damaged from error


def _opened(file: BinaryIO) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(file, password=passwords.given() or None)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise passwords.refusal() from error
        raise


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


class _Reading:
    def __init__(self, book: pdfium.PdfDocument, layers: Layers, *, looked_at: bool) -> None:
        self.book, self.layers, self.looked_at = book, layers, looked_at
        self.heads: Heads | None = None
        with suppress(pdfium.PdfiumError):
            book.init_forms()

    def text_of(self, index: int) -> Found:
        try:
            page = self.book[index]
            try:
                return self._found(page, index)
            finally:
                page.close()
        except (pdfium.PdfiumError, ValueError, OSError):
            return Found("", State.UNREADABLE)  # one bad page never costs the others

    def _found(self, page: pdfium.PdfPage, index: int) -> Found:
        notes = annotations.notes_of(page, self.book.formenv)
        text, unseen, kinds, self.heads = text_of(
            page, self.layers, notes.struck, self.heads, looked_at=self.looked_at
        )
        state = state_of(page, text)
        held = [] if index else [f"Attachment: {name}" for name in attached.names_of(self.book)]
        more = "\n".join(filter(None, [unseen, *notes.lines, *held]))
        if more and state is State.EMPTY:
            state = State.TEXT
        return Found(text, state, more, kinds)


def _pypdf_text(book: pypdf.PdfReader, index: int) -> Found:
    try:
        return Found(book.pages[index].extract_text(), State.TEXT)
    except Exception:  # noqa: BLE001 - one bad page never costs the others
        return Found("", State.UNREADABLE)


def _pages(found: Iterable[Found], outline: Outline) -> Iterator[Page]:
    compounds: set[str] = set()
    waiting: deque[Found] = deque()  # of the pages that `without` holds

    def read() -> Iterator[Page]:
        for number, each in enumerate(found, start=1):
            waiting.append(each)
            yield Page(number, printed(each.text, compounds), [], each.state)

    for page in without(read()):
        _, _, more, kinds = waiting.popleft()
        yield page._replace(
            text="\n".join(filter(None, [page.text, printed(more, compounds)])),
            headings=headings_of(page.text, outline.get(page.number or 0, [])),
            looks=placed(page.text, kinds) if kinds else (),
        )


def _title(title: str) -> str:
    """The title that the file claims, unless it is a number or a program's leftover."""
    title = one_line(title).removeprefix("Microsoft Word - ")
    return title if sum(map(str.isalpha, title)) >= 3 and title.lower() != "untitled" else ""
