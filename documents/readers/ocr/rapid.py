"""RapidOCR: finds lines, turns them upright and reads them, with models from its own wheel."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from PIL import Image, ImageDraw
from rapidocr import RapidOCR
from rapidocr.main import RapidOCRError

from documents.readers.ocr import Recognised
from documents.readers.ocr.lines import Line, in_order

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
}


class Found(NamedTuple):
    boxes: Any  # of each line: four corners
    crops: list[Any]


class Rapid:
    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self.engine = RapidOCR(params=SETTINGS)
        self(_specimen())  # whatever it loads late, it loads now

    def __call__(self, picture: Image.Image) -> Recognised:
        pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]
        found = self._find(pixels)
        if _mostly_tall(found.boxes):
            found = self._find(np.ascontiguousarray(np.rot90(pixels)))
        if self._on_its_head(found.crops):
            found = Found(-found.boxes, [np.ascontiguousarray(np.rot90(c, 2)) for c in found.crops])
        return in_order(self._read(found))

    def _find(self, pixels: Any) -> Found:
        pixels, record = self.engine.preprocess_img(pixels)
        try:
            crops, told = self.engine.detect_and_crop(pixels, record)
        except RapidOCRError:  # there is none
            return Found(np.zeros((0, 4, 2)), [])
        return Found(np.asarray(told.boxes), crops)

    def _on_its_head(self, crops: Sequence[Any]) -> bool:
        longest = sorted(crops, key=lambda crop: -crop.shape[1])[:SAMPLE]
        if not longest:
            return False
        told = self.engine.cls_and_rotate(longest)[1].cls_res or []
        turned = sum(label == "180" and sure > SURE for label, sure in told)
        return turned > len(longest) / 2

    def _read(self, found: Found) -> list[Line]:
        lines = []
        for corners, crop in zip(found.boxes, found.crops, strict=True):
            told = self.engine.recognize_txt([crop])
            text, sure = (told.txts or ("",))[0], float(told.scores[0])
            if text.strip() and sure >= DOUBT:
                (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
                lines.append(
                    Line(float(left), float(top), float(right), float(bottom), text.strip(), sure)
                )
        return lines


def _mostly_tall(boxes: Any) -> bool:
    sizes = [corners.max(axis=0) - corners.min(axis=0) for corners in boxes]
    return sum(bool(height > TALL * width) for width, height in sizes) > len(sizes) / 2


def _specimen() -> Image.Image:
    picture = Image.new("RGB", (400, 400), "white")
    ImageDraw.Draw(picture).text((20, 180), "A specimen of letters", fill="black", font_size=32)
    return picture


def load() -> Rapid:
    return Rapid()
