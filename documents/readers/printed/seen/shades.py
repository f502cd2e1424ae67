"""A small grey picture of a page, to see whether there is anything at a place."""

from functools import cached_property

import pypdfium2 as pdfium

from documents.readers.printed.characters import placing

LARGEST = 2_000  # pixels of a side
SCALE = 2.0  # pixels to a point
CONTRAST = 24  # of 255, that can be made out


class Shades:
    """Drawn when it is first asked for."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.page = page
        self.placed = placing(page)

    @cached_property
    def picture(self) -> tuple[bytes, int, int, int]:
        """The shades of grey, width, height, and how long a row is."""
        scale = min(SCALE, LARGEST / max(*self.page.get_size(), 1.0))
        bitmap = self.page.render(scale=scale, grayscale=True)
        try:
            return bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride
        finally:
            bitmap.close()

    def is_flat(self, box: tuple[float, float, float, float]) -> bool:
        """Whether all is of one shade in pdfium's (left, bottom, right, top)."""
        shades, width, height, stride = self.picture
        left, top, right, bottom = self.placed(box)
        across = range(int(left * width), min(int(right * width) + 1, width))
        if not across:
            return True
        darkest, lightest = 255, 0
        for row in range(int(top * height), min(int(bottom * height) + 1, height)):
            part = shades[row * stride + across.start : row * stride + across.stop]
            darkest, lightest = min(darkest, *part), max(lightest, *part)
        return lightest - darkest < CONTRAST
