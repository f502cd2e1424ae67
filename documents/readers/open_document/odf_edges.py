"""Headers and footers of an OpenDocument text: of the pages that it has, each line once."""

from collections.abc import Iterator

from lxml import etree

from documents.readers.open_document.odf_blocks import blocks_of
from documents.readers.open_document.odf_book import Book
from documents.readers.open_document.odf_looks import NAME, OASIS, Looks
from documents.readers.word.page_edges import told_once

MASTER, MASTER_NAME, NEXT = (
    OASIS % ("style", name) for name in ("master-page", "master-page-name", "next-style-name")
)
EDGES = {
    edge: tuple(OASIS % ("style", f"{edge}{pages}") for pages in ("", "-first", "-left"))
    for edge in ("header", "footer")
}
SHOWN = OASIS % ("style", "display")


def lines_of(book: Book) -> tuple[list[str], list[str]]:
    """What stands above, and what below the text."""
    if book.styles is None:
        return [], []
    pages = _pages(book)
    book = book._replace(looks=Looks([book.styles]), unread=[])
    above, below = (told_once(_texts(pages, book, edge)) for edge in EDGES)
    return above, below


def _pages(book: Book) -> list[etree._Element]:
    """Those that are used: the first, and what styles of the text ask for."""
    found = (
        {each.get(NAME, ""): each for each in book.styles.iter(MASTER)}
        if book.styles is not None
        else {}
    )
    first = "Standard" if "Standard" in found else next(iter(found), "")
    names = [
        first,
        *(str(name) for name in book.root.xpath("//@*[local-name()='master-page-name']")),
    ]
    used: dict[str, etree._Element] = {}
    for name in names:
        while name in found and name not in used:
            used[name] = found[name]
            name = found[name].get(NEXT, "")
    return list(used.values())


def _texts(pages: list[etree._Element], book: Book, edge: str) -> Iterator[str]:
    for page in pages:
        for each in page.iterchildren(*EDGES[edge]):
            if each.get(SHOWN) != "false":
                yield from (text for text, _ in blocks_of(each, book))
