"""Tesseract, where the machine has it: its library, in the reader process itself.

The cage lets no program be started, and calling the library needs no package beside it.
"""

import atexit
import ctypes
import ctypes.util
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from documents.readers.page import Place
from documents.readers.pictures.ocr import Recognised
from documents.readers.pictures.ocr_words import turned_back

TURNING, BLOCKS = 1, 3  # page segmentation: with and without a look at how the page is turned
# Each language takes its time on every page: beyond that many, those that most people need.
LANGUAGES = 6
USUAL = ("eng", "deu", "fra", "spa", "ita", "por")
DPI = 150
WORD = "5"  # a row of its table that is about one
POINTER, INT, TEXT = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
CALLS: dict[str, tuple[object, list[object]]] = {
    "Create": (POINTER, []),
    "Init3": (INT, [POINTER, TEXT, TEXT]),
    "SetPageSegMode": (None, [POINTER, INT]),
    "SetImage": (None, [POINTER, TEXT, INT, INT, INT, INT]),
    "SetSourceResolution": (None, [POINTER, INT]),
    "Recognize": (INT, [POINTER, POINTER]),
    "GetUTF8Text": (POINTER, [POINTER]),
    "GetTsvText": (POINTER, [POINTER, INT]),
    "MeanTextConf": (INT, [POINTER]),
    "DetectOrientationScript": (
        INT,
        [POINTER, POINTER, POINTER, POINTER, POINTER],
    ),
    "Clear": (None, [POINTER]),
    "Delete": (None, [POINTER]),
}


class Tesseract:
    """`languages` as their files are named."""

    def __init__(self, languages: list[str]) -> None:
        self.calls = _library()
        self.reader = self._made("+".join(language for language in languages if language != "osd"))
        self.turning = self._made("osd") if "osd" in languages else None

    def _made(self, languages: str) -> int:
        handle: int = self.calls.TessBaseAPICreate()
        if self.calls.TessBaseAPIInit3(handle, None, languages.encode()):
            raise RuntimeError("Tesseract does not find its languages")
        atexit.register(self.calls.TessBaseAPIDelete, handle)  # it complains of what is left
        return handle

    def __call__(self, picture: Image.Image) -> Recognised:
        picture = picture.convert("L")
        turned = self._turned(picture)
        if turned:
            picture = picture.rotate(turned, expand=True)
        self._show(self.reader, picture, BLOCKS)
        if self.calls.TessBaseAPIRecognize(self.reader, None):
            return Recognised("", 0)
        text = self._text_at(self.calls.TessBaseAPIGetUTF8Text(self.reader)).strip()
        sure = self.calls.TessBaseAPIMeanTextConf(self.reader) / 100
        words = _words(
            self._text_at(self.calls.TessBaseAPIGetTsvText(self.reader, 0)), picture.size
        )
        return Recognised(text, sure if text else 0, [turned_back(word, turned) for word in words])

    def _text_at(self, address: int | None) -> str:
        if not address:
            return ""
        text = ctypes.string_at(address).decode("utf-8", "replace")
        self.calls.TessDeleteText(address)
        return text

    def _turned(self, picture: Image.Image) -> int:
        """Degrees by which the page has to be turned to the left."""
        if self.turning is None:
            return 0
        self._show(self.turning, picture, 0)
        degrees, sure, script, script_sure = INT(), ctypes.c_float(), TEXT(), ctypes.c_float()
        told = (degrees, sure, script, script_sure)
        found = self.calls.TessBaseAPIDetectOrientationScript(
            self.turning, *(ctypes.byref(each) for each in told)
        )
        return degrees.value if found and sure.value > 1 else 0

    def _show(self, handle: int, picture: Image.Image, mode: int) -> None:
        width, height = picture.size
        self.calls.TessBaseAPIClear(handle)
        self.calls.TessBaseAPISetPageSegMode(handle, mode)
        self.calls.TessBaseAPISetImage(handle, picture.tobytes(), width, height, 1, width)
        self.calls.TessBaseAPISetSourceResolution(handle, DPI)


def _words(table: str, size: tuple[int, int]) -> Iterator[Place]:
    """Of a table of pages, blocks, lines and words: where each word stands, in pixels."""
    width, height = size
    for row in table.splitlines():
        level, *_, left, top, wide, high, _, text = row.split("\t", 11)
        if level == WORD and text.strip():
            x, y = int(left), int(top)
            edges = (x / width, y / height, (x + int(wide)) / width, (y + int(high)) / height)
            yield Place(*edges, text.strip())


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(ctypes.util.find_library("tesseract") or "libtesseract.so.5")
    for name, (result, arguments) in CALLS.items():
        call = getattr(library, f"TessBaseAPI{name}")
        call.restype, call.argtypes = result, arguments
    library.TessDeleteText.restype, library.TessDeleteText.argtypes = None, [POINTER]
    return library


def _languages() -> list[str]:
    """As the program itself lists them, which knows where its data are."""
    program = shutil.which("tesseract") or "tesseract"
    told = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=True)
    found = [line for line in told.stdout.splitlines()[1:] if Path(line).name == line]
    chosen = [name for name in found if name not in {"osd", "equ"}]
    if len(chosen) > LANGUAGES:
        chosen = [name for name in USUAL if name in found]
    return chosen + [name for name in found if name == "osd"]


def load() -> Tesseract:
    return Tesseract(_languages())
