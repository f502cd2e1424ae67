"""The fonts of an RTF file: in which code page the letters of each are, and which are symbols."""

import codecs
import re
from typing import NamedTuple

CHARSETS = dict(
    (
        *((0, "cp1252"), (77, "mac_roman"), (78, "cp932"), (79, "cp950"), (80, "cp949")),
        *((81, "mac_arabic"), (82, "cp1255"), (83, "mac_greek"), (84, "mac_cyrillic")),
        *((85, "cp936"), (86, "mac_romanian"), (88, "cp874"), (89, "mac_latin2")),
        *((128, "cp932"), (129, "cp949"), (130, "johab"), (134, "cp936"), (136, "cp950")),
        *((161, "cp1253"), (162, "cp1254"), (163, "cp1258"), (177, "cp1255"), (178, "cp1256")),
        *((186, "cp1257"), (204, "cp1251"), (222, "cp874"), (238, "cp1250"), (254, "cp437")),
        (255, "cp850"),
    )
)
SYMBOLS = 2
FONT = re.compile(rb"\\f(\d{1,6})(?![a-z0-9])((?:\\[a-z]+-?\d* ?|\\'..|\{[^{}]*\}|[^;\\{}])*)")
CHARSET, PAGE = re.compile(rb"\\fcharset(\d{1,3})\b"), re.compile(rb"\\cpg(\d{1,5})\b")
NOT_NAME = re.compile(rb"\\[a-z]+-?\d* ?|\{[^{}]*\}|\\'..|[\r\n]")


class Font(NamedTuple):
    name: str
    encoding: str  # empty where it is that of the file


PLAIN = Font("", "")


def fonts(table: bytes) -> dict[int, Font]:
    """By their numbers. `table` is what stands in the group of fonts."""
    return {int(found[1]): _font(found[2]) for found in FONT.finditer(table)}


def _font(said: bytes) -> Font:
    charset, page = CHARSET.search(said), PAGE.search(said)
    number = int(charset[1]) if charset else -1
    name = NOT_NAME.sub(b"", said).decode("cp1252", "replace").strip()
    if number == SYMBOLS:
        return Font(name, "latin-1")
    declared = code_page(page[1].decode()) if page and page[1] != b"0" else ""
    return Font(name, declared or CHARSETS.get(number, ""))


def code_page(number: str) -> str:
    """Empty where it is none that is known."""
    name = {"65001": "utf-8", "10000": "mac_roman"}.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
