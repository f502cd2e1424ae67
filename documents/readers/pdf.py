"""PDF: text by pdfium, and by pypdf where pdfium cannot open the file."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers import Heading, Page
from documents.readers.refusal import Damaged, Locked, Scan
from documents.readers.source import Source
from documents.readers.tidy import clean, printed

Outline = dict[int, list[tuple[int, str]]]  # page number to (level, title)

OUTLINE_ENTRIES = 20_000
LETTERS = re.compile(r"[^\W_]")


def read(file: BinaryIO) -> Source:
    try:
        book = pdfium.PdfDocument(file)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise Locked from error
        return _second_opinion(file)
    texts = (_text_of(book, index) for index in range(len(book)))
    pages = _pages(texts, _outline_of(book), lambda: _has_pictures(book))
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
            text_page = page.get_textpage()
            # Bounded: keeps raised characters on their line, and leaves out what is off the page.
            text: str = text_page.get_text_bounded() or text_page.get_text_range()
            text_page.close()
        finally:
            page.close()
    except (pdfium.PdfiumError, ValueError, OSError):
        return ""  # one bad page never costs the others
    return text


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
        yield Page(number, text, _headings(text, outline.get(number, [])))
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


def _outline_of(book: pdfium.PdfDocument) -> Outline:
    outline: Outline = defaultdict(list)
    try:
        for count, mark in enumerate(book.get_toc()):
            target = mark.get_dest()
            title = " ".join(clean(mark.get_title()).split())[:200]
            if title and target and target.get_index() is not None:
                outline[target.get_index() + 1].append((mark.level + 1, title))
            if count >= OUTLINE_ENTRIES:
                break
    except (pdfium.PdfiumError, UnicodeError, ValueError):
        return outline
    return outline


def _headings(text: str, entries: list[tuple[int, str]]) -> list[Heading]:
    """The outline's entries for this page, each where its words stand (else at the top)."""
    if not entries:
        return []
    places = [found.start() for found in LETTERS.finditer(text)]
    letters = "".join(text[place].casefold()[:1] for place in places)
    headings: list[Heading] = []
    after = 0
    for level, title in entries:
        wanted = "".join(LETTERS.findall(title.casefold()))
        found = letters.find(wanted, after) if wanted else -1
        start = places[found] if found >= 0 else (headings[-1].start if headings else 0)
        after = found + len(wanted) if found >= 0 else after
        headings.append(Heading(start, level, title))
    return headings


def _title(title: str) -> str:
    """The title that the file claims, unless it is a number or a program's leftover."""
    title = " ".join(clean(title).split())[:300].removeprefix("Microsoft Word - ")
    return title if sum(map(str.isalpha, title)) >= 3 and title.lower() != "untitled" else ""
