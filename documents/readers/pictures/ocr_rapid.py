"""RapidOCR: finds lines, turns them upright and reads them, with models from its own wheel."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from PIL import Image, ImageDraw
from rapidocr import RapidOCR
from rapidocr.main import RapidOCRError

from documents.readers.page import Place
from documents.readers.pictures.ocr import Recognised
from documents.readers.pictures.ocr_lines import Line, in_order
from documents.readers.pictures.ocr_words import turned_back, words_of

DOUBT = 0.5  # confidence below which a line is a pattern, not letters
TALL = 1.5  # a line this much higher than wide runs upwards or downwards
SAMPLE = 8  # lines by which it is told whether a page stands on its head
SURE = 0.8
# One thread: in the cage no other can be started. One line at a time: no padding to the longest.
SETTINGS = {
    "Global.log_level": "critical",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Rec.rec_batch_num": 1,
    "Global.return_word_box": True,
}


class Found(NamedTuple):
    boxes: Any  # of each line: four corners, in pixels
    size: Any  # of the picture they are on
    crops: list[Any]


class Rapid:
    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self.engine = RapidOCR(params=SETTINGS)
        self(_specimen())  # whatever it loads late, it loads now

    def __call__(self, picture: Image.Image) -> Recognised:
        pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]
        found, turned = self._find(pixels), 0
        if _mostly_tall(found.boxes):
            found, turned = self._find(np.ascontiguousarray(np.rot90(pixels))), 90
        if self._on_its_head(found.crops):
            crops = [np.ascontiguousarray(np.rot90(crop, 2)) for crop in found.crops]
            found, turned = Found(found.size - found.boxes, found.size, crops), turned + 180
        return in_order(self._read(found, turned))

    def _find(self, pixels: Any) -> Found:
        pixels, record = self.engine.preprocess_img(pixels)
        size = np.array([pixels.shape[1], pixels.shape[0]])
        try:
            crops, told = self.engine.detect_and_crop(pixels, record)
        except RapidOCRError:  # there is none
            return Found(np.zeros((0, 4, 2)), size, [])
        added = record["padding_1"]
        return Found(np.asarray(told.boxes) - [added["left"], added["top"]], size, crops)

    def _on_its_head(self, crops: Sequence[Any]) -> bool:
        longest = sorted(crops, key=lambda crop: -crop.shape[1])[:SAMPLE]
        if not longest:
            return False
        told = self.engine.cls_and_rotate(longest)[1].cls_res or []
        turned = sum(label == "180" and sure > SURE for label, sure in told)
        return turned > len(longest) / 2

    def _read(self, found: Found, turned: int) -> list[Line]:
        """`turned` to the left, in degrees, is the picture on which they were found."""
        lines = []
        for corners, crop in zip(found.boxes, found.crops, strict=True):
            told = self.engine.recognize_txt([crop])
            text, sure = (told.txts or ("",))[0], float(told.scores[0])
            if text.strip() and sure >= DOUBT:
                line = _line(corners, text.strip(), sure)
                shares = _line(corners / found.size, line.text, sure)
                place = Place(*shares[:5])
                words = [turned_back(word, turned) for word in words_of(place, _middles(told))]
                lines.append(line._replace(words=words))
        return lines


def _line(corners: Any, text: str, sure: float) -> Line:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Line(float(left), float(top), float(right), float(bottom), text, sure)


def _middles(told: Any) -> list[float]:
    """Of the letters, in shares of the line: where the engine was when it knew them."""
    info = (told.word_results or (None,))[0]
    if info is None or not info.line_txt_len:
        return []
    return [(each + 0.5) / info.line_txt_len for columns in info.word_cols for each in columns]


def _mostly_tall(boxes: Any) -> bool:
    sizes = [corners.max(axis=0) - corners.min(axis=0) for corners in boxes]
    return sum(bool(height > TALL * width) for width, height in sizes) > len(sizes) / 2


def _specimen() -> Image.Image:
    picture = Image.new("RGB", (400, 400), "white")
    ImageDraw.Draw(picture).text((20, 180), "A specimen of letters", fill="black", font_size=32)
    return picture


def load() -> Rapid:
    return Rapid()
