"""How the text of a Word file is set where that changes what it says: hidden, struck, raised.

What a run does not say itself is said by its style, or by the style of its paragraph.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from docx.oxml.ns import qn
from lxml import etree

from documents.readers.common.symbol_fonts import is_symbol_font

STYLE, BASE = map(qn, ("w:rStyle", "w:basedOn"))
PROPERTIES, VALUE, TYPE, DEFAULT = map(qn, ("w:rPr", "w:val", "w:type", "w:default"))
ASCII, OTHERS = map(qn, ("w:ascii", "w:hAnsi"))
OFF = {"0", "false", "off", "none"}
DEEP = 10
SHIFT = 4  # half points; less is for looks alone
RISES = {"superscript": 1, "subscript": -1}


class Look(NamedTuple):
    font: str = ""  # of symbols; others do not matter
    is_hidden: bool = False
    is_struck: bool = False
    is_struck_twice: bool = False
    rise: int = 0  # 1 is raised, -1 is lowered


PLAIN = Look()
Change = Mapping[str, Any]


def is_on(element: etree._Element | None) -> bool:
    """Of an element that says something by being there."""
    return element is not None and element.get(VALUE, "1") not in OFF


def _font(element: etree._Element) -> Change:
    name = element.get(ASCII) or element.get(OTHERS) or ""
    if not name:
        return {}
    return {"font": name if is_symbol_font(name) else ""}


def _shifted(element: etree._Element) -> Change:
    try:
        shift = int(element.get(VALUE, "0"))
    except ValueError:
        return {}
    return {"rise": 1 if shift > 0 else -1} if abs(shift) >= SHIFT else {}


TOLD: dict[str, Callable[[etree._Element], Change]] = {
    qn("w:vanish"): lambda element: {"is_hidden": is_on(element)},
    qn("w:strike"): lambda element: {"is_struck": is_on(element)},
    qn("w:dstrike"): lambda element: {"is_struck_twice": is_on(element)},
    qn("w:vertAlign"): lambda element: {"rise": RISES.get(element.get(VALUE, ""), 0)},
    qn("w:position"): _shifted,
    qn("w:rFonts"): _font,
}


class Looks:
    def __init__(self, styles: Mapping[str, etree._Element]) -> None:
        self._styles = styles
        self._known: dict[str, Change] = {}
        self._default = next((key for key, each in styles.items() if _is_default(each)), "")

    def of_paragraph(self, style: str) -> Look:
        change = self._of_style(style or self._default)
        return PLAIN._replace(**change) if change else PLAIN

    def of_run(self, properties: etree._Element, around: Look) -> Look:
        change: dict[str, Any] = {}
        for child in properties:
            if (tell := TOLD.get(child.tag)) is not None:
                change |= tell(child)
            elif child.tag == STYLE:
                change |= self._of_style(child.get(VALUE, ""))
        return around._replace(**change) if change else around

    def _of_style(self, key: str) -> Change:
        """With what it takes from those that it is based on, also in a circle."""
        if key not in self._known:
            chain: list[etree._Element] = []
            style = self._styles.get(key)
            while style is not None and len(chain) < DEEP:
                chain.append(style)
                base = style.find(BASE)
                style = None if base is None else self._styles.get(base.get(VALUE, ""))
            change: dict[str, Any] = {}
            for each in reversed(chain):
                for child in each.iterfind(f"{PROPERTIES}/*"):
                    change |= TOLD[child.tag](child) if child.tag in TOLD else {}
            self._known[key] = change
        return self._known[key]


def _is_default(style: etree._Element) -> bool:
    return style.get(TYPE) == "paragraph" and style.get(DEFAULT, "0") not in OFF
