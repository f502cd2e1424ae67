"""Files inside a Word file whose text belongs to it: pieces in other formats, sheets, letters."""

import email
import io
from collections.abc import Iterator
from contextvars import ContextVar
from email.errors import MessageError
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from documents.readers.common import archive
from documents.readers.common.blocks import Block
from documents.readers.common.encoding import decode
from documents.readers.common.refusal import Refusal
from documents.readers.common.source import Reader
from documents.readers.page import Page

OLE_OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"
RELATED, LINKED = qn("r:id"), "Link"
BEGINNINGS = ((b"PK\x03\x04", "package"), (b"{\\rtf", "rtf"))
SAID = ((b"/office/2006/xmlPackage", "flat-opc"), (b"/office/word/2003/wordml", "word-2003"))
EQUATION = "Equation."  # of an older kind, whose data only its program knows
DEEP = 3  # a file may hold itself
DEPTH: ContextVar[int] = ContextVar("DEPTH", default=0)
HEAD = 4_096
MOST_BYTES = 20_000_000  # of one of them
BROKEN = (*archive.BROKEN, Refusal, MessageError, SyntaxError, LookupError, RecursionError)


def blocks_of(relation: Any, unread: list[str]) -> Iterator[Block]:
    """Of a piece of HTML, plain text, RTF or Word that another program put there."""
    if relation is None or relation.is_external:
        return
    part = relation.target_part
    yield from _read_or_noted(part.blob, part.content_type.lower(), unread)


def of_object(element: etree._Element, relations: Any, unread: list[str]) -> Iterator[Block]:
    """Of a sheet, slide or letter that is shown as a picture of itself."""
    for each in element.iter(OLE_OBJECT):
        relation = relations.get(each.get(RELATED, ""))
        if each.get("ProgID", "").startswith(EQUATION):
            unread.append("formula")
        elif relation is None or relation.is_external or each.get("Type") == LINKED:
            unread.append("linked file")
        else:
            yield from _read_or_noted(relation.target_part.blob, "", unread)


def _read_or_noted(data: bytes, kind: str, unread: list[str]) -> Iterator[Block]:
    """One bad piece never costs the text."""
    try:
        found = list(_blocks_in(data, kind))
    except BROKEN:
        found = []
    if any(text.strip() for text, _ in found):
        yield from found
    else:
        unread.append("embedded file")


def _blocks_in(data: bytes, kind: str) -> Iterator[Block]:
    if len(data) > MOST_BYTES:
        return
    if reader := _own_reader(data, kind):
        yield from _pages(data, reader)
    elif kind.startswith("message/") or data[:13].lower() == b"mime-version:":
        yield from _web_archive(data)
    elif "html" in kind:
        yield from _markup(data, "")
    elif kind.startswith("text/"):
        yield from ((line, 0) for line in decode(data).splitlines())


def _own_reader(data: bytes, kind: str) -> str:
    begins = (name for start, name in BEGINNINGS if data.startswith(start))
    names = (name for said, name in SAID if kind.endswith("/xml") and said in data[:HEAD])
    return next(begins, "") or next(names, "")


def _pages(data: bytes, kind: str) -> Iterator[Block]:
    depth = DEPTH.get()
    if depth >= DEEP:
        raise Refusal
    token = DEPTH.set(depth + 1)
    try:
        pages = list(_reader(kind).parse(io.BytesIO(data)).pages)
    finally:
        DEPTH.reset(token)
    for page in pages:
        yield from _blocks(page)


def _reader(kind: str) -> Reader:
    """Imported here: they read Word files in their turn."""
    from documents.readers.office import flat_opc, package, word_2003
    from documents.readers.old_word import rtf

    readers = {"package": package, "flat-opc": flat_opc, "word-2003": word_2003}
    return readers.get(kind, rtf)


def _web_archive(data: bytes) -> Iterator[Block]:
    for part in email.message_from_bytes(data).walk():
        payload = part.get_payload(decode=True)
        if part.get_content_type() in {"text/html", "text/plain"} and isinstance(payload, bytes):
            charset = part.get_content_charset() or ""
            if part.get_content_subtype() == "html":
                yield from _markup(payload, charset)
            else:
                yield from ((line, 0) for line in decode(payload, charset).splitlines())
            return  # what comes after is what the first one shows


def _markup(data: bytes, charset: str) -> Iterator[Block]:
    from documents.readers.text.plain import text_of
    from documents.readers.web_page import html

    yield from _blocks(html.page_of(text_of(data, charset or html.declared(data)))[1])


def _blocks(page: Page) -> Iterator[Block]:
    """Its lines, those that are headings with their levels."""
    levels = {heading.start: heading.level for heading in page.headings}
    start = 0
    for line in page.text.split("\n"):
        yield line, levels.get(start, 0)
        start += len(line) + 1
