"""Whether a reader would see what an element says: by its own style, by style sheets, by colours."""

import re
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from lxml import etree

from documents.readers.common.symbol_fonts import is_symbol_font
from documents.readers.web_page.html_colours import (
    CLEAR,
    FAINT,
    WHITE,
    Color,
    color_of,
    ground_of,
    unseen_on,
)
from documents.readers.web_page.html_css import IMPORTANT, LABEL, NOTHING, Sheets, Told, declared

NEVER_HIDDEN = {"html", "body", "main"}  # but until a script has run, which we do not
LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(px|pt|em|rem|ex|ch|in|cm|mm|vw|vh|%)?")
POINTS = {"pt": 4 / 3, "em": 16, "rem": 16, "in": 96, "cm": 37.8, "mm": 3.78, "ch": 8, "ex": 8}
FONT_SIZE = re.compile(r"(?:^|\s)([\d.]+(?:px|pt|em|rem|%)?)(?:\s*/\s*\S+)?\s+\S")
SPECK = 1.0  # pixels: of a letter that is none
FAR = -900.0  # pixels beside the page
CUT = re.compile(
    r"rect\(\s*(?:0|1px)(?:px)?(?:\s*,?\s*(?:0|1px)(?:px)?){3}\s*\)|inset\(\s*(?:50|100)%|"
    r"circle\(\s*0"
)
COLLAPSED = re.compile(
    r"scale(?:x|y|3d)?\(\s*0\s*[,)]|translate(?:x|y|3d)?\(\s*-(?:\d{4,}px|\d+00%)"
)
TOLD_BY_TAGS = {"font", "body", "table", "tr", "td", "th", "tbody"}
CLOSED = {"dialog"}  # until it is opened


class Unseen(Enum):
    LEFT_OUT = 1
    TOLD_HIDDEN = 2  # a script may show it: who searches for it finds it


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


class Styles:
    """`known`: no style sheet lies elsewhere."""

    def __init__(self, sheets: Iterable[str] = (), *, known: bool = True) -> None:
        self.sheets = Sheets(sheets)
        self.by_colours = known and not self.sheets.unsure
        self.root = Sight(ground=WHITE if self.by_colours else None)

    def sight(self, element: etree._Element, around: Sight) -> Sight | Unseen:
        """Of the element, which is in one that is seen so."""
        keys = element.keys()
        if around.flow or around.label or (around.list_type and element.tag == "ol"):
            kind = "" if element.tag == "ol" else around.list_type
            around = around._replace(flow="", label="", list_type=kind)
        if not keys and not self.sheets and element.tag not in CLOSED:
            return around
        style = element.get("style") if keys else None
        by_sheets = self.sheets.told(element) if self.sheets else NOTHING
        own = declared(style) if style else NOTHING
        if element.tag not in NEVER_HIDDEN and (unseen := _unseen(element, own, by_sheets)):
            return unseen
        told = _both(own, by_sheets)
        if keys and element.tag in TOLD_BY_TAGS:
            told = {**_by_attributes(element), **told}
        return self._inside(told, around) if told else around

    def _inside(self, told: Told, around: Sight) -> Sight:
        sight = around
        if visibility := _value(told, "visibility"):
            sight = sight._replace(visible=visibility not in {"hidden", "collapse"})
        if size := _size(told):
            sight = sight._replace(size=_pixels(size, around.size))
        if _is_raised(told) or (sight.size < around.size and _is_lifted(told)):
            sight = sight._replace(raised=True)
        if font := _value(told, "font-family"):
            sight = sight._replace(symbols=font if is_symbol_font(font) else "")
        if kind := _value(told, "list-style-type") or _value(told, "list-style"):
            sight = sight._replace(list_type=kind)
        flow, label = _flow(told), told.get(LABEL, "")
        if flow or label:
            sight = sight._replace(flow=flow, label=label)
        return self._coloured(told, sight) if self.by_colours else _clear(told, sight)

    def _coloured(self, told: Told, sight: Sight) -> Sight:
        ground = _value(told, "background-color") or _value(told, "background")
        if ground:
            found = ground_of(ground)
            # One that can be seen through changes what is behind it.
            sight = sight if found == CLEAR else sight._replace(ground=found)
        if _value(told, "background-image") not in {"", "none"}:
            sight = sight._replace(ground=None)
        elif not ground and _value(told, "position") in {"absolute", "fixed"}:
            sight = sight._replace(ground=None)  # what it stands over is not known
        if color := _value(told, "color"):
            sight = sight if color == "inherit" else sight._replace(color=color_of(color))
        return sight


def _flow(told: Told) -> str:
    display = _value(told, "display")
    if display in {"block", "list-item", "flex", "grid", "table", "table-row"}:
        return "line"
    placed = _value(told, "position") in {"absolute", "fixed"}
    return "word" if placed or display in {"inline-block", "table-cell", "inline-flex"} else ""


def _clear(told: Told, sight: Sight) -> Sight:
    color = _value(told, "color")
    return (
        sight._replace(color=color_of(color) if color == "transparent" else None)
        if color
        else sight
    )


def _both(own: Told, by_sheets: Told) -> Told:
    """Its own word is the last, but where a sheet insists."""
    if not by_sheets:
        return own
    insisted = {
        name: value
        for name, value in by_sheets.items()
        if IMPORTANT in value and IMPORTANT not in own.get(name, "")
    }
    return {**by_sheets, **own, **insisted}


def _value(told: Told, name: str) -> str:
    return told.get(name, "").replace(IMPORTANT, "").strip()


def struck(told: Told) -> bool:
    lines = _value(told, "text-decoration") + _value(told, "text-decoration-line")
    return "line-through" in lines


def _unseen(element: etree._Element, own: Told, by_sheets: Told) -> Unseen | None:
    if element.tag == "input" and element.get("type", "").lower() == "hidden":
        return Unseen.LEFT_OUT
    hidden = element.get("hidden")
    if hidden is not None and hidden.lower() != "until-found":
        return Unseen.LEFT_OUT
    if own and (_is_gone(own) or struck(own)):
        return Unseen.LEFT_OUT
    if by_sheets:
        both = _both(own, by_sheets)
        if struck(both):
            return Unseen.LEFT_OUT
        if _is_gone(both):
            beside = _is_far(both) or CUT.match(_value(both, "clip"))
            return Unseen.LEFT_OUT if beside else Unseen.TOLD_HIDDEN
    closed = element.tag in CLOSED and element.get("open") is None
    return Unseen.TOLD_HIDDEN if closed or element.get("popover") is not None else None


def _is_gone(told: Told) -> bool:
    """It, and all that is in it, whatever that says of itself."""
    display, opacity = _value(told, "display"), _value(told, "opacity")
    if display == "none" or _value(told, "content-visibility") == "hidden":
        return True
    found = LENGTH.fullmatch(opacity) if opacity else None
    if found and float(found[1]) / (100 if found[2] == "%" else 1) < FAINT:
        return True
    if COLLAPSED.search(_value(told, "transform")) or CUT.match(_value(told, "clip-path")):
        return True
    return _is_far(told) or _is_cut(told)


def _is_far(told: Told) -> bool:
    placed = _value(told, "position") in {"absolute", "fixed", "relative"}
    names = ("text-indent", "margin-left", "margin-top")
    edges = ("left", "right", "top", "bottom") if placed else ()
    return any(
        _pixels(value, 16.0) <= FAR
        for name in (*names, *edges)
        if (value := _value(told, name)).startswith("-")
    )


def _is_cut(told: Told) -> bool:
    placed = _value(told, "position") in {"absolute", "fixed"}
    if placed and CUT.match(_value(told, "clip")):
        return True
    overflow = " ".join(_value(told, name) for name in ("overflow", "overflow-x", "overflow-y"))
    sizes = ("height", "max-height", "width", "max-width")
    small = (value for name in sizes if (value := _value(told, name)))
    return ("hidden" in overflow or "clip" in overflow) and any(
        _pixels(value, 16.0) <= SPECK for value in small
    )


def _is_raised(told: Told) -> bool:
    value = _value(told, "vertical-align")
    if value in {"super", "text-top"}:
        return value == "super"
    found = LENGTH.fullmatch(value) if value else None
    return bool(found and found[2] and float(found[1]) > 0)


def _is_lifted(told: Told) -> bool:
    """Moved up from where it would stand; a figure, if it is smaller as well."""
    top, bottom = (_pixels(_value(told, name) or "0", 16.0) for name in ("top", "bottom"))
    return _value(told, "position") == "relative" and (top < 0 or bottom > 0)


def _size(told: Told) -> str:
    if size := _value(told, "font-size"):
        return size
    found = FONT_SIZE.search(_value(told, "font"))
    return found[1] if found else ""


def _pixels(value: str, around: float) -> float:
    """What is not known is as large as what is around."""
    found = LENGTH.fullmatch(value)
    if not found:
        return around
    number = float(found[1])
    if found[2] in {"%", "em"}:
        return number * around / (100 if found[2] == "%" else 1)
    return number * POINTS.get(found[2] or "px", 10.0 if found[2] in {"vw", "vh"} else 1.0)


def _by_attributes(element: etree._Element) -> Told:
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
