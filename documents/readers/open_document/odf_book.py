"""An OpenDocument file, packed or flat: its parts, and what is known of all of its text."""

import zipfile
from typing import BinaryIO, NamedTuple

from lxml import etree

from documents.readers.common import archive
from documents.readers.common.refusal import Damaged, Locked
from documents.readers.office import made_package
from documents.readers.open_document import odf_fields
from documents.readers.open_document.odf_looks import OASIS, Looks

MANIFEST = "META-INF/manifest.xml"
LOCK = OASIS % ("manifest", "encryption-data")
BODY, DOCUMENT = OASIS % ("office", "body"), OASIS % ("office", "document")
TITLE = "{http://purl.org/dc/elements/1.1/}title"
LINK = "{http://www.w3.org/1999/xlink}href"
PACKED = b"PK"


class Book(NamedTuple):
    package: zipfile.ZipFile | None  # None of a flat file
    root: etree._Element
    styles: etree._Element | None
    looks: Looks
    controls: dict[str, str]  # what those of forms say, by their ids
    unread: list[str]  # takes a noun for each thing that could not be read

    @property
    def body(self) -> etree._Element:
        """Its first child is the text, the spreadsheet or the show."""
        return self.root.find(BODY)

    def title(self) -> str:
        root = self.root
        if self.package and "meta.xml" in self.package.namelist():
            root = archive.tree(self.package, "meta.xml")
        return root.findtext(f".//{TITLE}") or ""

    def within(self, place: etree._Element) -> etree._Element | None:
        """The root of what is embedded there, if it can be read."""
        name = place.get(LINK, "").removeprefix("./").rstrip("/")
        if not name:  # of one that is linked, what stands there is a caption
            return place[0] if len(place) else None
        try:
            return archive.tree(self.package, f"{name}/content.xml") if self.package else None
        except Damaged:
            return None


def opened(file: BinaryIO) -> Book:
    """Raises Damaged, Locked, Bomb."""
    is_packed = file.read(len(PACKED)) == PACKED
    file.seek(0)
    book = _packed(archive.opened(file)) if is_packed else _flat(file)
    if book.body is None or not len(book.body):
        raise Damaged
    return book


def _packed(package: zipfile.ZipFile) -> Book:
    names = package.namelist()
    if MANIFEST in names and archive.tree(package, MANIFEST).find(f".//{LOCK}") is not None:
        raise Locked
    root = archive.tree(package, "content.xml")
    styles = _styles(package)
    looks = Looks([root] if styles is None else [styles, root])
    return Book(package, root, styles, looks, odf_fields.controls(root), [])


def _styles(package: zipfile.ZipFile) -> etree._Element | None:
    """The text is worth reading without them."""
    try:
        return archive.tree(package, "styles.xml")
    except Damaged:
        return None


def _flat(file: BinaryIO) -> Book:
    try:
        root = made_package.parsed(file.read())
    except archive.BROKEN as error:
        raise Damaged from error
    if root.tag != DOCUMENT:
        raise Damaged
    return Book(None, root, root, Looks([root]), odf_fields.controls(root), [])
