"""What groups of RTF say that have no text of their own: styles, fields of forms, pictures."""

import re

from documents.readers.common.stand_ins import description
from documents.readers.old_word.rtf_tokens import value
from documents.readers.old_word.word_fields import UNTOUCHED, Entry

STYLE = re.compile(
    rb"\\s(\d{1,6})(?!\d) ?((?:\\[a-z]{1,32}-?\d{0,12} ?|[\r\n]){0,200})([^{};\\]+);"
)
HEADING = re.compile(rb"heading ([1-9])\s*$", re.IGNORECASE)
OUTLINE = re.compile(rb"\\outlinelevel([0-8])(?!\d)")
NUMBER = {name: re.compile(rb"\\%s(\d{1,4})" % name) for name in (b"fftype", b"ffres", b"ffdefres")}
CHOICE = re.compile(rb"\\ffl(?![a-z]) ?((?:[^{}\\]|\\.)*)", re.DOTALL)
DEFAULT = re.compile(rb"\\ffdeftext ?((?:[^{}\\]|\\.)*)", re.DOTALL)
DESCRIPTION = re.compile(rb"\\sn\s+wzDescription\s*\}\s*\{\\sv\s((?:[^{}\\]|\\.)*)", re.DOTALL)
ENCODING = "cp1252"


def levels(sheet: bytes) -> dict[int, int]:
    """Of headings, by the numbers of their styles."""
    found: dict[int, int] = {}
    for style in STYLE.finditer(sheet):
        heading, outline = HEADING.match(style[3].strip()), OUTLINE.search(style[2])
        if heading:
            found[int(style[1])] = int(heading[1])
        elif outline:
            found[int(style[1])] = int(outline[1]) + 1
        elif style[3].strip().lower() == b"title":
            found[int(style[1])] = 1
    return found


def entry(data: bytes) -> Entry:
    numbers = {
        name: found and int(found[1])
        for name, each in NUMBER.items()
        if (found := each.search(data))
    }
    default = DEFAULT.search(data)
    return Entry(
        numbers.get(b"fftype") or 0,
        numbers.get(b"ffres", UNTOUCHED),
        numbers.get(b"ffdefres", 0),
        tuple(value(each, ENCODING) for each in CHOICE.findall(data)),
        value(default[1], ENCODING) if default else "",
    )


def described(group: bytes) -> str:
    """What is said of a picture for those who cannot see it."""
    if b"wzDescription" not in group:
        return ""
    found = DESCRIPTION.search(group)
    words = description(value(found[1], ENCODING)) if found else ""
    return f"Picture: {words}" if words else ""
