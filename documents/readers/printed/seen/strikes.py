"""Words that a note of a PDF strikes out."""

from collections.abc import Sequence

import pypdfium2 as pdfium

from documents.readers.printed.drawn_lines import WORD, Line, Rect
from documents.readers.printed.told import Mark


def struck_out(
    text_page: pdfium.PdfTextPage, plain: str, lines: Sequence[Line], struck: Sequence[Rect]
) -> dict[int, Mark]:
    """By the number of a word's first character. `struck`: the notes' boxes."""
    marks: dict[int, Mark] = {}
    for line in lines:
        for word in WORD.finditer(plain, line.start, line.end):
            start, end = word.span()
            left, bottom, right, top = text_page.get_charbox(start, loose=True)
            right = max(right, text_page.get_charbox(end - 1, loose=True)[2])
            across, middle = (left + right) / 2, (bottom + top) / 2
            if any(box[0] < across < box[2] and box[1] < middle < box[3] for box in struck):
                marks[start] = Mark.STRUCK
    return marks
