"""Whether there is more on a PDF's page than its text says."""

from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.readers.common.quality import State, is_garbage

THIN = 80  # characters: a stamp or a page number on a scan has fewer
WHOLE, SOME = 0.5, 0.02  # shares of the page that its pictures cover
STROKES = 30  # letters may be drawn as lines; a frame and a rule take fewer
HEIGHT = 1.0  # points; blanks have none
OBJECTS = 5_000  # looked at on one page


def state_of(page: pdfium.PdfPage, text: str) -> State:
    """`text` is what pdfium reads, nothing taken out yet."""
    length = len(text.strip())
    if length > THIN:
        return State.GARBAGE if is_garbage(text) else State.TEXT
    covered, strokes = _drawn(page)
    if length:
        return State.UNREADABLE if covered > WHOLE else State.TEXT
    return State.UNREADABLE if covered > SOME or strokes >= STROKES else State.EMPTY


def covered_by_pictures(page: pdfium.PdfPage) -> float:
    """The share of the page."""
    return _drawn(page)[0]


def _drawn(page: pdfium.PdfPage) -> tuple[float, int]:
    """The share of the page that pictures cover, and how many lines are drawn on it.

    Letters count as lines by the dozen: they are asked for where none could be read, as of vertical
    writing in a font that is not in the file.
    """
    left, bottom, right, top = page.get_bbox()
    covered, strokes = 0.0, 0
    kinds = [
        pdfium_c.FPDF_PAGEOBJ_IMAGE,
        pdfium_c.FPDF_PAGEOBJ_PATH,
        pdfium_c.FPDF_PAGEOBJ_TEXT,
    ]
    for drawn in islice(page.get_objects(filter=kinds), OBJECTS):
        if drawn.type == pdfium_c.FPDF_PAGEOBJ_PATH:
            strokes += 1
            continue
        one, two, three, four = drawn.get_bounds()
        if drawn.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
            strokes += STROKES if four - two > HEIGHT else 0
            continue
        width, height = min(three, right) - max(one, left), min(four, top) - max(two, bottom)
        covered += max(width, 0) * max(height, 0)
    return covered / max((right - left) * (top - bottom), 1), strokes
