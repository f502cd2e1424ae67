"""HTML: what a reader would see of it, with its headings."""

import re
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from lxml import etree
from lxml import html as markup

from documents.readers.common.refusal import Empty
from documents.readers.common.source import Source
from documents.readers.common.spans import Cell, span, unfolded
from documents.readers.common.table_rows import lines_of
from documents.readers.common.tidy import clean, one_line
from documents.readers.page import Heading, Page
from documents.readers.text.plain import text_of

UNSEEN = {"script", "style", "noscript", "template", "head", "svg", "iframe", "object"}
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
NEVER_HIDDEN = {"html", "body", "main"}  # but until a script has run, which we do not
LINE = re.compile(
    "address|article|aside|blockquote|body|br|dd|details|div|dl|dt|fieldset|figcaption|figure|"
    "footer|form|h[1-6]|header|hr|li|main|nav|ol|option|p|pre|section|summary|table|tbody|tfoot|"
    "thead|tr|ul"
)
CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
HEADING = re.compile("h[1-6]")
CELLS = {"td", "th"}
LAID_OUT = ("table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "form", "article", "section")
CELL_CHARACTERS = 500  # more is text that a table holds in place
TAG = re.compile(r"</?([a-z][\w-]*)[^<>]*>", re.IGNORECASE)
TOO_DEEP = etree.ErrorTypes.ERR_RESOURCE_LIMIT

Titles = Mapping[str, tuple[str, ...]]  # paths, by the id of where they begin; "" is the beginning
NO_TITLES: Titles = {}


def parse(file: BinaryIO) -> Source:
    data = file.read()
    title, page = page_of(text_of(data, declared(data)))
    if not page.text:
        raise Empty
    return Source(title, 1, [page])


def page_of(text: str, number: int | None = None, titles: Titles = NO_TITLES) -> tuple[str, Page]:
    """The title that the markup has, and what it shows; without text where it shows none.

    `titles` become headings where it has none of its own.
    """
    tree = _tree(text)
    if tree is None:
        return "", Page(number, "", [])
    title = one_line(tree.findtext(".//title") or "")
    walk = Walk(titles)
    if title and title not in " ".join(tree.itertext("h1", "h2")):
        walk.begin(title)
    walk.through(tree)
    return title, Page(number, walk.text, walk.outlined())


def declared(data: bytes) -> str:
    """The encoding that the markup names."""
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

    def __init__(self, titles: Titles = NO_TITLES) -> None:
        self.lines: list[str] = []
        self.headings: list[Heading] = []
        self.titles = titles
        self._places = {"": 0}  # in the text, of what has titles
        self._begun = 0  # where its own text begins
        self._line: list[str] = []
        self._length = 0

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def begin(self, title: str) -> None:
        self.headings.append(Heading(0, 1, title))
        self._say(title, None)
        self._end_line()
        self._begun = self._length

    def outlined(self) -> list[Heading]:
        """Its headings; where none is its own, what its titles say, nothing twice in a row."""
        if not self.lines or any(heading.start >= self._begun for heading in self.headings):
            return self.headings
        found: list[Heading] = []
        before: tuple[str, ...] = ()
        for key, place in self._places.items():
            start, path = place if place > self._begun else 0, self.titles.get(key, ())
            for level, title in enumerate(path, start=1):
                if path[:level] != before[:level]:
                    found.append(Heading(start, level, title))
            before = path
        return found if found and not found[0].start else [*self.headings, *found]

    def within(self, element: etree._Element) -> None:
        self._say(element.text, None)
        for child in element:
            if isinstance(child.tag, str):
                self._walk(child)
            else:
                self._say(child.tail, None)
        self._end_line()

    def through(self, tree: etree._Element) -> None:
        self._walk(tree)
        self._end_line()

    def _walk(self, tree: etree._Element) -> None:
        skipped = None
        for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
            if event in {"comment", "pi"}:
                self._say(element.tail, skipped)
            elif event == "start":
                skipped = skipped if skipped is not None else self._enter(element)
            else:
                skipped = None if skipped is element else skipped
                self._leave(element, skipped)

    def _enter(self, element: etree._Element) -> etree._Element | None:
        """The element, where nothing inside of it is to be walked through."""
        tag = str(element.tag)
        if tag in UNSEEN or _is_hidden(element):
            return element
        if LINE.fullmatch(tag):
            self._end_line()
        if (key := element.get("id")) in self.titles:
            self._places.setdefault(str(key), self._length)
        if tag in {"table", "pre"}:
            lines = _table(element) if tag == "table" else _written(element)
            if lines:
                self._add(lines)
                return element
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
            self._add([line])
        return line

    def _add(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.lines.append(line + "\n")
            self._length += len(line) + 1


def _is_hidden(element: etree._Element) -> bool:
    if element.tag in NEVER_HIDDEN:
        return False
    hidden = element.get("hidden")
    return (hidden is not None and hidden.lower() != "until-found") or bool(
        HIDDEN.search(element.get("style", ""))
    )


def _written(element: etree._Element) -> list[str]:
    """Text whose lines and blanks are its own."""
    for line_break in element.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    text = clean("".join(element.itertext(etree.Element)))
    return [line.rstrip() for line in text.strip("\n").split("\n")] if text.strip() else []


def _table(table: etree._Element) -> list[str]:
    """Its rows as lines; none if it only holds a page's parts in place."""
    if next(table.iterdescendants(*LAID_OUT), None) is not None:
        return []
    rows = [
        [
            Cell(_inline_text(cell), span(cell.get("colspan")), span(cell.get("rowspan")))
            for cell in row.iterchildren(*CELLS)
        ]
        for row in table.iter("tr")
        if not _is_hidden(row)
    ]
    cells = [cell for row in rows for cell in row]
    if len(cells) == len(rows) or any(len(cell.text) > CELL_CHARACTERS for cell in cells):
        return []
    captions = [_inline_text(caption) for caption in table.iterchildren("caption")]
    return [*filter(None, captions), *lines_of(unfolded(rows))]


def _inline_text(element: etree._Element) -> str:
    """What is inside, on one line."""
    if not len(element):
        return " ".join((element.text or "").split())
    walk = Walk()
    walk.within(element)
    return " ".join(walk.text.split())
