"""A web page saved with all that it shows (.mht, .mhtml, and what wikis export as .doc)."""

from collections.abc import Iterator
from contextlib import suppress
from email.message import Message
from urllib.parse import urljoin

from documents.readers.common.refusal import Empty
from documents.readers.common.source import Source
from documents.readers.mail.headers import header, words
from documents.readers.web_page import html

SENT = ("To", "Cc", "Bcc", "Received", "Delivered-To", "Return-Path", "In-Reply-To")
PAGES = {"text/html", "application/xhtml+xml"}


def is_one(message: Message) -> bool:
    """Whether it was saved: nobody sent it to anybody."""
    if any(message[name] for name in SENT):
        return False
    if message["Snapshot-Content-Location"]:
        return True
    saved = "saved by" in header(message, "From").lower()
    kind = message.get_content_type()
    return (kind == "multipart/related" and not _writer(message)) or (saved and kind in PAGES)


def _writer(message: Message) -> bool:
    return "@" in header(message, "From")


def source_of(message: Message) -> Source:
    """The page alone; its frames where it is made of nothing else. Raises Empty."""
    whole, *frames = [*_pages(message), ""]
    for markup in (whole, "\n".join(frames)):
        title, page = html.page_of(markup, sheet=_sheets(message))
        if page.text.strip():
            return Source(title or header(message, "Subject"), 1, [page])
    raise Empty


def _sheets(message: Message) -> html.Fetch:
    """How the page looks is kept beside it, under the address that it had."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/css"]
    found = {header(part, "Content-Location"): part for part in parts}
    found |= {f"cid:{header(part, 'Content-ID').strip('<> ')}": part for part in parts}
    places = [header(part, "Content-Location") for part in message.walk()]
    base = next(filter(None, [header(message, "Snapshot-Content-Location"), *places]), "")

    def fetch(address: str) -> str | None:
        with suppress(ValueError):
            part = found.get(address) or found.get(urljoin(base, address))
            return words(part) if part else None
        return None

    return fetch


def _pages(message: Message) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_type() in PAGES and not part.is_multipart():
            yield words(part)
