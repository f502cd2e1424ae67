"""The numbers of OpenDocument's lists and headings: counted, and laid into them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from lxml import etree

from documents.readers.common.list_labels import BULLET, bullet, count, written

OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}%s"
P, H, LIST, ITEM, NUMBER = (
    OASIS % ("text", name) for name in ("p", "h", "list", "list-item", "number")
)
KIND, OUTLINE = (OASIS % ("text", name) for name in ("list-style", "outline-style"))
BULLETED, PICTURED = (OASIS % ("text", f"list-level-style-{kind}") for kind in ("bullet", "image"))
NAME, FORM, PREFIX, SUFFIX = (
    OASIS % ("style", name) for name in ("name", "num-format", "num-prefix", "num-suffix")
)
LEVEL, START, SHOWN, CHARACTER = (
    OASIS % ("text", name) for name in ("level", "start-value", "display-levels", "bullet-char")
)
STYLE, DEPTH, UNCOUNTED = (
    OASIS % ("text", name) for name in ("style-name", "outline-level", "is-list-header")
)
GOES_ON, GOES_ON_WITH = (OASIS % ("text", f"continue-{what}") for what in ("numbering", "list"))
ID = "{http://www.w3.org/XML/1998/namespace}id"
SLIDES = OASIS % ("office", "presentation")
NOTE, COMMENT = OASIS % ("text", "note"), OASIS % ("office", "annotation")
ELSEWHERE = {NOTE, COMMENT, OASIS % ("text", "tracked-changes")}  # counts by itself, or not at all
LEVELS = 10
LABEL_CHARACTERS = 20  # before and behind a number

Counted = dict[int, int]  # level to number


class Level(NamedTuple):
    form: str
    before: str
    after: str
    levels: int  # that the number has
    start: int
    bullet: str


Styles = dict[str, dict[int, Level]]


def lay(body: etree._Element, roots: Iterable[etree._Element]) -> None:
    """Write the number of each item where it would be printed. The styles are in `roots`."""
    styles: Styles = {}
    outline: Mapping[int, Level] = {}
    for root in roots:
        styles |= {each.get(NAME, ""): _levels(each) for each in root.iter(KIND)}
        outline = next((_levels(each) for each in root.iter(OUTLINE)), outline)
    if body[0].tag == SLIDES:
        _OnSlides(styles, {}).through(body)
        return
    _Laying(styles, outline).through(body)
    for kind in (NOTE, COMMENT):
        laying = _Laying(styles, {})
        for aside in body.iter(kind):
            laying.through(aside)


def _levels(style: etree._Element) -> dict[int, Level]:
    return {count(each.get(LEVEL), 0): _level(each) for each in style if each.get(LEVEL)}


def _level(level: etree._Element) -> Level:
    mark = bullet(level.get(CHARACTER, "")) if level.tag == BULLETED else ""
    return Level(
        level.get(FORM, ""),
        level.get(PREFIX, "")[:LABEL_CHARACTERS],
        level.get(SUFFIX, "")[:LABEL_CHARACTERS],
        min(count(level.get(SHOWN), 1), LEVELS),
        count(level.get(START), 1),
        BULLET if level.tag == PICTURED else mark,
    )


class _Laying:
    with_bullets = True

    def __init__(self, styles: Styles, outline: Mapping[int, Level]) -> None:
        self.styles, self.outline = styles, outline
        self.headings: Counted = {}
        self.kept: dict[str, Counted] = {}  # by a list's id or its style, how far it came

    def through(self, element: etree._Element) -> None:
        for child in element.iterchildren("*"):
            if child.tag == LIST:
                self._list(child)
            elif child.tag not in ELSEWHERE:
                if child.tag == H and child.get(UNCOUNTED) != "true":
                    self._number(child, self.outline, count(child.get(DEPTH), 1), self.headings)
                self.through(child)

    def _list(self, element: etree._Element) -> None:
        style = element.get(STYLE, "")
        before = f"#{element.get(GOES_ON_WITH)}" if element.get(GOES_ON_WITH) else style
        goes_on = before != style or element.get(GOES_ON) == "true"
        counted = self.kept.get(before, {}) if goes_on else {}
        self._items(element, style, 1, counted)
        self.kept[style] = self.kept[f"#{element.get(ID)}"] = counted

    def _items(self, element: etree._Element, style: str, deep: int, counted: Counted) -> None:
        style = element.get(STYLE) or style
        for item in element.iterchildren("*"):
            first = next(item.iterchildren("*"), None)
            if item.tag == ITEM and first is not None and first.tag in {P, H}:
                self._number(first, self.styles.get(style, {}), deep, counted, item.get(START))
            for child in item.iterchildren("*"):
                if child.tag == LIST:
                    self._items(child, style, deep + 1, counted)
                elif child.tag not in ELSEWHERE:
                    self.through(child)

    def _number(
        self,
        paragraph: etree._Element,
        levels: Mapping[int, Level],
        deep: int,
        counted: Counted,
        start: str | None = None,
    ) -> None:
        level = levels.get(deep)
        if level is None:
            return
        counted[deep] = counted[deep] + 1 if self._goes_on(level, deep, counted) else level.start
        if start:
            counted[deep] = count(start, counted[deep])
        for above, other in levels.items():
            if above < deep:  # an item that is not there is counted all the same
                counted.setdefault(above, other.start)
        for below in [each for each in counted if each > deep]:
            del counted[below]
        label = (self.with_bullets and level.bullet) or _label(levels, deep, counted)
        if label and paragraph.find(NUMBER) is None and "".join(paragraph.itertext()).strip():
            paragraph.text = f"{label} {paragraph.text or ''}"

    def _goes_on(self, level: Level, deep: int, counted: Counted) -> bool:
        return deep in counted


class _OnSlides(_Laying):
    """In a box items of one kind count on, whatever list they are in; bullets are not shown."""

    with_bullets = False

    def __init__(self, styles: Styles, outline: Mapping[int, Level]) -> None:
        super().__init__(styles, outline)
        self.box: etree._Element | None = None
        self.counted: Counted = {}
        self.last: dict[int, Level] = {}

    def _list(self, element: etree._Element) -> None:
        box = element.getparent()
        if box is not self.box:
            self.box, self.counted, self.last = box, {}, {}
        self._items(element, element.get(STYLE, ""), 1, self.counted)

    def _goes_on(self, level: Level, deep: int, counted: Counted) -> bool:
        before, self.last[deep] = self.last.get(deep), level
        if before is None or deep not in counted:
            return False
        return before[:3] == level[:3] and before.start >= level.start


def _label(levels: Mapping[int, Level], deep: int, counted: Mapping[int, int]) -> str:
    level = levels[deep]
    if not level.form:
        return ""
    above = [each for each in range(deep - level.levels + 1, deep) if each in levels]
    numbers = (
        written(counted.get(each, levels[each].start), levels[each].form) for each in [*above, deep]
    )
    return f"{level.before}{'.'.join(filter(None, numbers))}{level.after}".strip()
