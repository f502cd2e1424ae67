"""Whether a reader would see what an element says: by its own style, by style sheets, by colours."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from documents.readers.common.symbol_fonts import is_symbol_font
from documents.readers.web_page.html_colours import (
    CLEAR,
    WHITE,
    Color,
    color_of,
    ground_of,
    unseen_on,
)
from documents.readers.web_page.html_css import (
    KEPT,
    LABEL,
    NOTHING,
    REMEMBERED,
    Near,
    Own,
    Sheets,
    Told,
    declared,
    own_of,
)
from documents.readers.web_page.html_unseen import (
    LENGTH,
    SPECK,
    Unseen,
    both,
    pixels,
    unseen_by,
    value_of,
)

NEVER_HIDDEN = {"html", "body", "main"}  # but until a script has run, which we do not


FONT_SIZE = re.compile(r"(?:^|\s)([\d.]+(?:px|pt|em|rem|%)?)(?:\s*/\s*\S+)?\s+\S")


TOLD_BY_TAGS = {"font", "body", "table", "tr", "td", "th", "tbody"}
ATTRIBUTES = {"bgcolor", "background", "color", "text", "face"}
CLOSED = {"dialog"}  # until it is opened


class Sight(NamedTuple):
    """How text is seen; what is inside takes it over."""

    visible: bool = True
    size: float = 16.0
    color: Color | None = None  # not known, and then it is seen
    ground: Color | None = None
    raised: bool = False
    symbols: str = ""  # the font, where its letters stand for signs
    list_type: str = ""
    label: str = ""  # of this element alone, as a style sheet counts it
    flow: str = ""  # of this element alone: "line" or "word" where it stands apart

    @property
    def seen(self) -> bool:
        if not self.visible or self.size <= SPECK:
            return False
        return self.color is None or not unseen_on(self.color, self.ground)


class Words(NamedTuple):
    """What the style of an element and the sheets say of it together."""

    told: Told
    unseen: Unseen | None


NO_WORDS = Words(NOTHING, None)


class Known:
    """What has been made out of the words of style sheets and elements: most say the same."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self.sheets = Sheets(texts)
        self.words: dict[tuple[str | None, int], Words] = {}
        self.sights: dict[tuple[int, Sight], Sight] = {}

    def said(self, style: str | None, by_sheets: Told) -> Words:
        key = (style, id(by_sheets))
        words = self.words.get(key)
        if words is None:
            if len(self.words) > REMEMBERED:
                self.words.clear()
                self.sights.clear()
            own = declared(style) if style else NOTHING
            words = Words(both(own, by_sheets), unseen_by(own, by_sheets))
            self.words[key] = words
        return words


_known = lru_cache(maxsize=KEPT)(Known)


class Styles:
    """`known`: no style sheet lies elsewhere. `names` are the ids and classes of the page."""

    def __init__(
        self,
        sheets: Iterable[str] = (),
        names: frozenset[str] = frozenset(),
        *,
        known: bool = True,
    ) -> None:
        self._known = _known(tuple(sheets))
        self._sheets, self._names = self._known.sheets, names
        self._near: dict[Own, Near] = {}
        self._plain = not self._sheets
        self._by_colours = known and not self._sheets.unsure
        self.root = Sight(ground=WHITE if self._by_colours else None)

    def sight(self, element: etree._Element, around: Sight) -> Sight | Unseen:
        """Of the element, which is in one that is seen so."""
        keys, tag = element.keys(), element.tag
        if around.flow or around.label or (around.list_type and tag == "ol"):
            kind = "" if tag == "ol" else around.list_type
            around = around._replace(flow="", label="", list_type=kind)
        if not keys and self._plain and tag not in CLOSED:
            return around
        if keys and _is_marked_hidden(element, keys):
            return Unseen.LEFT_OUT
        words = self._said(element, keys)
        if tag not in NEVER_HIDDEN:
            if unseen := words.unseen:
                return unseen
            if (tag in CLOSED and "open" not in keys) or "popover" in keys:
                return Unseen.TOLD_HIDDEN
        if keys and tag in TOLD_BY_TAGS and (by_tags := _by_attributes(element, keys)):
            return self._inside({**by_tags, **words.told}, around)
        return self._sight(words.told, around) if words.told else around

    def _said(self, element: etree._Element, keys: list[str]) -> Words:
        style = element.get("style") if "style" in keys else None
        if self._plain:
            return self._known.said(style, NOTHING) if style else NO_WORDS
        own = own_of(element)
        near = self._near.get(own)
        if near is None:
            near = self._near[own] = self._sheets.near(element, own, self._names)
        return self._known.said(style, self._sheets.told(element, own, near))

    def _sight(self, told: Told, around: Sight) -> Sight:
        sights = self._known.sights
        key = (id(told), around)
        sight = sights.get(key)
        if sight is None:
            sight = sights[key] = self._inside(told, around)
        return sight

    def _inside(self, told: Told, around: Sight) -> Sight:
        sight = around
        if visibility := value_of(told, "visibility"):
            sight = sight._replace(visible=visibility not in {"hidden", "collapse"})
        if size := _size(told):
            sight = sight._replace(size=pixels(size, around.size))
        if _is_raised(told) or (sight.size < around.size and _is_lifted(told)):
            sight = sight._replace(raised=True)
        if font := value_of(told, "font-family"):
            sight = sight._replace(symbols=font if is_symbol_font(font) else "")
        if kind := value_of(told, "list-style-type") or value_of(told, "list-style"):
            sight = sight._replace(list_type=kind)
        flow, label = _flow(told), told.get(LABEL, "")
        if flow or label:
            sight = sight._replace(flow=flow, label=label)
        return self._coloured(told, sight) if self._by_colours else _clear(told, sight)

    def _coloured(self, told: Told, sight: Sight) -> Sight:
        ground = value_of(told, "background-color") or value_of(told, "background")
        if ground:
            found = ground_of(ground)
            # One that can be seen through changes what is behind it.
            sight = sight if found == CLEAR else sight._replace(ground=found)
        if value_of(told, "background-image") not in {"", "none"}:
            sight = sight._replace(ground=None)
        elif not ground and value_of(told, "position") in {"absolute", "fixed"}:
            sight = sight._replace(ground=None)  # what it stands over is not known
        if color := value_of(told, "color"):
            sight = sight if color == "inherit" else sight._replace(color=color_of(color))
        return sight


def _flow(told: Told) -> str:
    display = value_of(told, "display")
    if display in {"block", "list-item", "flex", "grid", "table", "table-row"}:
        return "line"
    placed = value_of(told, "position") in {"absolute", "fixed"}
    return "word" if placed or display in {"inline-block", "table-cell", "inline-flex"} else ""


def _clear(told: Told, sight: Sight) -> Sight:
    color = value_of(told, "color")
    return (
        sight._replace(color=color_of(color) if color == "transparent" else None)
        if color
        else sight
    )


def _is_marked_hidden(element: etree._Element, keys: list[str]) -> bool:
    if element.tag in NEVER_HIDDEN:
        return False
    if "hidden" in keys and element.get("hidden", "").lower() != "until-found":
        return True
    return element.tag == "input" and str(element.get("type", "")).lower() == "hidden"


def _is_raised(told: Told) -> bool:
    value = value_of(told, "vertical-align")
    if value in {"super", "text-top"}:
        return value == "super"
    found = LENGTH.fullmatch(value) if value else None
    return bool(found and found[2] and float(found[1]) > 0)


def _is_lifted(told: Told) -> bool:
    """Moved up from where it would stand; a figure, if it is smaller as well."""
    top, bottom = (pixels(value_of(told, name) or "0", 16.0) for name in ("top", "bottom"))
    return value_of(told, "position") == "relative" and (top < 0 or bottom > 0)


def _size(told: Told) -> str:
    if size := value_of(told, "font-size"):
        return size
    found = FONT_SIZE.search(value_of(told, "font"))
    return found[1] if found else ""


def _by_attributes(element: etree._Element, keys: list[str]) -> Told:
    if ATTRIBUTES.isdisjoint(keys):
        return NOTHING
    names = {
        "bgcolor": "background-color",
        "color": "color",
        "text": "color",
        "face": "font-family",
    }
    if element.get("background"):
        return {"background": "url()"}
    return {
        told: value.strip().lower()
        for name, told in names.items()
        if (value := element.get(name)) and (name != "text" or element.tag == "body")
    }
