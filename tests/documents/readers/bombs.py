"""Files made to break what reads them: small ones that become large, deep or endless."""

import io
import struct
import zipfile

from tests import files
from tests import files_office as office

WORD = files.word("words")
HEAD = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)
FOOT = b"</w:body></w:document>"


def swapped(data: bytes, name: str, content: bytes) -> bytes:
    """The archive with a member in place of its own."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    return office.zipped(members | {name: content})


def word_of(body: bytes, prologue: bytes = b"") -> bytes:
    return swapped(WORD, "word/document.xml", prologue + HEAD + body + FOOT)


def laughs() -> bytes:
    lines = [b"<!ENTITY a0 'ha'>"]
    lines += [b"<!ENTITY a%d '%b'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)]
    return b"<!DOCTYPE x [" + b"".join(lines) + b"]>"


def paragraph(text: bytes) -> bytes:
    return b"<w:p><w:r><w:t>%b</w:t></w:r></w:p>" % text


def quadratic() -> bytes:
    prologue = b"<!DOCTYPE x [<!ENTITY a '%b'>]>" % (b"ha" * 100_000)
    return word_of(paragraph(b"&a;" * 100_000), prologue)


def nested_zip(levels: int = 4) -> bytes:
    data = office.zipped({"word/document.xml": bytes(5_000_000)})
    for _ in range(levels):
        data = office.zipped({f"{n}.zip": data for n in range(16)})
    return data


def epub_again() -> bytes:
    """A spine that names the same chapter a hundred thousand times."""
    book = office.epub("<p>" + "words " * 1_000_000 + "</p>")
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        package = archive.read("in/book.opf")
    again = package.replace(b'<itemref idref="c0"/>', b'<itemref idref="c0"/>' * 100_000)
    return swapped(book, "in/book.opf", again)


def repeated_cells() -> bytes:
    """Each row of an .ods repeats its cell, which repeats its text."""
    row = (
        "<table:table-row><table:table-cell table:number-columns-repeated='99999'>"
        "<text:p>word word word word</text:p></table:table-cell></table:table-row>"
    )
    return office.odf("spreadsheet", f"<table:table>{row * 50_000}</table:table>")


def many_headers() -> bytes:
    return (
        b"From: a@b\r\nTo: c@d\r\nSubject: s\r\n"
        + b"".join(b"X-%d: y\r\n" % n for n in range(200_000))
        + b"\r\nwords\r\n"
    )


def deep_mime(levels: int = 20_000) -> bytes:
    head = b"From: a@b\r\nTo: c@d\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
    opening = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(levels)
    )
    return head + opening + b"Content-Type: text/plain\r\n\r\nwords\r\n"


def uuencode() -> bytes:
    line = b"M" + b"!" * 60 + b"\n"
    return (
        b"From: a@b\nTo: c@d\nSubject: s\nContent-Transfer-Encoding: x-uuencode\n\n"
        b"begin 644 a.txt\n" + line * 3_000 + b"\nend\n"
    )


def attached_bombs() -> bytes:
    """Attachments that unpack to far more than they are."""
    bomb = swapped(WORD, "word/document.xml", bytes(65 << 20))
    return office.message("bombs", "look", *((f"{n}.docx", bomb) for n in range(5)))


def wide_json() -> bytes:
    """Each value on a line of its own, behind as many blanks as it is deep."""
    inner = b"[" + b"1," * 20_000 + b"1]"
    return b"[" * 400 + inner + b"]" * 400


def rtf_groups() -> bytes:
    return b"{\\rtf1 " + b"{" * 1_000_000 + b"words" + b"}" * 1_000_000 + b"}"


def ole_circle() -> bytes:
    """A directory whose entries are each other's children."""
    data = bytearray(office.outlook("Subject", "words", ("a.txt", b"more")))
    place = struct.unpack_from("<I", data, 48)[0] * 512 + 512
    for number in range(8):
        entry = place + number * 128
        if data[entry : entry + 2] != b"\0\0":
            for field in (68, 72, 76):
                struct.pack_into("<I", data, entry + field, (number + field) % 4)
    return bytes(data)


def ole_chain() -> bytes:
    """A table of sectors in which one follows itself."""
    data = bytearray(office.outlook("Subject", "words " * 2000))
    fat = struct.unpack_from("<I", data, 76)[0] * 512 + 512
    for number in range(12):
        struct.pack_into("<I", data, fat + 4 * number, number)
    return bytes(data)


def word_pieces() -> bytes:
    """A .doc whose thousand pieces are each all of its text."""
    text = b"words " * 20_000
    count = 5_000
    head = bytearray(1024)
    struct.pack_into("<H", head, 0x0A, 0x0200)
    struct.pack_into("<I", head, 0x4C, 0xFFFFFFF)
    ends = struct.pack(f"<{count + 1}I", *(len(text) * n for n in range(count + 1)))
    piece = struct.pack("<HIH", 0, len(head) * 2 | 0x40000000, 0)
    body = ends + piece * count
    plan = b"\x02" + struct.pack("<I", len(body)) + body
    struct.pack_into("<II", head, 0x01A2, 0, len(plan))
    return office.ole({"WordDocument": bytes(head) + text, "1Table": plan})


def laughing() -> bytes:
    return word_of(paragraph(b"&a9;"), laughs())


def stealing() -> bytes:
    prologue = b"<!DOCTYPE x [<!ENTITY j SYSTEM 'file:///etc/hostname'>]>"
    return word_of(paragraph(b"words &j;"), prologue)


def deep_html() -> bytes:
    return b"<html><body>" + b"<div>" * 100_000 + b"at the bottom" + b"</div>" * 100_000
