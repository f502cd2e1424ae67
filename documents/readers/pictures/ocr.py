"""Text recognition: what it may rest on here. The engines are loaded in the reader process alone."""

import importlib.util
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from documents.readers.page import Place
from localchat.lib.sentences import Sentence

if TYPE_CHECKING:
    from PIL.Image import Image

# In the order in which they are asked; a later one where an earlier one is in doubt.
ENGINES = {
    "RapidOCR": "documents.readers.pictures.ocr_rapid",
    "Tesseract": "documents.readers.pictures.ocr_tesseract",
}
MEND = "make ocr"
HINT = Sentence("Install text recognition with `%(command)s`, then try again.", command=MEND)


class Recognised(NamedTuple):
    text: str
    confidence: float  # 0 to 1
    places: Sequence[Place] = ()  # of its words, in order, on the picture as it was handed over


class Engine(Protocol):
    def __call__(self, picture: "Image") -> Recognised:
        """The text of the picture in the order of reading; it may stand on its side or its head."""


def installed() -> list[str]:
    """Names of the engines that are there."""
    importlib.invalidate_caches()
    wheels = ("rapidocr", "onnxruntime", "cv2")
    found = {
        "RapidOCR": all(importlib.util.find_spec(name) for name in wheels),
        "Tesseract": bool(shutil.which("tesseract")),
    }
    return [name for name in ENGINES if found[name]]
