"""Pictures of pages, drawn while the tests run."""

import io
import struct
import zlib

import pypdf
from PIL import Image, ImageDraw

from tests import files


def sheet(text: str, size: tuple[int, int] = (700, 900), turned: int = 0) -> Image.Image:
    """A page of paper with these lines, as a scanner sees it; `turned` to the left, in degrees."""
    picture = Image.new("L", size, 250)
    ImageDraw.Draw(picture).multiline_text((60, 80), text, fill=10, font_size=28, spacing=14)
    return picture.rotate(turned, expand=True)


def as_file(picture: Image.Image, kind: str, more: list[Image.Image] | None = None) -> bytes:
    out = io.BytesIO()
    frames = {"save_all": True, "append_images": more} if more else {}
    picture.save(out, kind, **frames)
    return out.getvalue()


def scanned(*pictures: Image.Image) -> bytes:
    """A PDF with each picture on a page of its own."""
    return as_file(pictures[0], "PDF", list(pictures[1:]))


def with_layer(picture: Image.Image, text: str) -> bytes:
    """A PDF with the picture, and under it the text that somebody's recognition made of it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(scanned(picture)))
    layer = pypdf.PdfReader(io.BytesIO(files.pdf(text))).pages[0]
    writer.pages[0].merge_page(layer, over=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of next to no bytes whose head speaks of that many dots."""

    def part(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(10_000))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", data) + part(b"IEND", b"")
