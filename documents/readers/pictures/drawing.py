"""A page as a picture, with a passage marked where it is text."""

import io
from collections.abc import Sequence
from contextlib import suppress
from typing import BinaryIO, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageChops, ImageDraw

from documents.readers.common import passwords
from documents.readers.common.refusal import Damaged, NoSuchPage
from documents.readers.page import Place
from documents.readers.pictures.image import frame
from documents.readers.pictures.image import warm_up as warm_up_pictures
from documents.readers.pictures.strips import painted
from documents.readers.printed.boxes import boxes_among, boxes_of
from documents.readers.printed.characters import Box

PIXELS = 4_000  # of the longer side, at the most
QUALITY = 80
EFFORT = 0  # of the encoder: more makes a picture a little smaller, and later
MARKER = (255, 233, 127)
MARGIN = 0.004  # of the page's width, by which the marker reaches beyond the letters
# A page with words in a font that it does not carry.
SAMPLE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>"
    b"endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F"
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n4 0 obj<</Length 34>>stream\n"
    b"BT/F 9 Tf 9 9 Td(Drawn first)Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>"
)


class Drawn(NamedTuple):
    webp: bytes
    width: int  # pixels
    height: int
    boxes: list[Box]


def draw(
    file: BinaryIO,
    number: int,
    width: int,
    passage: str = "",
    place: float = 0,
    places: Sequence[Place] = (),
) -> Drawn:
    """The 1-based page, `width` pixels wide unless that makes it too high.

    `place` is the share of the page's text that stands before the passage; `places` are those of
    its words, where they were recognised.
    """
    printed = "" if places else passage
    image, boxes = _seen(file, number, width) or _printed(file, number, width, printed, place)
    if passage and places:
        boxes = boxes_among(places, passage, place)
    _mark(image, boxes)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=EFFORT)
    return Drawn(out.getvalue(), image.width, image.height, boxes)


def warm_up() -> None:
    """Before a process is forked for each page: what they would all do at first is then done.

    pdfium looks through all the fonts of the machine when it draws with one of them.
    """
    warm_up_pictures()
    draw(io.BytesIO(SAMPLE), 1, 99, "Drawn first")


def _seen(file: BinaryIO, number: int, width: int) -> tuple[Image.Image, list[Box]] | None:
    """A frame of a picture; None if it is a PDF."""
    head = file.read(1_024)
    file.seek(0)
    if b"%PDF-" in head:
        return None
    image = frame(file, number)
    image.thumbnail((width, PIXELS))
    return image, []


def _printed(
    file: BinaryIO, number: int, width: int, passage: str, place: float
) -> tuple[Image.Image, list[Box]]:
    try:
        page = _page(file, number)
        # Half a pixel less, since pdfium rounds up.
        scale = min((width - 0.5) / page.get_width(), PIXELS / max(page.get_size()))
        image = painted(page, scale)
        boxes = boxes_of(page, passage, place) if passage else []
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise passwords.refusal() from error
        raise Damaged from error
    return image, boxes


def render(file: BinaryIO, number: int, side: int) -> Image.Image:
    """The 1-based page, its longer side that many pixels."""
    try:
        page = _page(file, number)
        return painted(page, side / max(*page.get_size(), 1))
    except pdfium.PdfiumError as error:
        raise Damaged from error


def _page(file: BinaryIO, number: int) -> pdfium.PdfPage:
    book = pdfium.PdfDocument(file, password=passwords.given() or None)
    if not 1 <= number <= len(book):
        raise NoSuchPage
    with suppress(pdfium.PdfiumError):
        book.init_forms()  # what was filled in is drawn too
    return book[number - 1]


def _mark(image: Image.Image, boxes: Sequence[Box]) -> None:
    """As by a marker: the paper turns yellow, the letters stay as they are."""
    width, height = image.size
    marks = Image.new("L", image.size)
    pen = ImageDraw.Draw(marks)
    for box in boxes:
        corners = ((box.left - MARGIN) * width, box.top * height)
        pen.rectangle((*corners, (box.right + MARGIN) * width, box.bottom * height), fill=255)
    if area := marks.getbbox():
        paper = image.crop(area)
        marked = ImageChops.multiply(paper, Image.new("RGB", paper.size, MARKER))
        image.paste(marked, area, marks.crop(area))
