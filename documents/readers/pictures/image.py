"""Pictures: PNG, JPEG, TIFF, WebP, GIF, BMP. Their text is recognised later, a page a frame."""

import importlib
from typing import BinaryIO

from PIL import Image, ImageOps

from documents.readers.common.quality import State
from documents.readers.common.refusal import Damaged, NoSuchPage, Refusal
from documents.readers.common.source import Source
from documents.readers.page import Page
from localchat.lib.sentences import Sentence

KINDS = ("PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP")
PIXELS = 100_000_000  # a sheet of A2 at 600 dots to the inch
FRAMES = 5_000
LATE = ("copy", "PIL.ImageCms")  # for a GIF with colours, for a TIFF in L*a*b*
BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError)

Image.MAX_IMAGE_PIXELS = None  # ours is a limit that says what it found


class TooLarge(Refusal):
    """This picture is too large to be read."""

    code = "too_large"


def parse(file: BinaryIO) -> Source:
    total = _frames(_opened(file))
    pages = (Page(number, "", [], State.UNREADABLE) for number in range(1, total + 1))
    return Source("", total, pages)


def warm_up() -> None:
    Image.init()
    for name in LATE:
        importlib.import_module(name)


def frame(file: BinaryIO, number: int) -> Image.Image:
    """The 1-based page, upright as its camera says, in colours on white."""
    picture = _opened(file)
    if not 1 <= number <= _frames(picture):
        raise NoSuchPage
    try:
        picture.seek(number - 1)
        _checked(picture)
        ImageOps.exif_transpose(picture, in_place=True)  # a copy of the largest is 300 MB more
        return picture if picture.mode == "RGB" else _on_white(picture)
    except BROKEN as error:
        raise Damaged from error


def _opened(file: BinaryIO) -> Image.Image:
    try:
        picture = Image.open(file, formats=KINDS)
    except BROKEN as error:
        raise Damaged from error
    _checked(picture)
    return picture


def _checked(picture: Image.Image) -> None:
    """By what the header says, before anything is unpacked."""
    width, height = picture.size
    if width * height > PIXELS:
        raise TooLarge(
            Sentence(
                "This picture has %(width)s x %(height)s pixels, more than the %(most)s million"
                " that can be read. Save it smaller and upload that.",
                width=width,
                height=height,
                most=PIXELS // 1_000_000,
            )
        )


def _frames(picture: Image.Image) -> int:
    """Frames are pages in TIFF; elsewhere they move, and the first stands for all."""
    if picture.format != "TIFF":
        return 1
    try:
        total = int(getattr(picture, "n_frames", 1))
    except BROKEN as error:
        raise Damaged from error
    if total > FRAMES:
        raise TooLarge(
            Sentence(
                "This file has %(total)s pictures, more than the %(frames)s allowed.",
                total=total,
                frames=FRAMES,
            )
        )
    return total


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits a dot
        return picture.convert("I").point(lambda dot: dot * (1 / 256)).convert("RGB")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture).convert("RGB")
    return picture.convert("RGB")
