"""HTML: what a reader would see of it, with its headings."""

import re
from typing import BinaryIO

from lxml import etree
from lxml import html as markup

from documents.readers import Heading, Page
from documents.readers.plain import text_of
from documents.readers.refusal import Empty
from documents.readers.source import Source
from documents.readers.tidy import clean

UNSEEN = {"script", "style", "noscript", "template", "head", "svg", "iframe", "object"}
LINE = re.compile(
    "address|article|aside|blockquote|body|br|dd|details|div|dl|dt|fieldset|figcaption|figure|"
    "footer|form|h[1-6]|header|hr|li|main|nav|ol|option|p|pre|section|summary|table|tbody|tfoot|"
    "thead|tr|ul"
)
CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
HEADING = re.compile("h[1-6]")
CELLS = {"td", "th"}
TAG = re.compile(r"</?([a-z][\w-]*)[^<>]*>", re.IGNORECASE)
TOO_DEEP = etree.ErrorTypes.ERR_RESOURCE_LIMIT


def read(file: BinaryIO) -> Source:
    data = file.read()
    title, page = page_of(text_of(data, _declared(data)))
    if not page.text:
        raise Empty
    return Source(title, 1, [page])


def page_of(text: str, number: int | None = None) -> tuple[str, Page]:
    """The title that the markup has, and what it shows; without text where it shows none."""
    tree = _tree(text)
    if tree is None:
        return "", Page(number, "", [])
    title = " ".join(clean(tree.findtext(".//title") or "").split())[:300]
    walk = Walk()
    if title and title not in " ".join(tree.itertext("h1", "h2")):
        walk.begin(title)
    walk.through(tree)
    return title, Page(number, walk.text, walk.headings)


def _declared(data: bytes) -> str:
    found = CHARSET.search(data[:2048])
    return found[1].decode() if found else ""


def _tree(text: str) -> etree._Element | None:
    parser = markup.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        tree = markup.document_fromstring(text.encode(), parser=parser)
        if any(error.type == TOO_DEEP for error in parser.error_log):
            # The library drops all that comes after: better without headings and tables.
            tree = markup.document_fromstring(TAG.sub(_flat, text).encode(), parser=parser)
    except etree.ParserError:
        return None
    return tree


def _flat(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    return tag[0] if name in UNSEEN else "<br>" if LINE.fullmatch(name) else ""


class Walk:
    """Collects the text of a tree: a block is a line, a table's row `a | b | c`."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.headings: list[Heading] = []
        self._line: list[str] = []
        self._length = 0

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def begin(self, title: str) -> None:
        self.headings.append(Heading(0, 1, title))
        self._say(title, None)
        self._end_line()

    def through(self, tree: etree._Element) -> None:
        skipped = None
        for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
            if event in {"comment", "pi"}:
                self._say(element.tail, skipped)
            elif event == "start":
                skipped = skipped if skipped is not None else self._enter(element)
            else:
                skipped = None if skipped is element else skipped
                self._leave(element, skipped)
        self._end_line()

    def _enter(self, element: etree._Element) -> etree._Element | None:
        tag = str(element.tag)
        if tag in UNSEEN:
            return element
        if LINE.fullmatch(tag):
            self._end_line()
        if tag in CELLS and "".join(self._line).strip():
            self._line.append(" | ")
        self._say(element.text, None)
        return None

    def _leave(self, element: etree._Element, skipped: etree._Element | None) -> None:
        tag = str(element.tag)
        if skipped is None and LINE.fullmatch(tag):
            line = self._end_line()
            if line and HEADING.fullmatch(tag):
                start = self._length - len(line) - 1
                self.headings.append(Heading(start, int(tag[1]), line))
        self._say(element.tail, skipped)

    def _say(self, text: str | None, skipped: etree._Element | None) -> None:
        if text and skipped is None:
            self._line.append(text)

    def _end_line(self) -> str:
        # Cleaned again: `&#8;` is a control character only by now.
        line = " ".join(clean("".join(self._line)).split())
        self._line.clear()
        if line:
            self.lines.append(line + "\n")
            self._length += len(line) + 1
        return line
