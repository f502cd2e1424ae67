"""An Office file put together in memory, of parts that came in one piece of XML."""

import io
import re
import zipfile
from collections.abc import Iterable
from typing import BinaryIO, NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from documents.readers.common import archive

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATION_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
# Pictures and the like, of which nothing is read.
BINARY = re.compile(rb"<((?:\w+:)?bin(?:ary)?-?[dD]ata)\b[^>]*>([^<]*)</\1>")
KEPT_BYTES = 4 << 20


class Part(NamedTuple):
    name: str  # without a slash at its beginning
    kind: str  # its content type
    data: bytes


def parsed(data: bytes, kept_bytes: int = 0) -> etree._Element:
    """Without what is no text, if it is larger than that. Raises one of `archive.BROKEN`."""
    return archive.parsed(BINARY.sub(lambda found: _kept(found, kept_bytes), data))


def _kept(found: re.Match[bytes], most: int) -> bytes:
    return found[0] if len(found[2]) <= most else b""


def packed(parts: Iterable[Part]) -> BinaryIO:
    made = io.BytesIO()
    kinds = [f'<Default Extension="rels" ContentType="{RELATION_TYPE}"/>']
    with zipfile.ZipFile(made, "w") as package:
        for part in parts:
            package.writestr(part.name, part.data)
            if not part.name.endswith(".rels"):
                name, kind = quoteattr(f"/{part.name}"), quoteattr(part.kind)
                kinds.append(f"<Override PartName={name} ContentType={kind}/>")
        package.writestr("[Content_Types].xml", f'<Types xmlns="{TYPES}">{"".join(kinds)}</Types>')
    made.seek(0)
    return made


def relations(links: Iterable[tuple[str, str, str, bool]]) -> bytes:
    """Of each: its id, type and target, and whether that leads out of the file."""
    told = "".join(
        f"<Relationship Id={quoteattr(key)} Type={quoteattr(kind)} Target={quoteattr(target)}"
        f"{' TargetMode=' + quoteattr('External') if leads_out else ''}/>"
        for key, kind, target, leads_out in links
    )
    return f'<Relationships xmlns="{RELATIONS}">{told}</Relationships>'.encode()
