"""Objects in a Word 97 document that another program made: what they say, or else what they are."""

import io

import olefile

from documents.readers.common.blocks import Block
from documents.readers.common.refusal import Refusal
from documents.readers.old_word import equation_native
from documents.readers.open_document import odf_blocks, odf_book

POOL = "ObjectPool/_{}"
OPEN_DOCUMENT, EQUATION = "package_stream", "Equation Native"
NOUNS = (("equation", "formula"), ("math", "formula"), ("chart", "chart"))


def blocks_of(box: olefile.OleFileIO, number: int) -> list[Block]:
    """Of an OpenDocument, as LibreOffice puts charts and tables into its files."""
    name = f"{POOL.format(number)}/{OPEN_DOCUMENT}"
    if number < 0 or not box.exists(name):
        return []
    try:
        book = odf_book.opened(io.BytesIO(box.openstream(name).read()))
        return list(odf_blocks.blocks_of(book.body, book))
    except (Refusal, OSError):
        return []


def formula(box: olefile.OleFileIO, number: int) -> str:
    """On one line; empty where there is none."""
    name = f"{POOL.format(number)}/{EQUATION}"
    try:
        return equation_native.linear(box.openstream(name).read()) if box.exists(name) else ""
    except OSError:
        return ""


def noun(box: olefile.OleFileIO, number: int, instruction: str) -> str:
    """Empty where the field shows no object."""
    words = instruction.lower().split()
    if words[:1] != ["embed"]:
        return ""
    if box.exists(f"{POOL.format(number)}/{EQUATION}"):
        return "formula"
    name = " ".join(words[1:2])
    return next((noun for part, noun in NOUNS if part in name), "embedded file")
