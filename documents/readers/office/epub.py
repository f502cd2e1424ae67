"""EPUB: a chapter (a document of its spine) is a page."""

import io
import posixpath
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from typing import BinaryIO, NamedTuple

from lxml import etree

from documents.readers.common import archive
from documents.readers.common.encoding import decode
from documents.readers.common.quality import State
from documents.readers.common.refusal import Damaged, Empty, NoSuchPage, Refusal
from documents.readers.common.source import Source
from documents.readers.common.tidy import one_line
from documents.readers.office import epub_contents, epub_pictures
from documents.readers.page import Page
from documents.readers.web_page import html, html_lines

CONTAINER, RIGHTS = "META-INF/container.xml", "META-INF/encryption.xml"
CHAPTER = "application/xhtml+xml"
SHEETS = 16  # that are kept: a book has the same ones in each chapter
FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


Fetch = Callable[[str, str], str | None]  # a style sheet, by a folder and its address there


class Protected(Refusal):
    """This book is protected against copying (DRM), so its text cannot be read."""

    code = "password_required"


class Book(NamedTuple):
    members: zipfile.ZipFile
    package: etree._Element
    folder: str  # of the package
    chapters: list[str]

    def titles(self) -> Mapping[str, html_lines.Titles]:
        return epub_contents.titles(self.members, self.package, self.folder)


def parse(file: BinaryIO) -> Source:
    book = opened(file)
    title = book.package.findtext(".//{*}metadata/{http://purl.org/dc/elements/1.1/}title") or ""
    return Source(one_line(title), len(book.chapters), _pages(book))


def opened(file: BinaryIO) -> Book:
    """Raises Protected, Damaged."""
    members = archive.opened(file)
    if RIGHTS in members.namelist() and _is_protected(archive.tree(members, RIGHTS)):
        raise Protected
    root = _root(members)
    package = archive.tree(members, root)
    folder = posixpath.dirname(root)
    return Book(members, package, folder, list(_chapters(package, folder, members.namelist())))


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


def _pages(book: Book) -> Iterator[Page]:
    seen, broken = False, False
    titles, fetch = book.titles(), lru_cache(SHEETS)(partial(_sheet, book.members))
    for number, name in enumerate(book.chapters, start=1):
        try:
            page = _page(book, number, titles.get(name, html_lines.NO_TITLES), fetch)
        except (*archive.BROKEN, Refusal):
            page, broken = Page(number, "", []), True  # one bad chapter never costs the others
        seen = seen or bool(page.text) or page.state == State.UNREADABLE
        yield page
    if not seen:
        raise Damaged if broken else Empty


def _page(book: Book, number: int, titles: html_lines.Titles, fetch: Fetch) -> Page:
    """One that is a picture is to be recognised."""
    name = book.chapters[number - 1]
    if epub_pictures.is_one(name):
        return Page(number, "", [], State.UNREADABLE)
    text = _text(book.members.read(name))
    sheet = partial(fetch, posixpath.dirname(name))
    title, page = html.page_of(text, number, titles, links=True, sheet=sheet)
    if not epub_pictures.says_little(page.text, title):
        return page
    shown = epub_pictures.of_chapter(book.members, name, text)
    if epub_pictures.is_drawing(shown):
        drawn = html.page_of(_text(book.members.read(shown)), number)[1]
        return drawn if drawn.text else page
    # A cover says what the book's title does.
    is_cover = shown == epub_pictures.cover(book.package, book.folder)
    is_page = shown and not (is_cover and len(book.chapters) > 1)
    return page._replace(state=State.UNREADABLE) if is_page else page


def _sheet(members: zipfile.ZipFile, folder: str, href: str) -> str | None:
    try:
        return members.read(epub_contents.named(href, folder, members.namelist())).decode(
            "utf-8", "replace"
        )
    except (*archive.BROKEN, Refusal):
        return None


def picture(file: BinaryIO, number: int) -> BinaryIO:
    """That which is the 1-based page. Raises NoSuchPage."""
    book = opened(file)
    if not 1 <= number <= len(book.chapters):
        raise NoSuchPage
    name = book.chapters[number - 1]
    try:
        if not epub_pictures.is_one(name):
            name = epub_pictures.of_chapter(book.members, name, _text(book.members.read(name)))
        return io.BytesIO(book.members.read(name))
    except archive.BROKEN as error:
        raise NoSuchPage from error


def _text(data: bytes) -> str:
    return decode(data, html.declared(data))
