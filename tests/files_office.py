"""Small files of office formats, made while the tests run."""

import io
import json
import struct
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

import openpyxl
import pptx
from openpyxl.workbook import Workbook

NAMES = {n: n for n in ("office", "text", "table", "presentation", "manifest", "style")}
DECLARED = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (NAMES | {"draw": "drawing", "svg": "svg-compatible"}).items()
)
ODF_TYPES = {"text": "text", "spreadsheet": "spreadsheet", "presentation": "presentation"}
SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
RIGHT, CHILD = 72, 76  # places in an entry of the directory


def zipped(members: Mapping[str, bytes | str], stored: str = "mimetype") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            way = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, data, way)
    return out.getvalue()


def slides(*pages: tuple[str, str, str], table: Sequence[Sequence[str]] = ()) -> bytes:
    """A .pptx of title, words and notes; the table stands on the first slide."""
    show = pptx.Presentation()
    for title, words, notes in pages:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = words
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    if table:
        shape = show.slides[0].shapes.add_table(
            len(table), len(table[0]), 0, 5_000_000, 9_000, 9_000
        )
        for row, texts in zip(shape.table.rows, table, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def sheets(tables: Mapping[str, Sequence[Sequence[object]]], **formats: str) -> bytes:
    """An .xlsx; `formats` are number formats by cell of the first sheet, as in B2="0%"."""
    book: Workbook = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for place, number_format in formats.items():
        book.worksheets[0][place].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def odf(kind: str, content: str, *, styles: str = "", locked: bool = False) -> bytes:
    lock = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{ODF_TYPES[kind]}",
            "content.xml": f"<office:document-content {DECLARED}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
            f"<office:{kind}>{content}</office:{kind}></office:body></office:document-content>",
            "META-INF/manifest.xml": f"<manifest:manifest {DECLARED}>{lock * locked}"
            "</manifest:manifest>",
        }
    )


def epub(
    *chapters: str, title: str = "A book", rights: str = "", nav: str = "", ncx: str = ""
) -> bytes:
    """`nav` and `ncx` are what stands in its tables of contents, of the newer and the older kind."""
    items = "".join(f'<item id="c{n}" href="c%20{n}.xhtml"/>' for n in range(len(chapters)))
    items += '<item id="nav" href="toc/nav.xhtml" properties="nav"/>' * bool(nav)
    items += '<item id="n" href="a.ncx" media-type="application/x-dtbncx+xml"/>' * bool(ncx)
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="in/book.opf"/></rootfiles></container>',
        "in/book.opf": '<package xmlns="http://www.idpf.org/2007/opf">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
    }
    members |= {f"in/c {n}.xhtml": text for n, text in enumerate(chapters)}
    tables = {
        "META-INF/encryption.xml": rights,
        "in/toc/nav.xhtml": nav and f'<html xmlns="http://www.w3.org/1999/xhtml">{nav}</html>',
        "in/a.ncx": ncx and f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/">{ncx}</ncx>',
    }
    return zipped(members | {name: text for name, text in tables.items() if text})


def notebook(*cells: tuple[str, str, str]) -> bytes:
    """Cells of type, source and what was printed."""
    made = [
        {
            "cell_type": kind,
            "source": source.splitlines(keepends=True),
            "outputs": [{"output_type": "stream", "text": [printed]}] if printed else [],
        }
        for kind, source, printed in cells
    ]
    language = {"language_info": {"name": "python"}}
    return json.dumps({"nbformat": 4, "metadata": language, "cells": made}).encode()


def message(
    subject: str, body: str, *attachments: tuple[str, bytes], html: str = "", charset: str = "utf-8"
) -> bytes:
    made = EmailMessage()
    made["From"] = "Ann Archer <ann@example.org>"
    made["To"] = "bob@example.org"
    made["Subject"] = subject
    made.set_content(body, charset=charset)
    if html:
        made.add_alternative(html, subtype="html")
    for name, data in attachments:
        made.add_attachment(data, "application", "octet-stream", filename=name)
    return made.as_bytes()


def outlook(subject: str, body: str, *attachments: tuple[str, bytes]) -> bytes:
    """An .msg."""
    streams = {
        "__properties_version1.0": bytes(32)
        + struct.pack("<HHIQ", 0x40, 0x39, 6, 132_514_992_000_000_000),
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_1000001F": body.encode("utf-16-le"),
        "__substg1.0_0C1A001F": "Ann Archer".encode("utf-16-le"),
    }
    for number, (name, data) in enumerate(attachments):
        folder = f"__attach_version1.0_#{number:08X}"
        streams[f"{folder}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[f"{folder}/__substg1.0_37010102"] = data
    return ole(streams)


def old_word(
    text: str,
    *,
    encrypted: bool = False,
    parts: Sequence[int] = (),
    deleted: Sequence[tuple[int, int]] = (),
    said: bytes = struct.pack("<HBHB", 0x0835, 1, 0x0800, 1),
    lists: Sequence[bytes] = (),
) -> bytes:
    """A .doc of two pieces: its first half in one byte a letter, its second half in two.

    `parts` are the lengths of its body, footnotes and so on; without, all is body. `deleted` is
    what was, from one letter to before another, or of what else is `said`. `lists` are the tables
    of lists and of numberings, of which each paragraph is on the first one.
    """
    half = len(text) // 2
    first, second = text[:half].encode("cp1252"), text[half:].encode("utf-16-le")
    head = bytearray(1024)
    struct.pack_into("<H", head, 0x0A, 0x0200 | (0x0100 if encrypted else 0))
    lengths = parts or [len(text)]
    struct.pack_into(f"<{len(lengths)}I", head, 0x4C, *lengths)
    ends = struct.pack("<III", 0, half, len(text))
    pieces = b"".join(
        struct.pack("<HIH", 0, where, 0)
        for where in (len(head) * 2 | 0x40000000, len(head) + len(first))
    )
    plan = b"\x01\x02\x00ab" + b"\x02" + struct.pack("<I", len(ends + pieces)) + ends + pieces
    struct.pack_into("<II", head, 0x01A2, 0, len(plan))
    data = bytes(head) + first + second
    if deleted:
        data = data.ljust(-(-len(data) // SECTOR) * SECTOR, b"\0")
        struct.pack_into("<II", head, 0xFA, len(plan), 12)
        plan += struct.pack("<III", len(head), len(data), len(data) // SECTOR)
        places = [len(head) + each + max(each - half, 0) for ends in deleted for each in ends]
        data = bytes(head) + data[len(head) :] + _marks(len(head), places, len(data), said)
    if lists:
        data = data.ljust(-(-len(data) // SECTOR) * SECTOR, b"\0")
        numbered = struct.pack("<III", len(head), len(data), len(data) // SECTOR)
        page = struct.pack("<IIB12x", len(head), len(data), 240).ljust(480, b"\0")
        page += struct.pack("<BHHhB", 4, 0, 0x460B, 1, 0)
        for table, place in zip((numbered, *lists), (0x102, 0x2E2, 0x2EA), strict=True):
            head[place : place + 8] = struct.pack("<II", len(plan), len(table))
            plan += table
        data = bytes(head) + data[len(head) :] + page.ljust(511, b"\0") + b"\1"
    return ole({"WordDocument": data, "1Table": plan})


def _marks(start: int, places: Sequence[int], end: int, said: bytes) -> bytes:
    """A page of runs; of every other one something is said."""
    runs = [start, *places, end]
    marked = bytes((250 if number % 2 else 0) for number in range(len(runs) - 1))
    page = struct.pack(f"<{len(runs)}I", *runs) + marked
    what = bytes([len(said)]) + said
    return page.ljust(500, b"\0") + what.ljust(11, b"\0") + bytes([len(runs) - 1])


class Store:
    """Sectors of one size, and for each the one that follows it."""

    def __init__(self, size: int) -> None:
        self.size, self.sectors, self.chain = size, [], []

    def lay(self, data: bytes) -> int:
        first = len(self.sectors)
        parts = [data[at : at + self.size] for at in range(0, len(data), self.size)] or [b""]
        self.sectors += [part.ljust(self.size, b"\0") for part in parts]
        self.chain += [*range(first + 1, first + len(parts)), END]
        return first


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file; small streams lie in the root's own."""
    folders: dict[str, dict[str, bytes]] = {"": {}}
    for path, data in streams.items():
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder, {})[name] = data
        while folder:
            folder = folder.rpartition("/")[0]
            folders.setdefault(folder, {})
    large, small = Store(SECTOR), Store(64)
    entries = [b""]
    heads = _listed(folders, entries, large, small)
    tiny = b"".join(small.sectors)
    entries[0] = _pointed(_entry("Root Entry", 5, large.lay(tiny), len(tiny)), CHILD, heads)
    mini = struct.pack(f"<{len(small.chain)}I", *small.chain)
    mini_place = large.lay(mini.ljust(-(-len(mini) // SECTOR) * SECTOR, b"\xff"))
    mini_count = len(large.chain) - mini_place
    directory = large.lay(b"".join(entries))
    count = 1
    while count * SECTOR // 4 < len(large.chain) + count:
        count += 1
    table = large.chain + [FAT] * count
    table += [FREE] * (count * SECTOR // 4 - len(table))
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, count, directory, 0, 4096, mini_place, mini_count, END, 0),
    )
    places = [*range(len(large.chain), len(large.chain) + count)]
    head += struct.pack("<109I", *places, *[FREE] * (109 - count))
    return head + b"".join(large.sectors) + struct.pack(f"<{len(table)}I", *table)


def _listed(folders, entries, large: Store, small: Store, folder: str = "") -> int:
    """The first of the folder's entries; each next one hangs on the right of the one before."""
    streams = folders[folder]
    inner = {f.rpartition("/")[2]: f for f in folders if f and f.rpartition("/")[0] == folder}
    names = sorted([*streams, *inner], key=_order)
    first = before = 0
    for name in names:
        place = len(entries)
        entries.append(b"")
        if name in streams:
            store = small if len(streams[name]) < 4096 else large
            entries[place] = _entry(name, 2, store.lay(streams[name]), len(streams[name]))
        else:
            child = _listed(folders, entries, large, small, inner[name])
            entries[place] = _pointed(_entry(name, 1), CHILD, child)
        if before:
            entries[before] = _pointed(entries[before], RIGHT, place)
        first, before = first or place, place
    return first


def _order(name: str) -> tuple[int, str]:
    return len(name), name.upper()


def _entry(name: str, kind: int, start: int = END, size: int = 0) -> bytes:
    written = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ", written, len(written) + 2, kind, 1, FREE, FREE, FREE, 0, start, size
    )


def _pointed(entry: bytes, field: int, target: int) -> bytes:
    return entry[:field] + struct.pack("<I", target) + entry[field + 4 :]
