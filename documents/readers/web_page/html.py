"""HTML: what a reader would see of it, with its headings."""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from lxml import etree

from documents.readers.common.refusal import Empty
from documents.readers.common.source import Source
from documents.readers.common.tidy import one_line
from documents.readers.page import Page
from documents.readers.text.plain import text_of
from documents.readers.web_page import html_forms, html_stand_ins
from documents.readers.web_page.html_lines import NO_TITLES, Titles
from documents.readers.web_page.html_notes import Notes
from documents.readers.web_page.html_styles import Styles
from documents.readers.web_page.html_walk import LINES, UNSEEN, Setting, Walk

CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
TAG = re.compile(r"</?([a-z][\w-]*+)[^<>]*+>", re.IGNORECASE)
TOO_DEEP = etree.ErrorTypes.ERR_RESOURCE_LIMIT
OTHER_MEDIA = re.compile(r"\b(?:print|speech)\b|\(", re.IGNORECASE)
NAMES = etree.XPath("//@class | //@id", smart_strings=False)

Fetch = Callable[[str], str | None]


def parse(file: BinaryIO) -> Source:
    data = file.read()
    title, page = page_of(text_of(data, declared(data)), links=True)
    if not page.text:
        raise Empty
    return Source(title, 1, [page])


def page_of(
    text: str,
    number: int | None = None,
    titles: Titles = NO_TITLES,
    *,
    links: bool = False,
    sheet: Fetch = lambda _: None,
) -> tuple[str, Page]:
    """The title that the markup has, and what it shows; without text where it shows none.

    `titles` become headings where it has none of its own. With `links` it is told where they lead.
    `sheet` fetches style sheets that lie beside it.
    """
    tree = _tree(text)
    if tree is None:
        return "", Page(number, "", [])
    title = _title(tree)
    walk = Walk(_setting(tree, links, sheet), titles)
    if title and title not in " ".join(tree.itertext("h1", "h2")):
        walk.begin(title)
    walk.through(tree)
    return title, Page(number, walk.text, walk.outlined())


def _title(tree: etree._Element) -> str:
    """That of the page, not of a drawing on it."""
    titles = (each for each in tree.iter("title") if next(each.iterancestors("svg"), None) is None)
    return next((one_line("".join(each.itertext())) for each in titles), "")


def declared(data: bytes) -> str:
    """The encoding that the markup names."""
    found = CHARSET.search(data[:2048])
    return found[1].decode() if found else ""


def _setting(tree: etree._Element, links: bool, sheet: Fetch) -> Setting:
    few = links and sum(1 for _ in tree.iter("a")) <= html_stand_ins.LINKS
    sheets = list(_sheets(tree, sheet))
    told = [each for each in sheets if each is not None]
    styles = Styles(told, _names(tree) if told else frozenset(), known=len(told) == len(sheets))
    return Setting(styles, html_forms.labels_of(tree), Notes(tree), few)


def _names(tree: etree._Element) -> frozenset[str]:
    """The ids and classes that its elements have."""
    found = NAMES(tree)
    return frozenset(name for names in set(found) for name in (names, *names.split()))


def _sheets(tree: etree._Element, sheet: Fetch) -> Iterator[str | None]:
    """None for one that lies elsewhere."""
    for element in tree.iter("style", "link"):
        if OTHER_MEDIA.search(element.get("media", "")):
            continue
        if element.tag == "style":
            yield element.text or ""
        elif "stylesheet" in element.get("rel", "").lower():
            yield sheet(element.get("href", ""))


def _tree(text: str) -> etree._Element | None:
    # Not that of lxml.html, which asks Python for the class of every element.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        tree = etree.fromstring(text.encode(), parser)
        if any(error.type == TOO_DEEP for error in parser.error_log):
            # The library drops all that comes after: better without headings and tables.
            tree = etree.fromstring(TAG.sub(_flat, text).encode(), parser)
    except etree.XMLSyntaxError:
        return None
    return tree


def _flat(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    return tag[0] if name in UNSEEN else "<br>" if name in LINES else ""
