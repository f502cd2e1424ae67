"""Which kinds of files there are, and how one is known by its first bytes."""

from pathlib import PurePosixPath

import puremagic

from documents.readers import Kind
from documents.readers.encoding import marked
from documents.readers.errors import Unreadable, Unsupported

# Kind to the module that reads it. A new format is one line here and one file beside this one.
FORMATS: dict[Kind, str] = {
    "pdf": "documents.readers.pdf",
    "docx": "documents.readers.docx",
    "html": "documents.readers.html",
    "markdown": "documents.readers.markdown",
    "text": "documents.readers.plain",
}

TEXT_ENDINGS: dict[str, Kind] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}

OLE, ZIP, RTF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"{\\rtf"


def kind_of(head: bytes, name: str) -> Kind:
    if not head.strip():
        raise Unreadable("This file is empty.", "empty")
    ending = PurePosixPath(name.lower()).suffix
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(ZIP):
        return _kind_of_zip(head, ending)
    if head.startswith(OLE):
        raise Unsupported(
            "This is an old or protected Office file. Save it without a password as .docx or PDF."
        )
    if head.startswith(RTF):
        raise Unsupported("RTF files cannot be read yet. Save it as .docx or PDF.")
    if not _may_be_text(head):
        raise Unsupported(f"This looks like {_guess(head)}, which cannot be read yet.")
    return TEXT_ENDINGS.get(ending) or _kind_of_text(head)


def _kind_of_zip(head: bytes, ending: str) -> Kind:
    if b"word/" in head or ending == ".docx":
        return "docx"
    raise Unsupported(f"This looks like {_guess(head)}, which cannot be read yet.")


def _may_be_text(head: bytes) -> bool:
    """Whether it is worth a try: the reader decodes the whole and has the last word."""
    return bool(marked(head)) or b"\x00" not in head


def _kind_of_text(head: bytes) -> Kind:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
    return "html" if start.startswith((b"<!doctype html", b"<html")) else "text"


def _guess(head: bytes) -> str:
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return "a binary file"
    return f"a binary file ({found[0].name})" if found and found[0].name else "a binary file"
