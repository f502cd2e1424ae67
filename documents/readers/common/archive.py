"""Formats that are zip archives: opened only when what they unpack to is bearable."""

import zipfile
import zlib
from typing import BinaryIO

from lxml import etree

from documents.readers.common.refusal import Damaged, Locked, Refusal

MEMBERS = 20_000
UNPACKED_BYTES = 1 << 30
PART_BYTES = 64 << 20  # of XML that becomes a tree, which takes several times as much
MARKUP = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx")
ENCRYPTED = 0x1

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    RuntimeError,  # a compression that is not known, too
)


class Bomb(Refusal):
    """This file unpacks to far more than can be read at once. Try it in smaller parts."""

    code = "too_large"


def opened(file: BinaryIO, part_bytes: int = PART_BYTES) -> zipfile.ZipFile:
    """Declared sizes can be trusted: no more than that is ever unpacked.

    Raises Damaged, Locked, Bomb.
    """
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN as error:
        raise Damaged from error
    members = archive.infolist()
    if len(members) > MEMBERS or sum(member.file_size for member in members) > UNPACKED_BYTES:
        raise Bomb
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise Locked
    markup = (member for member in members if member.filename.lower().endswith(MARKUP))
    if any(member.file_size > part_bytes for member in markup):
        raise Bomb
    return archive


def tree(archive: zipfile.ZipFile, name: str) -> etree._Element:
    """The XML of a member. Raises Damaged."""
    try:
        return parsed(archive.read(name))
    except BROKEN as error:
        raise Damaged from error


def parsed(data: bytes) -> etree._Element:
    """Raises one of BROKEN."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(data, parser)
