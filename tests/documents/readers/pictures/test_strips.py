"""A page that is painted in strips looks as it does painted at once."""

import io

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops

from documents.readers.pictures import strips
from documents.readers.pictures.strips import painted
from tests import files

SCALE = 2.15


def cut(holes: int, turned: int = 0) -> pdfium.PdfPage:
    """Words all over a page out of which so many holes are cut, as browsers print them."""
    stream = b"q\n"
    for n in range(holes):
        stream += b"0 0 m 0 842 l 595 842 l 595 0 l h %d %d 30 9 re W* n\n" % (n * 97 % 500, n * 13)
        stream += b"BT /F1 11 Tf %d %d Td (cell number %d) Tj ET\n" % (30, 15 + n * 13, n)
    for n in range(1_600):
        stream += b"BT /F1 11 Tf %d %.1f Td (gjpA) Tj ET\n" % (n * 7 % 580, n / 2)
    return pdfium.PdfDocument(io.BytesIO(files.drawn([stream + b"Q"], turned)))[0]


@pytest.mark.parametrize("turned", [0, 90])
def test_a_page_in_strips_looks_as_it_does_at_once(turned):
    page = cut(20, turned)
    assert strips._clippings(page) >= strips.MANY
    whole = page.render(scale=SCALE, rev_byteorder=True).to_pil().convert("RGB")
    image = painted(page, SCALE)
    assert image.size == whole.size
    assert max(high for _, high in ImageChops.difference(image, whole).getextrema()) <= 1
    assert sum(image.convert("L").histogram()[:100]) > 1_000


def test_a_page_without_clippings_is_painted_at_once():
    page = pdfium.PdfDocument(io.BytesIO(files.pdf("Some words")))[0]
    assert strips._clippings(page) == 0
    assert isinstance(painted(page, SCALE), Image.Image)
