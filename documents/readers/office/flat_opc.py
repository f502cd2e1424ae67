"""An Office file whose parts stand in one XML file, as Word saves it and programs exchange it."""

import binascii
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from documents.readers.common import archive
from documents.readers.common.refusal import Damaged
from documents.readers.common.source import Source
from documents.readers.office import made_package, package
from documents.readers.office.made_package import Part

PACKAGE = "{http://schemas.microsoft.com/office/2006/xmlPackage}"


def parse(file: BinaryIO) -> Source:
    try:
        root = made_package.parsed(file.read(), made_package.KEPT_BYTES)
        made = made_package.packed(_parts(root))
    except archive.BROKEN as error:
        raise Damaged from error
    return package.parse(made)


def _parts(root: etree._Element) -> Iterator[Part]:
    for part in root.iterchildren(f"{PACKAGE}part"):
        name, kind = (part.get(f"{PACKAGE}{key}", "") for key in ("name", "contentType"))
        content = next(part.iterchildren("*"), None)
        if content is None or not name.strip("/"):
            continue
        if len(content):
            data = etree.tostring(content[0])
        else:
            data = binascii.a2b_base64("".join((content.text or "").split()))
        yield Part(name.lstrip("/"), kind, data)
