"""From the tree of a page to its text: a block is a line, a table's row `a | b | c`."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from lxml import etree

from documents.readers.common.hidden import hidden
from documents.readers.common.raised import raised
from documents.readers.common.symbol_fonts import decoded
from documents.readers.common.tidy import clean
from documents.readers.web_page import html_forms, html_lists, html_notes, html_stand_ins, svg
from documents.readers.web_page.html_lines import NO_TITLES, Lines, Titles
from documents.readers.web_page.html_styles import Sight, Styles
from documents.readers.web_page.html_tables import CELLS, lines_of_table, written
from documents.readers.web_page.html_unseen import Unseen

UNSEEN = {"script", "style", "noscript", "template", "head", "iframe", "object", "datalist"}
STRUCK = {"del", "s", "strike"}
LINES = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "br", "dd", "details", "div", "dl"),
        *("dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4"),
        *("h5", "h6", "header", "hr", "legend", "li", "main", "nav", "ol", "optgroup", "option"),
        *("p", "pre", "section", "summary", "table", "tbody", "textarea", "tfoot", "thead"),
        *("tr", "ul"),
    ]
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = {"ol", "ul", "menu", "dir"}
DEEP = 20  # walks in walks
BEFORE = 8  # pieces of a line that tell how what is raised behind them is written


class Setting(NamedTuple):
    """What is known of the whole page before it is walked through."""

    styles: Styles
    labels: html_forms.Labels
    notes: html_notes.Notes
    links: bool  # whether it is told where they lead


class Walk(Lines):
    """Collects the text of a tree."""

    def __init__(
        self,
        setting: Setting,
        titles: Titles = NO_TITLES,
        sight: Sight | None = None,
        deep: int = DEEP,
    ) -> None:
        super().__init__(titles)
        self._setting, self._deep = setting, deep
        self._sights: list[Sight | None] = [sight or setting.styles.root]
        self._lists = html_lists.Lists()
        self._links: list[int] = []  # where in the line they begin
        self._readings = ""

    def within(self, element: etree._Element) -> None:
        self._say(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._walk(child)
            else:
                self._say(child.tail)
        self._end_line()

    def through(self, tree: etree._Element) -> None:
        self._walk(tree)
        self._end_line()

    def _walk(self, tree: etree._Element) -> None:
        walker = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
        for event, element in walker:
            if event == "start":
                if not self._enter(element):
                    self._sights[-1] = None
                    walker.skip_subtree()
            elif event == "end":
                self._leave(element)
            else:
                self._say(element.tail)

    def _enter(self, element: etree._Element) -> bool:
        """Whether what is inside of it is to be walked through."""
        tag, around = str(element.tag), self._sights[-1] or self._setting.styles.root
        self._sights.append(around)
        if tag in UNSEEN or tag in STRUCK:
            return False
        note = self._setting.notes.begins(element)
        sight = self._setting.styles.sight(element, around)
        if isinstance(sight, Unseen):
            if not note:
                self._tell_hidden(element, around, sight)
                return False
            sight = around
        self._sights[-1] = sight
        if tag in LINES or sight.flow:
            self._part(tag, sight)
        self._place(element.get("id"))
        if INSTEAD.get(tag, Walk._tell_marked)(self, element, sight):
            return False
        self._begin(element, tag, sight)
        self._label = self._label or note
        self._say(element.text)
        return True

    def _leave(self, element: etree._Element) -> None:
        tag, sight = str(element.tag), self._sights.pop()
        if sight is not None:
            if tag in LISTS:
                self._lists.end()
            elif tag == "li":
                self._label = ""
            elif tag == "a" and self._links:
                self._tell_address(element, self._links.pop())
            if tag in LINES or sight.flow:
                line = self._part(tag, sight)
                if line and tag in HEADINGS:
                    self._head(line, HEADINGS[tag])
        self._say(element.tail)

    def _part(self, tag: str, sight: Sight) -> str:
        """From what stands beside it."""
        if tag in LINES or sight.flow == "line":
            return self._end_line()
        if "".join(self._line[-1:]).strip():
            self._line.append(" ")
        return ""

    def _begin(self, element: etree._Element, tag: str, sight: Sight) -> None:
        """What stands before its own words."""
        if tag in CELLS and "".join(self._line).strip():
            self._line.append(" | ")
        elif tag in LISTS:
            self._lists.begin(element, sight.list_type)
        elif tag == "li":
            self._label += self._lists.label(element, sight.list_type, sight.label)
        elif tag == "a":
            self._links.append(len(self._line))
        elif tag == "label":
            self._say(html_forms.before_label(element, self._setting.labels))
        if element.get("role") is not None:
            self._say(html_forms.sign(element))

    def _tell_table(self, table: etree._Element, sight: Sight) -> bool:
        lines = lines_of_table(table, sight, self._setting.styles, self._inline)
        self._add(lines)
        return bool(lines)

    def _write(self, element: etree._Element, sight: Sight) -> bool:
        if sight.seen:
            self._add(written(element))
        return True

    def _tell(self, element: etree._Element, _: Sight) -> bool:
        """In a few words."""
        match element.tag:
            case "math":
                self._say(html_stand_ins.formula(element))
            case "input":
                self._fill(element)
            case "select":
                self._say(html_forms.chosen(element))
            case _:
                self._say(html_stand_ins.described(element))
        return True

    def _fill(self, field: etree._Element) -> None:
        line = "".join(self._line)
        value = html_forms.filled(field, self._setting.labels, line)
        if value.startswith(":"):
            self._line[:] = [line.rstrip(": ")]
        self._say(value)

    def _tell_marked(self, element: etree._Element, sight: Sight) -> bool:
        """Whether it is told in another way, which its attributes or its style say."""
        if not element.keys() and not sight.raised:
            return False
        if html_stand_ins.is_twice(element):
            return True
        if (formula := html_stand_ins.drawn_formula(element)) is not None:
            return self._tell(formula, sight)
        tag = str(element.tag)
        if tag in LINES or tag in CELLS:
            return False
        around = self._sights[-2]
        if sight.raised and not (around and around.raised):
            return self._raise(element, sight)
        if tag == "a" and self._setting.notes.is_mark(element):
            return self._raise(element, sight)
        return element.get("aria-label") is not None and self._name(element)

    def _name(self, element: etree._Element) -> bool:
        """Where there is nothing to see but a drawing."""
        if next(element.iter("img", "svg", "input", "select", "math"), None) is not None:
            return False
        if any(text.strip() for text in element.itertext(etree.Element)):
            return False
        self._say(f" {html_stand_ins.named(element)} ")
        return True

    def _raise(self, element: etree._Element, sight: Sight) -> bool:
        if text := self._inline(element, sight._replace(raised=True)):
            self._say(raised(clean("".join(self._line[-BEFORE:])), text))
        return True

    def _read_aloud(self, element: etree._Element, sight: Sight) -> bool:
        words, reading = html_stand_ins.ruby(element, lambda part: self._inline(part, sight))
        self._say(words)
        self._readings += reading
        if self._readings and not html_stand_ins.goes_on(element):
            self._say(f"({self._readings})")
            self._readings = ""
        return True

    def _draw(self, drawing: etree._Element, sight: Sight) -> bool:
        for page in drawing.iter("foreignobject", "foreignObject"):
            self._end_line()
            self.within(page)
        if lines := svg.lines_of(drawing):
            self._end_line()
            self._add(lines if sight.seen else [])
        elif (title := svg.title_of(drawing)) and drawing.get("aria-hidden") != "true":
            self._say(f"[picture: {title}]")
        return True

    def _tell_address(self, link: etree._Element, start: int) -> None:
        if self._setting.links:
            words = clean("".join(self._line[start:]))
            if address := html_stand_ins.address(link, words):
                self._targets.append(address)

    def _tell_hidden(self, element: etree._Element, around: Sight, unseen: Unseen) -> None:
        if unseen is Unseen.LEFT_OUT:
            return
        if not self._deep:
            return
        inner = Walk(self._setting, sight=around, deep=self._deep - 1)
        inner.within(element)
        lines = [hidden(line) for line in inner.text.split("\n") if any(map(str.isalnum, line))]
        if lines and element.tag in LINES:
            self._end_line()
            self._add(lines)
        elif lines:
            self._say(f" {' '.join(lines)} ")

    def _inline(self, element: etree._Element, sight: Sight) -> str:
        """What is inside, on one line."""
        if not len(element):
            text = " ".join((element.text or "").split()) if sight.seen else ""
            return decoded(sight.symbols, text) if sight.symbols else text
        if not self._deep:
            return " ".join("".join(element.itertext(etree.Element)).split())
        walk = Walk(self._setting, sight=sight, deep=self._deep - 1)
        walk.within(element)
        return " ".join(walk.text.split())

    def _say(self, text: str | None) -> None:
        sight = self._sights[-1]
        if text and (sight is None or sight.seen):
            if sight and sight.symbols:
                text = decoded(sight.symbols, text)
            if self._label and not text.isspace():
                self._begin_item(text)
            self._line.append(text)

    def _begin_item(self, text: str) -> None:
        if not html_lists.is_written(self._label, text):
            self._line.append(self._label)
        self._label = ""


INSTEAD: Mapping[str, Callable[[Walk, etree._Element, Sight], bool]] = {
    "table": Walk._tell_table,
    "pre": Walk._write,
    "textarea": Walk._write,
    "sup": Walk._raise,
    "ruby": Walk._read_aloud,
    "svg": Walk._draw,
    **dict.fromkeys(("math", "img", "area", "input", "select"), Walk._tell),
}
