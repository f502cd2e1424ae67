"""What stands beside the cells of an Excel sheet: comments, text boxes, charts, targets of links."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from lxml import etree
from openpyxl.utils import coordinate_to_tuple

from documents.readers.common import archive
from documents.readers.common.refusal import Damaged
from documents.readers.common.tidy import clean
from documents.readers.office import ooxml_charts

MOST, CHARACTERS, CHARTS = 5_000, 2_000, 200
PART_BYTES = 16 << 20
LINK = re.compile(rb"<(?:\w+:)?hyperlink\s[^<>]*>")
ATTRIBUTE = re.compile(rb'(?<![\w:])([\w:]++)="([^"]*)"')
THREADED = re.compile(r"^\[Threaded comment\].*?(?:Comment|Kommentar):\s*", re.DOTALL)
SHAPES, GRAPHIC = ("sp", "cxnSp"), "graphicFrame"


class Beside(NamedTuple):
    comments: dict[int, list[str]]  # by the row, as "Comment on B2: …"
    boxes: list[str]  # and charts, a line each
    links: dict[tuple[int, int], str]  # by row and column


def of_sheet(book: zipfile.ZipFile, sheet: str, links: list[bytes]) -> Beside:
    """`links`: the elements of the sheet's XML. What cannot be read is left out."""
    targets = _targets(book, sheet)
    found = Beside({}, [], {})
    for kind, target in list(targets.values())[:MOST]:
        tree = _tree(book, target) if kind in {"comments", "threadedComment", "drawing"} else None
        if tree is None:
            continue
        if kind == "drawing":
            found.boxes.extend(_boxes(tree))
            found.boxes.extend(islice(_charts(book, target), MOST))
        else:
            _comments(tree, found.comments)
    for element in links[:MOST]:
        _link(element, targets, found.links)
    return found


def _targets(book: zipfile.ZipFile, sheet: str) -> dict[str, tuple[str, str]]:
    """Kind and path, or address, of what the sheet refers to, by its id there."""
    folder, name = posixpath.split(sheet)
    tree = _tree(book, f"{folder}/_rels/{name}.rels")
    found: dict[str, tuple[str, str]] = {}
    for each in tree.iterchildren("{*}Relationship") if tree is not None else ():
        target = each.get("Target", "")
        if each.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found[each.get("Id", "")] = (each.get("Type", "").rpartition("/")[2], target)
    return found


def _tree(book: zipfile.ZipFile, name: str) -> etree._Element | None:
    try:
        if book.getinfo(name).file_size > PART_BYTES:
            return None
        return archive.tree(book, name)
    except (KeyError, Damaged):
        return None


def _comments(tree: etree._Element, found: dict[int, list[str]]) -> None:
    for each in tree.iter("{*}comment", "{*}threadedComment"):
        words = "".join(each.itertext("{*}t", "{*}text"))
        told = " ".join(THREADED.sub("", clean(words)).split())[:CHARACTERS]
        place = _place(each.get("ref", ""))
        if told and place:
            line = f"Comment on {each.get('ref')}: {told}"
            lines = found.setdefault(place[0], [])
            if line not in lines:  # a newer kind keeps a copy for older programs
                lines.append(line)


def _place(ref: str) -> tuple[int, int] | None:
    try:
        row, column = coordinate_to_tuple(ref.partition(":")[0].replace("$", ""))
    except (ValueError, TypeError):
        return None
    return row, column


def _boxes(tree: etree._Element) -> Iterator[str]:
    """The text of each shape, a paragraph a line."""
    for body in tree.iter("{*}txBody"):
        for paragraph in body.iterchildren("{*}p"):
            told = " ".join(clean("".join(paragraph.itertext("{*}t"))).split())
            if told:
                yield told[:CHARACTERS]


def _charts(book: zipfile.ZipFile, drawing: str) -> Iterator[str]:
    """Of those that a drawing shows."""
    for kind, target in list(_targets(book, drawing).values())[:CHARTS]:
        tree = _tree(book, target) if kind in {"chart", "chartEx"} else None
        if tree is not None:
            yield from (line[:CHARACTERS] for line in ooxml_charts.lines_of(tree))


def _link(
    element: bytes, targets: dict[str, tuple[str, str]], found: dict[tuple[int, int], str]
) -> None:
    told = {name.rpartition(b":")[2]: value for name, value in ATTRIBUTE.findall(element)}
    kind, address = targets.get(told.get(b"id", b"").decode(), ("", ""))
    place = _place(told.get(b"ref", b"").decode())
    if kind == "hyperlink" and place and "://" in address:
        found[place] = address[:CHARACTERS]
