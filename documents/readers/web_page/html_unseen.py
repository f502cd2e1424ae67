"""What style sheets and an element's own style say: lengths, and whether it hides what is in it."""

import re
from enum import Enum

from documents.readers.web_page.html_colours import FAINT
from documents.readers.web_page.html_css import IMPORTANT, Told

LENGTH = re.compile(r"([+-]?(?:\d++\.?\d*|\.\d+))(px|pt|em|rem|ex|ch|in|cm|mm|vw|vh|%)?")
POINTS = {"pt": 4 / 3, "em": 16, "rem": 16, "in": 96, "cm": 37.8, "mm": 3.78, "ch": 8, "ex": 8}
SPECK = 1.0  # pixels: of a letter that is none
FAR = -900.0  # pixels beside the page
CUT = re.compile(
    r"rect\(\s*(?:0|1px)(?:px)?(?:\s*+(?:,\s*+)?(?:0|1px)(?:px)?){3}\s*\)|inset\(\s*(?:50|100)%|"
    r"circle\(\s*0"
)
COLLAPSED = re.compile(
    r"scale(?:x|y|3d)?\(\s*0\s*[,)]|translate(?:x|y|3d)?\(\s*-(?:\d{4,}px|\d+00%)"
)


class Unseen(Enum):
    LEFT_OUT = 1
    TOLD_HIDDEN = 2  # a script may show it: who searches for it finds it


def both(own: Told, by_sheets: Told) -> Told:
    """Its own word is the last, but where a sheet insists."""
    if not by_sheets:
        return own
    insisted = {
        name: value
        for name, value in by_sheets.items()
        if IMPORTANT in value and IMPORTANT not in own.get(name, "")
    }
    return {**by_sheets, **own, **insisted}


def value_of(told: Told, name: str) -> str:
    return told.get(name, "").replace(IMPORTANT, "").strip()


def struck(told: Told) -> bool:
    lines = value_of(told, "text-decoration") + value_of(told, "text-decoration-line")
    return "line-through" in lines


def unseen_by(own: Told, by_sheets: Told) -> Unseen | None:
    if own and (_is_gone(own) or struck(own)):
        return Unseen.LEFT_OUT
    if by_sheets:
        told = both(own, by_sheets)
        if struck(told):
            return Unseen.LEFT_OUT
        if _is_gone(told):
            beside = _is_far(told) or CUT.match(value_of(told, "clip"))
            return Unseen.LEFT_OUT if beside else Unseen.TOLD_HIDDEN
    return None


def _is_gone(told: Told) -> bool:
    """It, and all that is in it, whatever that says of itself."""
    display, opacity = value_of(told, "display"), value_of(told, "opacity")
    if display == "none" or value_of(told, "content-visibility") == "hidden":
        return True
    found = LENGTH.fullmatch(opacity) if opacity else None
    if found and float(found[1]) / (100 if found[2] == "%" else 1) < FAINT:
        return True
    if COLLAPSED.search(value_of(told, "transform")) or CUT.match(value_of(told, "clip-path")):
        return True
    return _is_far(told) or _is_cut(told)


def _is_far(told: Told) -> bool:
    placed = value_of(told, "position") in {"absolute", "fixed", "relative"}
    names = ("text-indent", "margin-left", "margin-top")
    edges = ("left", "right", "top", "bottom") if placed else ()
    return any(
        pixels(value, 16.0) <= FAR
        for name in (*names, *edges)
        if (value := value_of(told, name)).startswith("-")
    )


def _is_cut(told: Told) -> bool:
    placed = value_of(told, "position") in {"absolute", "fixed"}
    if placed and CUT.match(value_of(told, "clip")):
        return True
    overflow = " ".join(value_of(told, name) for name in ("overflow", "overflow-x", "overflow-y"))
    sizes = ("height", "max-height", "width", "max-width")
    small = (value for name in sizes if (value := value_of(told, name)))
    return ("hidden" in overflow or "clip" in overflow) and any(
        pixels(value, 16.0) <= SPECK for value in small
    )


def pixels(value: str, around: float) -> float:
    """What is not known is as large as what is around."""
    found = LENGTH.fullmatch(value)
    if not found:
        return around
    number = float(found[1])
    if found[2] in {"%", "em"}:
        return number * around / (100 if found[2] == "%" else 1)
    return number * POINTS.get(found[2] or "px", 10.0 if found[2] in {"vw", "vh"} else 1.0)
