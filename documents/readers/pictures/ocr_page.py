"""One page recognised, inside the cage: its picture goes to the engines, its text comes back."""

import math
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from PIL import Image

from documents.readers.common.quality import State
from documents.readers.common.refusal import Refusal
from documents.readers.common.source import Source
from documents.readers.common.tidy import printed
from documents.readers.office import epub
from documents.readers.page import Page
from documents.readers.pictures.drawing import render
from documents.readers.pictures.image import frame
from documents.readers.pictures.ocr import Engine, Recognised
from documents.readers.pictures.ocr_words import within

SIDE = 1_600  # pixels of the longer side: letters of A4 are then as high as the engines like them
LONG = 2.5  # sides: a picture that is longer, as of a screen, is taken in pieces
ENOUGH = 0.8  # confidence with which no second opinion is asked for


class Tile(NamedTuple):
    picture: Image.Image
    top: float  # in shares of the whole
    bottom: float


class NoEngine(Refusal):
    """No text recognition is installed."""

    code = "no_ocr"


def recognise(engines: Sequence[Engine], file: BinaryIO, kind: str, number: int) -> Source:
    """The 1-based page. Raises NoEngine, Damaged, NoSuchPage."""
    if not engines:
        raise NoEngine
    picture = _picture(file, kind, number)
    pieces = list(_pieces(picture))
    found = [_best(piece.picture, engines) for piece in pieces]
    text = printed("\n\n".join(piece.text for piece in found), set())
    letters = sum(len(piece.text) for piece in found)
    sure = sum(piece.confidence * len(piece.text) for piece in found) / max(letters, 1)
    state = State.OCR if text.strip() else State.EMPTY
    places = [
        within(place, piece.top, piece.bottom)
        for piece, seen in zip(pieces, found, strict=True)
        for place in seen.places
    ]
    return Source("", 1, [Page(number, text, [], state, round(100 * sure), places=places)])


def _picture(file: BinaryIO, kind: str, number: int) -> Image.Image:
    match kind:
        case "picture":
            return frame(file, number)
        case "epub":
            return frame(epub.picture(file, number), 1)
    return render(file, number, SIDE)


def _best(picture: Image.Image, engines: Sequence[Engine]) -> Recognised:
    best = Recognised("", 0)
    for engine in engines:
        best = max(best, engine(picture), key=lambda found: found.confidence)
        if best.confidence >= ENOUGH:
            break
    return best


def _pieces(picture: Image.Image) -> Iterator[Tile]:
    """No side of a piece is longer than the engines take without losing the small letters."""
    width, height = picture.size
    parts = math.ceil(height / (LONG * width)) if height > LONG * width else 1
    for part in range(parts):
        top, bottom = part * height // parts, (part + 1) * height // parts
        piece = picture.crop((0, top, width, bottom))
        piece.thumbnail((SIDE, SIDE))
        yield Tile(piece, top / height, bottom / height)
