"""Controls of a Word file that show what stands in its XML data, and were never opened since."""

import re
from collections.abc import Mapping
from typing import Any

from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from lxml import etree

from documents.readers.common import archive
from documents.readers.word.fields import CONTENT, CONTROL, PLACEHOLDER

P, R, T = map(qn, ("w:p", "w:r", "w:t"))
BINDING, PATH, STORE = map(qn, ("w:dataBinding", "w:xpath", "w:storeItemID"))
STEP = re.compile(r"/(?:[\w.-]+:)?([\w.-]+)(?:\[(\d{1,5})\])?")
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CUSTOM, CUSTOM_ABOUT = f"{RELATED}/customXml", f"{RELATED}/customXmlProps"
ITEM = "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}itemID"


def fill(root: etree._Element, part: Any) -> None:
    """Put the data in the place of the placeholders that stand for them."""
    empty = [each for each in root.iter(BINDING) if _placeholder(each) is not None]
    if not empty:
        return
    stores = _stores(part)
    for binding in empty:
        store = stores.get(binding.get(STORE, "").upper())
        text = "" if store is None else _value(store, binding.get(PATH, ""))
        content = next(binding.iterancestors(CONTROL)).find(CONTENT)
        if text and content is not None:
            _write(content, text)
            about = binding.getparent()
            about.remove(about.find(PLACEHOLDER))


def _placeholder(binding: etree._Element) -> etree._Element | None:
    about = binding.getparent()
    return None if about is None else about.find(PLACEHOLDER)


def _stores(part: Any) -> Mapping[str, etree._Element]:
    """The roots of the data, by their ids."""
    found = {}
    for relation in part.rels.values():
        if relation.reltype == CUSTOM and not relation.is_external:
            item = relation.target_part
            for about in item.rels.values():
                if about.reltype == CUSTOM_ABOUT and not about.is_external:
                    key = _root(about.target_part).get(ITEM, "")
                    found[key.upper()] = _root(item)
    return found


def _root(part: Any) -> etree._Element:
    return part.element if isinstance(part, XmlPart) else archive.parsed(part.blob)


def _value(store: etree._Element, path: str) -> str:
    """Of a path of plain steps, as programs write them; nothing for any other."""
    steps = STEP.findall(path)
    if "".join(found[0] for found in STEP.finditer(path)) != path or not steps:
        return ""
    level, value = [store], ""
    for name, place in steps:
        level = [each for each in level if etree.QName(each).localname == name]
        level = level[max(int(place or 1), 1) - 1 :][:1]
        value = " ".join(" ".join("".join(each.itertext()).split()) for each in level)
        level = [child for each in level for child in each if isinstance(child.tag, str)]
    return value


def _write(content: etree._Element, text: str) -> None:
    paragraph = next(content.iter(P), content)
    for run in list(paragraph.iterchildren(R)):
        paragraph.remove(run)
    etree.SubElement(etree.SubElement(paragraph, R), T).text = text
