"""The table of contents of a book: what it calls its chapters and their parts."""

import posixpath
import zipfile
from collections.abc import Collection, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from documents.readers.common import archive
from documents.readers.common.refusal import Refusal
from documents.readers.common.tidy import one_line

TYPE = "{http://www.idpf.org/2007/ops}type"
OLDER = "application/x-dtbncx+xml"
LEVELS = 6  # of headings

Path = tuple[str, ...]  # of titles, outermost first
Entry = tuple[str, Path]  # where it points, and its path


class Way(NamedTuple):
    """How a table of contents is written: where its items are, and in them their parts."""

    items: str
    titles: tuple[str, ...]
    place: str
    pointer: str


NAV = Way("{*}ol/{*}li", ("{*}a", "{*}span"), "{*}a", "href")
NCX = Way("{*}navPoint", ("{*}navLabel",), "{*}content", "src")


def titles(
    book: zipfile.ZipFile, package: etree._Element, folder: str
) -> dict[str, dict[str, Path]]:
    """By file, and by the id of an element in it ("" is its beginning), what is said of it.

    Nothing where the table is damaged, or there is none. `folder` is that of the package.
    """
    names = set(book.namelist())
    for item in _tables(package):
        name = named(item.get("href", ""), folder, names)
        try:
            entries = list(_entries_of(archive.tree(book, name)))
        except (*archive.BROKEN, Refusal):
            continue
        if entries:
            return _placed(entries, posixpath.dirname(name), names)
    return {}


def named(href: str, folder: str, names: Collection[str]) -> str:
    """The member that is pointed at from a file in that folder."""
    href = href.partition("#")[0]
    plain, unquoted = (
        posixpath.normpath(posixpath.join(folder, each)) for each in (href, unquote(href))
    )
    return plain if plain in names and unquoted not in names else unquoted


def _tables(package: etree._Element) -> list[etree._Element]:
    """At most one of the newer kind, and then one of the older."""
    items = package.findall(".//{*}item")
    newer = [item for item in items if "nav" in item.get("properties", "").split()]
    older = [item for item in items if item.get("media-type") == OLDER]
    return [*newer[:1], *older[:1]]


def _entries_of(tree: etree._Element) -> Iterator[Entry]:
    for nav in tree.iter("{*}nav"):
        if "toc" in nav.get(TYPE, "").split():
            yield from _entries(nav, NAV, ())
    for nav in tree.iterchildren("{*}navMap"):
        yield from _entries(nav, NCX, ())


def _entries(parent: etree._Element, way: Way, above: Path) -> Iterator[Entry]:
    for item in parent.iterfind(way.items):
        title = _words(next(item.iterchildren(*way.titles), None))
        path = (*above[: LEVELS - 1], title) if title else above
        place = item.find(way.place)
        if place is not None and title:
            yield place.get(way.pointer, ""), path
        yield from _entries(item, way, path)


def _words(element: etree._Element | None) -> str:
    text = "" if element is None else "".join(element.itertext(etree.Element))
    return one_line(text)


def _placed(
    entries: list[Entry], folder: str, names: Collection[str]
) -> dict[str, dict[str, Path]]:
    """Of those that point to one place the first, or what is under it."""
    found: dict[str, dict[str, Path]] = {}
    for href, path in entries:
        of_file = found.setdefault(named(href, folder, names), {})
        key = unquote(href.partition("#")[2])
        before = of_file.get(key, ())
        if path[: len(before)] == before:
            of_file[key] = path
    return found
