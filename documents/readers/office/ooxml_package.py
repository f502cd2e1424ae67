"""Office files whose words the libraries do not know: Strict Open XML, macros, templates, shows."""

import re
import zipfile
from io import BytesIO
from typing import BinaryIO

from documents.readers.common import archive
from documents.readers.common.refusal import Damaged

TYPES, RELATIONS = "[Content_Types].xml", "_rels/.rels"
STRICT = b"//purl.oclc.org/ooxml/"
STRICT_NAME = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
RENAMED = (
    (b"/2006/extendedProperties", b"/2006/extended-properties"),
    (b"/2006/customProperties", b"/2006/custom-properties"),
    (b"/2006/relationships/extendedProperties", b"/2006/relationships/extended-properties"),
    (b"/2006/relationships/customProperties", b"/2006/relationships/custom-properties"),
)
# What the main part of a file with macros, a template, a show is called.
VARIANT = re.compile(
    rb"application/(?:vnd\.ms-(?:word|powerpoint)\.(?:\w+\.macroEnabled|template\.macroEnabledTemplate)"
    rb"|vnd\.openxmlformats-officedocument\.(?:wordprocessingml\.template"
    rb"|presentationml\.(?:slideshow|template)))\.main\+xml",
    re.IGNORECASE,
)
WORD, SHOW = b"wordprocessingml.document", b"presentationml.presentation"
MARKUP = (".xml", ".rels", ".vml")
# A whole file inside of another one, which is called what the main part of one is called.
INNER = re.compile(
    rb"<[^<>]*(?:PartName|Extension)\s*=\s*[\"'][^\"'<>]*?do[ct][xm][\"'][^<>]*>", re.IGNORECASE
)
MAIN = re.compile(rb"application/[\w.+-]*\.main\+xml", re.IGNORECASE)
PLAIN = b"application/octet-stream"


def transitional(file: BinaryIO, part_bytes: int = archive.PART_BYTES) -> BinaryIO:
    """The file as the libraries know it; itself, at its beginning, where nothing is to be changed.

    Raises Damaged, Locked, Bomb.
    """
    with archive.opened(file, part_bytes) as members:
        try:
            made = _made_known(members)
        except archive.BROKEN as error:
            raise Damaged from error
    file.seek(0)
    return made or file


def _made_known(members: zipfile.ZipFile) -> BinaryIO | None:
    """Or nothing, where it is known as it is."""
    names = set(members.namelist())
    is_strict = RELATIONS in names and STRICT in members.read(RELATIONS)
    types = members.read(TYPES) if TYPES in names else b""
    is_variant = VARIANT.search(types) or any(map(MAIN.search, INNER.findall(types)))
    if is_strict or is_variant or any("\\" in name for name in names):
        return _rewritten(members, is_strict)
    return None


def _rewritten(members: zipfile.ZipFile, is_strict: bool) -> BinaryIO:
    made = BytesIO()  # the reading process may write no file
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archived:
        for member in members.infolist():
            name = member.filename.replace("\\", "/")
            if member.is_dir() or name.endswith("/"):
                continue
            data = members.read(member)
            if name == TYPES:
                data = INNER.sub(lambda inner: MAIN.sub(PLAIN, inner[0]), data)
                data = VARIANT.sub(_plain, data)
            if is_strict and name.lower().endswith(MARKUP):
                data = _renamed(data)
            archived.writestr(name, data)
    made.seek(0)
    return made


def _plain(found: re.Match[bytes]) -> bytes:
    kind = WORD if b"word" in found[0].lower() else SHOW
    return b"application/vnd.openxmlformats-officedocument." + kind + b".main+xml"


def _renamed(data: bytes) -> bytes:
    if STRICT not in data:
        return data
    data = STRICT_NAME.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data)
    for strict, name in RENAMED:
        data = data.replace(strict, name)
    return data
