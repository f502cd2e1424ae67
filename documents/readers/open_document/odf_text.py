"""The text of a paragraph of an OpenDocument file, as it is seen on paper."""

import re
from collections.abc import Callable

from lxml import etree

from documents.readers.common.symbol_fonts import decoded
from documents.readers.open_document import odf_fields, odf_objects
from documents.readers.open_document.odf_book import LINK, Book
from documents.readers.open_document.odf_looks import OASIS, PLAIN, Look
from documents.readers.word.fields import beside
from documents.readers.word.runs import Run, line_of

STYLE, SPAN, ANCHOR = (OASIS % ("text", name) for name in ("style-name", "span", "a"))
BLANKS, TAB, BREAK = (OASIS % ("text", name) for name in ("s", "tab", "line-break"))
NOTE, COMMENT = OASIS % ("text", "note"), OASIS % ("office", "annotation")
FRAME, DRAWN_LINK = OASIS % ("drawing", "frame"), OASIS % ("drawing", "a")
DRAWING = OASIS % ("drawing", "")
HIDDEN_PARAGRAPH, HIDDEN_TEXT = (
    OASIS % ("text", f"hidden-{name}") for name in ("paragraph", "text")
)
IS_HIDDEN, KEPT = OASIS % ("text", "is-hidden"), OASIS % ("text", "string-value")
SPACES = re.compile("[ \t\r\n]+")
WRITTEN = {BLANKS: " ", TAB: "\t", BREAK: "\n"}
SKIPPED = {
    *(OASIS % ("text", name) for name in ("tracked-changes", "sequence-decls", "note-citation")),
    *(OASIS % ("text", name) for name in ("ruby-text", "script")),
    OASIS % ("office", "forms"),
    OASIS % ("table", "shapes"),
}


def plain(paragraph: etree._Element, book: Book) -> str | None:
    """The text of one that is a single piece, set plainly; None of any other."""
    if len(paragraph) or book.looks.of("paragraph", paragraph.get(STYLE)) is not PLAIN:
        return None
    return spaced(paragraph.text or "")


def spaced(text: str) -> str:
    return SPACES.sub(" ", text) if not text.isprintable() or "  " in text else text


class Line:
    """Collects the pieces of one paragraph, and what hangs on it."""

    def __init__(self, book: Book, is_hidden: bool = False) -> None:
        self.book, self.is_hidden = book, is_hidden
        self.runs: list[Run] = []
        self.drawn: list[etree._Element] = []
        self.asides: list[etree._Element] = []

    def of(self, paragraph: etree._Element) -> str:
        around = PLAIN._replace(is_hidden=True) if self.is_hidden else PLAIN
        hides = next(paragraph.iterchildren(HIDDEN_PARAGRAPH), None)
        if hides is not None and hides.get(IS_HIDDEN) == "true":
            around = around._replace(is_hidden=True)
        self._walk(paragraph, self.book.looks.of("paragraph", paragraph.get(STYLE), around))
        return line_of(self.runs)

    def _walk(self, element: etree._Element, look: Look) -> None:
        self._text(element.text, look)
        for child in element:
            tag = child.tag
            if tag == SPAN:
                self._walk(child, self.book.looks.of("text", child.get(STYLE), look))
            elif tag in WRITTEN:
                self._add(WRITTEN[tag], look)
            elif isinstance(tag, str) and tag not in SKIPPED:
                self._special(child, look)
            self._text(child.tail, look)

    def _special(self, element: etree._Element, look: Look) -> None:
        if act := SPECIAL.get(element.tag):
            act(self, element, look)
        elif element.tag.startswith(DRAWING):
            self.drawn.append(element)
        else:
            self._walk(element, look)

    def _text(self, text: str | None, look: Look) -> None:
        if text:
            self._add(spaced(text), look)

    def _add(self, text: str, look: Look) -> None:
        if text and not look.is_struck:
            shown = decoded(look.font, text) if look.font else text
            self.runs.append(Run(shown, look.is_raised, look.is_hidden or self.is_hidden))

    def _aside(self, element: etree._Element, _: Look) -> None:
        self.asides.append(element)

    def _link(self, element: etree._Element, look: Look) -> None:
        start = len(self.runs)
        self._walk(element, self.book.looks.of("text", element.get(STYLE), look))
        said = "".join(run.text for run in self.runs[start:])
        target = element.get(LINK, "")
        if said.strip() and not target.startswith("#"):
            self._add(beside(target, said), look)

    def _frame(self, element: etree._Element, look: Look) -> None:
        formula = odf_objects.formula(element, self.book)
        if formula is None:
            self.drawn.append(element)
        else:
            self._add(formula, look)

    def _control(self, element: etree._Element, look: Look) -> None:
        self._add(self.book.controls.get(element.get(odf_fields.REFERENCE, ""), ""), look)

    def _mark(self, element: etree._Element, look: Look) -> None:
        self._add(odf_fields.of_mark(element) or "", look)

    def _content_control(self, element: etree._Element, look: Look) -> None:
        said = odf_fields.of_content_control(element)
        if said is None:
            self._walk(element, look)
        else:
            self._add(said, look)

    def _list(self, element: etree._Element, look: Look) -> None:
        self._add(odf_fields.of_list(element), look)

    def _hidden_text(self, element: etree._Element, look: Look) -> None:
        is_hidden = element.get(IS_HIDDEN) == "true"
        text = "".join(element.itertext()) or element.get(KEPT, "")
        self._add(text, look._replace(is_hidden=is_hidden or look.is_hidden))


SPECIAL: dict[str, Callable[[Line, etree._Element, Look], None]] = {
    ANCHOR: Line._link,
    DRAWN_LINK: Line._walk,
    FRAME: Line._frame,
    odf_fields.CONTROL: Line._control,
    odf_fields.CONTENT_CONTROL: Line._content_control,
    odf_fields.LIST: Line._list,
    HIDDEN_TEXT: Line._hidden_text,
    **dict.fromkeys((NOTE, COMMENT), Line._aside),
    **dict.fromkeys(odf_fields.MARKS, Line._mark),
}
