"""Which kinds of files there are, and how one is known by its first bytes."""

import re
from pathlib import PurePosixPath

import puremagic

from documents.readers import first_bytes
from documents.readers.common.encoding import marked
from documents.readers.page import Kind
from documents.readers.process.errors import Unreadable, Unsupported
from localchat.lib.sentences import Sentence

# Kind to the module that reads it. A new format is one line here and one file beside this one.
FORMATS: dict[Kind, str] = {
    "pdf": "documents.readers.printed.pdf",
    "docx": "documents.readers.office.docx",
    "pptx": "documents.readers.slides.pptx",
    "xlsx": "documents.readers.sheets.xlsx",
    "xls": "documents.readers.old_office.ole",
    "ppt": "documents.readers.old_office.ole",
    "doc": "documents.readers.old_office.ole",
    "odf": "documents.readers.office.odf",
    "epub": "documents.readers.office.epub",
    "flat-opc": "documents.readers.office.flat_opc",
    "word-2003": "documents.readers.office.word_2003",
    "package": "documents.readers.office.package",
    "ole": "documents.readers.old_office.ole",
    "rtf": "documents.readers.old_word.rtf",
    "eml": "documents.readers.mail.eml",
    "mbox": "documents.readers.mail.mbox",
    "wrapped": "documents.readers.mail.wrapped",
    "calendar": "documents.readers.text.calendar",
    "contacts": "documents.readers.text.contacts",
    "subtitles": "documents.readers.text.subtitles",
    "latex": "documents.readers.text.latex",
    "html": "documents.readers.web_page.html",
    "markdown": "documents.readers.text.markdown",
    "ipynb": "documents.readers.text.ipynb",
    "json": "documents.readers.text.json",
    "csv": "documents.readers.sheets.csv",
    "exported": "documents.readers.sheets.exported_sheets",
    "picture": "documents.readers.pictures.image",
    "text": "documents.readers.text.plain",
}

TEXT_ENDINGS: dict[str, Kind] = {
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson", ".geojson"), "json"),
    **dict.fromkeys((".csv", ".tsv", ".tab"), "csv"),
    ".ipynb": "ipynb",
    **dict.fromkeys((".eml", ".emlx", ".mht", ".mhtml"), "eml"),
    ".mbox": "mbox",
    **dict.fromkeys((".ics", ".ical", ".ifb", ".vcs"), "calendar"),
    **dict.fromkeys((".vcf", ".vcard"), "contacts"),
    **dict.fromkeys((".srt", ".vtt", ".sbv", ".ass", ".ssa"), "subtitles"),
    **dict.fromkeys((".tex", ".ltx"), "latex"),
    **dict.fromkeys((".xls", ".xlt", ".xlsx", ".xlsm"), "exported"),
}
# Texts that say by their beginning what they are.
XML = rb"(?:<[?!][^>]*+>|\s)*+<(?:[\w.-]+:)?"
BEGINNINGS: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (re.compile(XML + rb"document\s[^>]*urn:oasis:names:tc:opendocument:xmlns:office:"), "odf"),
    (re.compile(XML + rb"wordDocument\s[^>]*/office/word/2003/wordml"), "word-2003"),
    (re.compile(XML + rb"package\s[^>]*/office/2006/xmlPackage"), "flat-opc"),
    (re.compile(XML + rb"Workbook\s[^>]*office:spreadsheet"), "exported"),
    (re.compile(rb"BEGIN:VCALENDAR[ \t]*[\r\n]", re.IGNORECASE), "calendar"),
    (re.compile(rb"BEGIN:VCARD[ \t]*[\r\n]", re.IGNORECASE), "contacts"),
    (re.compile(rb"WEBVTT\s|(?:\d+\s+)?\d\d?:\d\d:\d\d[,.]\d+ *--> *\d\d?:\d\d:"), "subtitles"),
    (re.compile(rb"(?:%[^\r\n]*+\s++)*+\\documentclass\b"), "latex"),
    (re.compile(rb"From \S(?=.*\d\d:\d\d).*+\n(?:[\w-]+:|>From )"), "mbox"),
)

# What is read without a library that is large: most files are of these, and small.
TEXTS = {
    kind: FORMATS[kind]
    for kind in (
        *("text", "markdown", "html", "csv", "exported", "json", "ipynb"),
        *("calendar", "contacts", "subtitles", "latex"),
    )
}

PICTURED = {"pdf", "picture"}  # kinds whose pages can be drawn
RECOGNISED = {*PICTURED, "epub"}  # kinds some of whose pages may be pictures

TNEF = b"\x78\x9f\x3e\x22"
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
# A workbook without that container: which Excel's it is, and that a sheet begins, or a book.
BARE_BOOK = re.compile(
    rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00..(?:\x05\x00|[\x10\x20\x40]\x00|\x00\x01)",
    re.DOTALL,
)
# What the members of an archive, or the type that comes first in it, say about the whole.
MEMBERS: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (re.compile(rb"mimetypeapplication/epub\+zip"), "epub"),
    (re.compile(rb"mimetypeapplication/vnd\.oasis\.opendocument\."), "odf"),
    (re.compile(rb"PK\x03\x04.{26}word[/\\]", re.DOTALL), "docx"),
    (re.compile(rb"PK\x03\x04.{26}ppt[/\\]", re.DOTALL), "pptx"),
    (re.compile(rb"PK\x03\x04.{26}xl[/\\]", re.DOTALL), "xlsx"),
)
OFFICE_ENDING = re.compile(
    r"\.(?:do[ct][xm]|p(?:pt|ps|ot)[xm]|xl[st][xm]|xlam|od[tspg]|ot[tspg]|epub)"
)
OLD_ENDINGS: dict[str, Kind] = {
    **dict.fromkeys((".xls", ".xlt"), "xls"),
    **dict.fromkeys((".ppt", ".pps", ".pot"), "ppt"),
    **dict.fromkeys((".doc", ".dot"), "doc"),
}
APPLE_ENDINGS = {".pages", ".numbers", ".key"}
HEADER = re.compile(
    rb"^(from|to|subject|date|received|message-id|mime-version|return-path|delivered-to):",
    re.IGNORECASE | re.MULTILINE,
)
HEADERS = 3  # of a message, at least
PICTURES = re.compile(
    rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|BM.{4}\0\0\0\0|II\*\0|MM\0\*|RIFF.{4}WEBP", re.DOTALL
)
OTHER_PICTURES = re.compile(
    rb".{4}ftyp(?:heic|heix|avif|mif1)|8BPS|\x00\x00\x01\x00|II\+\0|MM\0\+", re.DOTALL
)


def kind_of(head: bytes, name: str) -> Kind:
    if not head.strip():
        raise Unreadable(Sentence("This file is empty."), "empty")
    ending = PurePosixPath(name.lower()).suffix
    if first_bytes.is_pdf(head, ending):
        return "pdf"
    if head.startswith(ZIP):
        return _kind_of_zip(head, ending)
    if head.startswith(OLE) or BARE_BOOK.match(head):
        return OLD_ENDINGS.get(ending, "ole")  # each is read by what is in it
    if first_bytes.is_rtf(head, ending):
        return "rtf"
    if head.startswith(TNEF) or (ending == ".p7m" and head.startswith((b"\x30", b"-----BEGIN"))):
        return "wrapped"
    if PICTURES.match(head) and not first_bytes.is_text(head):
        return "picture"
    _refuse_binary(head)
    return _kind_by_ending(head, ending) or _kind_of_text(head)


def _kind_by_ending(head: bytes, ending: str) -> Kind:
    kind = TEXT_ENDINGS.get(ending, "")
    is_web_archive = kind == "exported" and b"MIME-Version:" in head[:2_000]
    return "eml" if is_web_archive else kind


def _kind_of_zip(head: bytes, ending: str) -> Kind:
    found = [(match.start(), kind) for member, kind in MEMBERS if (match := member.search(head))]
    if found:
        return min(found)[1]  # an archive in the archive comes later
    if OFFICE_ENDING.fullmatch(ending):
        return "package"
    if b".iwa" in head or ending in APPLE_ENDINGS:
        raise Unsupported(
            Sentence(
                "This is a file of Apple's Pages, Numbers or Keynote. Export it as PDF and upload that."
            )
        )
    raise Unsupported(
        Sentence("This is an archive (zip) of other files. Unpack it and upload what is in it.")
    )


def _refuse_binary(head: bytes) -> None:
    if OTHER_PICTURES.match(head) and not first_bytes.is_text(head):
        raise Unsupported(
            Sentence(
                "This is a picture of a kind that cannot be read. Save it as PNG or JPEG and upload that."
            )
        )
    if not _may_be_text(head):
        raise Unsupported(
            Sentence("This looks like %(kind)s, which cannot be read yet.", kind=_guess(head))
        )


def _may_be_text(head: bytes) -> bool:
    """Whether it is worth a try: the reader decodes the whole and has the last word."""
    return bool(marked(head)) or b"\x00" not in head


def _kind_of_text(head: bytes) -> Kind:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:15].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    if start.startswith(b"{") and b'"cell_type"' in head:
        return "ipynb"
    if told := next((kind for begins, kind in BEGINNINGS if begins.match(start)), None):
        return told
    top = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    named = {found.lower() for found in HEADER.findall(top)}
    return "eml" if len(named) >= HEADERS and HEADER.match(top) else "text"


def _guess(head: bytes) -> str:
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return Sentence("a binary file")
    if found and found[0].name:
        return Sentence("a binary file (%(name)s)", name=found[0].name)
    return Sentence("a binary file")
