"""Fields of older Word files: what a person sees of their instruction and their result."""

import re
from typing import NamedTuple

from documents.readers.common.symbol_fonts import decoded
from documents.readers.old_word import word_equations
from documents.readers.word.fields import EMPTY, TICKED, beside

TEXT, BOX, LIST = 0, 1, 2  # kinds of fields in a form
UNTOUCHED = 25  # the result of a field that nobody filled in: its default holds
OUTSIDE = re.compile(r"(?:https?|ftps?|mailto|file|tel|news):", re.IGNORECASE)
# A quote that nobody closes goes to the end.
WORD = re.compile(r'"((?:[^"\\]|\\[\s\S])*+)(?:"|\\?\Z)|(\\?[^\s"]+)')
NUMBERED = {"page", "numpages", "sectionpages", "section"}
BUTTONS = {"macrobutton", "gotobutton"}
KINDS = {"formcheckbox": BOX, "formdropdown": LIST, "formtext": TEXT}


class Entry(NamedTuple):
    """A field of a form: what its data say."""

    kind: int
    result: int = UNTOUCHED
    default: int = 0
    choices: tuple[str, ...] = ()
    text: str = ""  # where nobody wrote another one


def seen(instruction: str, result: str, entry: Entry | None = None) -> str | None:
    """In the place of the result, or None where that is all there is to see."""
    words = [quoted or plain for quoted, plain in WORD.findall(instruction)]
    name = words[0].lower() if words else ""
    if name in KINDS:
        return _of_form(entry or Entry(KINDS[name]), result)
    if name == "hyperlink":
        return _link(words, result)
    if name == "symbol" and not result.strip():
        return _symbol(words)
    if name == "eq":
        return None if result.strip() else word_equations.linear(instruction.strip()[2:])
    if name in BUTTONS and not result.strip():
        return " ".join(words[2:])
    return None


def counts_pages(instruction: str) -> bool:
    return instruction.split(maxsplit=1)[:1] != [] and instruction.split()[0].lower() in NUMBERED


def _of_form(entry: Entry, result: str) -> str | None:
    number = entry.default if entry.result == UNTOUCHED else entry.result
    if entry.kind == BOX:
        return TICKED if number == 1 else EMPTY
    if entry.kind == LIST:
        chosen = entry.choices[number] if 0 <= number < len(entry.choices) else ""
        return chosen or None
    return None if result.strip() else entry.text


def _link(words: list[str], result: str) -> str | None:
    return linked(result, words[1] if len(words) > 1 else "")


def linked(text: str, address: str) -> str | None:
    """The text with its address, where that leads out of the file and is not the text itself."""
    address = address.replace("\\\\", "\\").strip()
    if not OUTSIDE.match(address):
        return None
    return f"{text}{beside(address, text)}"


def _symbol(words: list[str]) -> str:
    code = words[1] if len(words) > 1 else ""
    try:
        number = int(code, 16) if code.lower().startswith("0x") else int(code)
    except ValueError:
        return ""
    switches = [word.lower() for word in words]
    font = words[switches.index("\\f") + 1] if "\\f" in switches[:-1] else ""
    if not 0x20 <= number < 0x10000 or 0xD800 <= number < 0xE000:
        return ""
    if font and (shown := decoded(font, chr(number))) != chr(number):
        return shown
    if "\\u" in switches or number > 0xFF:
        return chr(number)
    return bytes([number]).decode("cp1252", "replace")
