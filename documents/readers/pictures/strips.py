"""A page painted: at once, or in strips where that takes a tenth of the time."""

import math

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

STRIP = 128  # pixels
OVERLAP = 4  # pixels, since letters and lines look otherwise at the edge of what is painted
LOOKED_AT = 200  # objects of a page
MANY = 16  # clippings


def painted(page: pdfium.PdfPage, scale: float) -> Image.Image:
    if _clippings(page) < MANY:
        whole: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil()
        return whole.convert("RGB")
    return _in_strips(page, scale)


def _clippings(page: pdfium.PdfPage) -> int:
    """About how many there are: for each pdfium makes a mask as large as what is painted."""
    total: int = pdfium_c.FPDFPage_CountObjects(page)
    step = max(total // LOOKED_AT, 1)
    found = 0
    for number in range(0, total, step):
        clip = pdfium_c.FPDFPageObj_GetClipPath(pdfium_c.FPDFPage_GetObject(page, number))
        found += max(pdfium_c.FPDFClipPath_CountPaths(clip), 0) if clip else 0
    return found * step


def _in_strips(page: pdfium.PdfPage, scale: float) -> Image.Image:
    width, height = (math.ceil(side * scale) for side in page.get_size())
    image = Image.new("RGB", (width, height))
    for top in range(0, height, STRIP):
        above = min(top, OVERLAP)
        below = max(height - top - STRIP - OVERLAP, 0)
        # Half a pixel less, since pdfium rounds up.
        crop = (0, (below - 0.5) / scale, 0, (top - above - 0.5) / scale)
        strip = page.render(scale=scale, crop=crop, rev_byteorder=True).to_pil()
        image.paste(strip.crop((0, above, width, above + STRIP)), (0, top))
    return image
