"""Word XML of 2003: its one file is taken apart into what a newer Word file has."""

from typing import BinaryIO

from lxml import etree

from documents.readers.common import archive
from documents.readers.common.refusal import Damaged
from documents.readers.common.source import Source
from documents.readers.office import docx, made_package
from documents.readers.office.made_package import Part
from documents.readers.office.word_2003_parts import OFFICE, TITLE, WORD, Parts, element

OLDER = b"http://schemas.microsoft.com/office/word/2003/wordml"
RENAMED = (
    (OLDER, WORD.strip("{}").encode()),
    (b'w:val="on"', b'w:val="1"'),
    (b'w:val="off"', b'w:val="0"'),
)
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.%s+xml"
CORE = "application/vnd.openxmlformats-package.core-properties+xml"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ABOUT = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
DUBLIN = "{http://purl.org/dc/elements/1.1/}title"


def parse(file: BinaryIO) -> Source:
    try:
        data = file.read()
        for older, newer in RENAMED:
            data = data.replace(older, newer)
        made = _packed(made_package.parsed(data))
    except archive.BROKEN as error:
        raise Damaged from error
    return docx.parse(made)


def _packed(root: etree._Element) -> BinaryIO:
    body = root.find(f"{WORD}body")
    if body is None:
        raise Damaged
    found = Parts(root)
    found.take_from(body)
    document = element("document")
    document.append(body)
    parts, links = [Part("word/document.xml", MAIN % "document.main", etree.tostring(document))], []
    for number, (kind, content) in enumerate(found.parts):
        name = f"part{number}.xml"
        parts.append(Part(f"word/{name}", MAIN % kind, etree.tostring(content)))
        links.append((f"part{number}", f"{RELATED}/{kind}", name, False))
    links += [(key, f"{RELATED}/hyperlink", target, True) for key, target in found.links.items()]
    parts.append(Part("word/_rels/document.xml.rels", "", made_package.relations(links)))
    outer = [("main", f"{RELATED}/officeDocument", "word/document.xml", False)]
    about = etree.Element(f"{{{ABOUT}}}coreProperties")
    etree.SubElement(about, DUBLIN).text = root.findtext(f".//{OFFICE}{TITLE}") or ""
    parts.append(Part("docProps/core.xml", CORE, etree.tostring(about)))
    kind = made_package.RELATIONS + "/metadata/core-properties"
    outer.append(("core", kind, "docProps/core.xml", False))
    parts.append(Part("_rels/.rels", "", made_package.relations(outer)))
    return made_package.packed(parts)
