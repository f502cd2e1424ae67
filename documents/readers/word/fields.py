"""Fields and controls of a Word file that are filled in: what they show, and where links lead."""

import re
from typing import NamedTuple

from docx.oxml.ns import qn
from lxml import etree

from documents.readers.common.symbol_fonts import decoded
from documents.readers.word.equation_fields import formula_of
from documents.readers.word.looks import is_on

VALUE, DATA = qn("w:val"), qn("w:ffData")
CHECK, CHECKED, UNLESS = map(qn, ("w:checkBox", "w:checked", "w:default"))
CHOICE, CHOSEN, ENTRY = map(qn, ("w:ddList", "w:result", "w:listEntry"))
CONTROL, CONTENT, ABOUT = map(qn, ("w:sdt", "w:sdtContent", "w:sdtPr"))
PLACEHOLDER = qn("w:showingPlcHdr")
OFFICE_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
TICKED, EMPTY = "\u2611", "\u2610"
TICKS, BLANKS = frozenset("\u2611\u2612\u2713\u2714\u2717\u2718"), frozenset("\u2610\u25a1\u25fb")
LINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"', re.IGNORECASE)
EQUATION = re.compile(r"\s*EQ\s(.*)", re.IGNORECASE | re.DOTALL)
SYMBOL = re.compile(r"\s*SYMBOL\s+(0x[\da-f]+|[1-9]\d*)\b", re.IGNORECASE)
FONT = re.compile(r'\\f\s*"?([^"\\]+)"?', re.IGNORECASE)
CODE_CHARACTERS, UNICODE = 8, 0x11_0000
SCHEME = re.compile(r"^(?:https?://|mailto:|tel:|file:///?)", re.IGNORECASE)
SCRIPT = re.compile(r"^\s*(?:javascript|data|about):", re.IGNORECASE)
TARGET_CHARACTERS = 500


class Field:
    """One that is open: its instruction first, then what it shows."""

    def __init__(self, begin: etree._Element) -> None:
        self.instruction = ""
        self.is_shown = False
        self.value = _value(begin)
        self.text = ""

    def behind(self) -> str:
        """What is seen behind its text: where a link leads, or what was never written as text."""
        if found := LINK.match(self.instruction):
            return beside(found[1], self.text)
        if self.text.strip():
            return ""
        if found := EQUATION.match(self.instruction):
            return formula_of(found[1])
        return _symbol(self.instruction)


def _symbol(instruction: str) -> str:
    """One that is named by its number and its font."""
    found, font = SYMBOL.match(instruction), FONT.search(instruction)
    code = int(found[1], 0) if found and len(found[1]) <= CODE_CHARACTERS else 0
    return decoded(font[1] if font else "", chr(code)) if 0 < code < UNICODE else ""


def _value(begin: etree._Element) -> str | None:
    """What a form's box or list says, whose choice stands in its data alone."""
    data = begin.find(DATA)
    if data is None:
        return None
    if (box := data.find(CHECK)) is not None:
        state = box.find(CHECKED)
        return TICKED if is_on(box.find(UNLESS) if state is None else state) else EMPTY
    if (choice := data.find(CHOICE)) is None:
        return None
    entries = [entry.get(VALUE, "") for entry in choice.findall(ENTRY)]
    chosen = choice.find(CHOSEN)
    chosen = choice.find(UNLESS) if chosen is None else chosen
    place = "0" if chosen is None else chosen.get(VALUE, "0")
    at = int(place) if place.isascii() and place.isdigit() else 0
    return entries[at] if at < len(entries) else ""


def beside(target: str, text: str) -> str:
    """The target of a link as it is written behind its text, unless the text says it."""
    target = " ".join(target.split())[:TARGET_CHARACTERS]
    if not target or SCRIPT.match(target):
        return ""
    bare = SCHEME.sub("", target).rstrip("/")
    if target.lower().startswith("mailto:"):
        target = bare = bare.split("?")[0]
    squeezed = "".join(text.split()).lower()
    is_said = bare.lower() in squeezed or bare.lower().removeprefix("www.") in squeezed
    return "" if is_said else f" ({target})"


class Control(NamedTuple):
    """A content control: what stands in for it, if anything does, or else what it holds."""

    shown: str | None
    content: etree._Element | None


def control(element: etree._Element) -> Control:
    """The text of a placeholder is nobody's."""
    about, content = element.find(ABOUT), element.find(CONTENT)
    if about is None:
        return Control(None, content)
    if is_on(about.find(PLACEHOLDER)):
        return Control("", None)
    box = about.find(f"{OFFICE_2010}checkbox")
    if box is None or content is None:
        return Control(None, content)
    state = box.find(f"{OFFICE_2010}checked")
    is_ticked = state is not None and state.get(f"{OFFICE_2010}val", "1") in {"1", "true", "on"}
    shown = "".join(content.itertext(qn("w:t"))).strip()
    if len(shown) > 1 and next(content.iter(qn("w:p")), None) is not None:
        return Control(None, content)  # a paragraph with more than its box
    fits = shown in (TICKS if is_ticked else BLANKS)
    return Control(shown if fits and shown else TICKED if is_ticked else EMPTY, content)
