"""A page of a PDF as a picture."""

import io
from typing import BinaryIO

import pypdfium2 as pdfium

from documents.readers.refusal import Damaged, Refusal

PIXELS = 4_000  # of the longer side, at the most
QUALITY = 80


class NoSuchPage(Refusal):
    """The file has no page of that number."""

    code = "not_found"


def webp(file: BinaryIO, number: int, scale: float) -> bytes:
    try:
        book = pdfium.PdfDocument(file)
        if not 1 <= number <= len(book):
            raise NoSuchPage
        page = book[number - 1]
        scale = min(scale, PIXELS / max(page.get_size()))
        image = page.render(scale=scale).to_pil()
    except pdfium.PdfiumError as error:
        raise Damaged from error
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()
