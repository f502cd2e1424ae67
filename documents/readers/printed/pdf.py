"""PDF: text by pdfium, and by pypdf where pdfium cannot open the file."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
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
from documents.readers.printed import annotations
from documents.readers.printed.layout import text_of
from documents.readers.printed.looks import Kind, placed
from documents.readers.printed.outline import Outline, headings_of, outline_of
from documents.readers.printed.running_titles import without
from documents.readers.printed.scans import state_of

SPARSE = 0.1  # of the pages have an entry: with fewer, an outline says little


class Found(NamedTuple):
    text: str
    state: State
    kinds: Mapping[str, Kind] = {}


def parse(file: BinaryIO) -> Source:
    try:
        book = pdfium.PdfDocument(file, password=passwords.given() or None)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise passwords.refusal() from error
        return _second_opinion(file)
    outline = outline_of(book)
    sparse = len(outline) < SPARSE * len(book)
    found = (_text_of(book, index, looked_at=sparse) for index in range(len(book)))
    pages = _pages(found, outline)
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


def _text_of(book: pdfium.PdfDocument, index: int, *, looked_at: bool) -> Found:
    try:
        page = book[index]
        try:
            text, kinds = text_of(page, looked_at=looked_at)
            state, filled_in = state_of(page, text), annotations.lines_of(page)
            if filled_in and state is State.EMPTY:
                state = State.TEXT
            return Found("\n".join(filter(None, [text, *filled_in])), state, kinds)
        finally:
            page.close()
    except (pdfium.PdfiumError, ValueError, OSError):
        return Found("", State.UNREADABLE)  # one bad page never costs the others


def _pypdf_text(book: pypdf.PdfReader, index: int) -> Found:
    try:
        return Found(book.pages[index].extract_text(), State.TEXT)
    except Exception:  # noqa: BLE001 - one bad page never costs the others
        return Found("", State.UNREADABLE)


def _pages(found: Iterable[Found], outline: Outline) -> Iterator[Page]:
    compounds: set[str] = set()
    waiting: deque[Mapping[str, Kind]] = deque()  # of the pages that `without` holds

    def read() -> Iterator[Page]:
        for number, (raw, state, kinds) in enumerate(found, start=1):
            waiting.append(kinds)
            yield Page(number, printed(raw, compounds), [], state)

    for page in without(read()):
        kinds = waiting.popleft()
        yield page._replace(
            headings=headings_of(page.text, outline.get(page.number or 0, [])),
            looks=placed(page.text, kinds) if kinds else (),
        )


def _title(title: str) -> str:
    """The title that the file claims, unless it is a number or a program's leftover."""
    title = one_line(title).removeprefix("Microsoft Word - ")
    return title if sum(map(str.isalpha, title)) >= 3 and title.lower() != "untitled" else ""
