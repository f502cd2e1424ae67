"""EPUB: a chapter (a document of its spine) is a page."""

import posixpath
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import BinaryIO

from lxml import etree

from documents.readers.common import archive
from documents.readers.common.encoding import decode
from documents.readers.common.refusal import Damaged, Empty, Refusal
from documents.readers.common.source import Source
from documents.readers.common.tidy import one_line
from documents.readers.office import epub_contents
from documents.readers.page import Page
from documents.readers.text import html

CONTAINER, RIGHTS = "META-INF/container.xml", "META-INF/encryption.xml"
CHAPTER = "application/xhtml+xml"
FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


class Protected(Refusal):
    """This book is protected against copying (DRM), so its text cannot be read."""

    code = "password_required"


def parse(file: BinaryIO) -> Source:
    book = archive.opened(file)
    if RIGHTS in book.namelist() and _is_protected(archive.tree(book, RIGHTS)):
        raise Protected
    root = _root(book)
    package = archive.tree(book, root)
    folder = posixpath.dirname(root)
    chapters = list(_chapters(package, folder, set(book.namelist())))
    titles = epub_contents.titles(book, package, folder)
    title = package.findtext(".//{*}metadata/{http://purl.org/dc/elements/1.1/}title") or ""
    return Source(one_line(title), len(chapters), _pages(book, chapters, titles))


def _root(book: zipfile.ZipFile) -> str:
    """Where its list of contents is, as the container says; else any that is there."""
    names = book.namelist()
    with suppress(Refusal):
        place = archive.tree(book, CONTAINER).find(".//{*}rootfile")
        if place is not None and place.get("full-path") in names:
            return str(place.get("full-path"))
    return next((name for name in names if name.endswith(".opf")), "")


def _is_protected(rights: etree._Element) -> bool:
    methods = (method.get("Algorithm", "") for method in rights.iter("{*}EncryptionMethod"))
    return any(not method.startswith(FONTS) for method in methods)


def _chapters(package: etree._Element, folder: str, names: Collection[str]) -> Iterator[str]:
    """Of its spine; without one, all that are there."""
    items = {item.get("id"): item for item in package.iterfind(".//{*}item")}
    spine = [entry.get("idref") for entry in package.iterfind(".//{*}spine/{*}itemref")]
    every = [key for key, item in items.items() if item.get("media-type", CHAPTER) == CHAPTER]
    for key in spine or every:
        href = items[key].get("href", "").partition("#")[0] if key in items else ""
        if href:
            yield epub_contents.named(href, folder, names)


def _pages(
    book: zipfile.ZipFile, chapters: list[str], titles: Mapping[str, html.Titles]
) -> Iterator[Page]:
    seen, broken = False, False
    for number, name in enumerate(chapters, start=1):
        try:
            text = _text(book.read(name))
            page = html.page_of(text, number, titles.get(name, html.NO_TITLES))[1]
        except (*archive.BROKEN, Refusal):
            page, broken = Page(number, "", []), True  # one bad chapter never costs the others
        seen = seen or bool(page.text)
        yield page
    if not seen:
        raise Damaged if broken else Empty


def _text(data: bytes) -> str:
    return decode(data, html.declared(data))
