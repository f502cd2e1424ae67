"""The words of a paragraph on a slide, as they are seen."""

from typing import Any

from lxml import etree

from documents.readers.common import stand_ins
from documents.readers.common.raised import raised
from documents.readers.common.symbol_fonts import decoded, is_symbol_font
from documents.readers.formula.formulas import of_omml

MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}%s"
RUN, BREAK, FIELD, TEXT, LOOK = (MAIN % name for name in ("r", "br", "fld", "t", "rPr"))
FONTS = [MAIN % name for name in ("sym", "latin")]
LINK = MAIN % "hlinkClick"
TARGET = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FORMULA = "{http://schemas.microsoft.com/office/drawing/2010/main}m"
STRUCK = {"sngStrike", "dblStrike"}
BEFORE = 8  # pieces of a line that tell how what is raised behind them is written
BULLET, BULLET_FONT = MAIN % "buChar", MAIN % "buFont"
BOXES = set(
    "\u2610\u2611\u2612\u2713\u2714\u2717\u2718\u25a1\u25fb\u274f\u2750\u2751\u2752\U0001f5f9\U0001f5f7"
)


def words_of(paragraph: etree._Element, part: Any) -> str:
    """`part` knows where links lead."""
    pieces: list[str] = []
    links: dict[str, str] = {}  # to the words of each
    for child in paragraph:
        said = _piece_text(child, pieces)
        pieces.append(said)
        if target := _target(child, part):
            links[target] = links.get(target, "") + said
    found = (stand_ins.address(target, words) for target, words in links.items())
    # At its end: in a sentence they would cut it.
    return "".join([*pieces, *(f" ({address})" for address in found if address)])


def _piece_text(child: etree._Element, before: list[str]) -> str:
    if child.tag == BREAK:
        return "\n"
    if child.tag == FORMULA:
        return "\n".join(filter(None, map(of_omml, child)))
    if child.tag not in {RUN, FIELD}:
        return ""
    text = "".join(each.text or "" for each in child.iterchildren(TEXT))
    look = child.find(LOOK)
    if look is None or not text:
        return text
    if look.get("strike") in STRUCK:
        return ""
    for font in look.iterchildren(*FONTS):
        if is_symbol_font(name := font.get("typeface", "")):
            text = decoded(name, text) if font.tag == FONTS[1] else _signs(name, text)
    height = look.get("baseline", "0").rstrip("%")
    is_raised = height.isdigit() and int(height) > 0
    return raised("".join(before[-BEFORE:]), text) if is_raised else text


def _signs(font: str, text: str) -> str:
    """A font of symbols beside one of letters is for the codes that only it has."""
    return "".join(decoded(font, sign) if 0xF000 <= ord(sign) <= 0xF0FF else sign for sign in text)


def _target(child: etree._Element, part: Any) -> str:
    look = child.find(LOOK)
    link = None if look is None else look.find(LINK)
    return "" if link is None else target_of(link, part)


def target_of(link: etree._Element, part: Any) -> str:
    relation = part.rels.get(link.get(TARGET, ""))
    return relation.target_ref if relation is not None and relation.is_external else ""


def box_of(properties: etree._Element) -> str:
    """The box before an item, ticked or not, which is its bullet."""
    bullet, font = properties.find(BULLET), properties.find(BULLET_FONT)
    if bullet is None:
        return ""
    sign = bullet.get("char", "")
    shown = sign if font is None else decoded(font.get("typeface", ""), sign)
    return shown if shown in BOXES else ""
