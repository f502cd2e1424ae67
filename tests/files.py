"""Small files of every kind that is read, made while the tests run."""

import io
from collections.abc import Sequence

import docx
import pypdf
from PIL import Image, ImageDraw

OBJECTS = 3  # catalogue, page tree and font stand before the pages


def pdf(
    *pages: str,
    title: str = "",
    outline: Sequence[tuple[str, int]] = (),
    rotate: int = 0,
    password: str = "",
) -> bytes:
    """A PDF with each text on a page of its own, a line a line; `outline` has 1-based pages."""
    plain = drawn([_page_stream(text) for text in pages], rotate)
    if not (title or outline or password):
        return plain
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(plain))
    if title:
        writer.add_metadata({"/Title": title})
    for heading, number in outline:
        writer.add_outline_item(title=heading, page_number=number - 1)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def scan(pages: int = 1) -> bytes:
    """A PDF whose pages are pictures."""
    sheets = []
    for number in range(1, pages + 1):
        sheet = Image.new("L", (300, 400), 255)
        ImageDraw.Draw(sheet).text((40, 60), f"Sheet {number}")
        sheets.append(sheet)
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


def joined(*books: bytes) -> bytes:
    """All pages of these PDFs as one."""
    writer = pypdf.PdfWriter()
    for book in books:
        writer.append(io.BytesIO(book))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def broken_page_pdf(*pages: str, broken: int) -> bytes:
    """A PDF of which one (1-based) page is no page at all."""
    whole = pdf(*pages)
    number = OBJECTS + 2 * broken - 1
    start = whole.index(f"\n{number} 0 obj".encode())
    end = whole.index(b"endobj", start)
    head = f"\n{number} 0 obj\n<< ".encode()
    return whole[:start] + head + b" " * (end - start - len(head) - 4) + b">>\n" + whole[end:]


def word(*blocks: object, title: str = "") -> bytes:
    """A .docx: strings are paragraphs, (level, text) headings, lists of lists tables."""
    book = docx.Document()
    book.core_properties.title = title
    for block in blocks:
        if isinstance(block, str):
            book.add_paragraph(block)
        elif isinstance(block, tuple):
            book.add_heading(block[1], level=block[0])
        else:
            _add_table(book, block)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _add_table(book, rows) -> None:
    table = book.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def _page_stream(text: str) -> bytes:
    lines = [line.translate({40: r"\(", 41: r"\)", 92: r"\\"}) for line in text.split("\n")]
    shown = "".join(f"({line}) Tj T*\n" for line in lines)
    return f"BT /F1 11 Tf 14 TL 60 780 Td\n{shown}ET".encode("cp1252", "replace") if text else b""


def drawn(streams: Sequence[bytes], rotate: int = 0) -> bytes:
    """A PDF with a page for each stream of PDF's own orders; its font is F1."""
    numbers = range(OBJECTS + 1, OBJECTS + 2 * len(streams), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, stream in zip(numbers, streams, strict=True):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {rotate} "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {number + 1} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    return _written(objects)


def _written(objects: Sequence[bytes]) -> bytes:
    out, places = b"%PDF-1.4", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out) + 1)
        out += b"\n%d 0 obj\n%b\nendobj" % (number, body)
    start = len(out) + 1
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out += b"\nxref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
