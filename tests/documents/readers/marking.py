"""How well boxes lie on the words of passages, against the words that pdfium finds under them."""

import random
import unicodedata
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium

from documents.ingest import chunking, page_titles
from documents.ingest.chunking import Piece
from documents.readers.printed import pdf
from documents.readers.printed.boxes import boxes_of
from documents.readers.printed.characters import Box
from documents.readers.printed.placed_words import Spot, spots_of

TOKENS = 200  # of a passage
TOUCHING = 0.05  # of a word's height: letters that are set apart make one word
ROW = " | "


class Score(NamedTuple):
    """Words: of the passages, under their boxes, and both."""

    wanted: int = 0
    marked: int = 0
    both: int = 0

    def __add__(self, other: tuple) -> "Score":
        return Score(*(one + two for one, two in zip(self, other, strict=True)))

    @property
    def recall(self) -> float:
        return self.both / max(self.wanted, 1)

    @property
    def precision(self) -> float:
        return self.both / max(self.marked, 1)


def passages(path: Path, tokens: int = TOKENS) -> list[Piece]:
    with path.open("rb") as file:
        pages = page_titles.with_titles(list(pdf.parse(file).pages))
    pieces = chunking.split(pages, limit=tokens, count=chunking.approximate)
    return [piece for piece in pieces if piece.text.strip()]


def sampled(paths: list[Path], most: int, seed: int, tokens: int = TOKENS) -> dict[bool, Score]:
    """Of so many passages at random: those without and those with a table."""
    found = {path: passages(path, tokens) for path in paths}
    pairs = [(path, piece) for path, pieces in found.items() for piece in pieces]
    chosen = random.Random(seed).sample(pairs, min(most, len(pairs)))
    scores = {False: Score(), True: Score()}
    books = {path: pdfium.PdfDocument(path) for path in paths}
    for path, piece in chosen:
        last = max(each.end for each in found[path] if each.page == piece.page)
        page = books[path][(piece.page or 1) - 1]
        scores[ROW in piece.text] += score(page, piece.text, piece.start / last)
    return scores


def score(page: pdfium.PdfPage, text: str, place: float) -> Score:
    boxes = boxes_of(page, text, place)
    wanted = Counter(plain(_once(text)))
    printed, marked = Counter(), Counter()
    for spots in _whole(page, wanted):
        words = plain("".join(spot.text for spot in spots))
        printed.update(words)
        if all(_is_under(spot, boxes, page.get_size()) for spot in spots):
            marked.update(words)
    wanted &= printed
    return Score(wanted.total(), marked.total(), (wanted & marked).total())


def plain(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", text.replace("\x02", "").replace("\ufffe", ""))
    bare = (letter for letter in letters.casefold() if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in bare).split()


def _once(text: str) -> str:
    """Without a table's header that stands in the passage twice: it is printed once."""
    lines, kept = text.split("\n"), []
    for place, line in enumerate(lines):
        again = ROW in line and line in lines[:place] and not lines[place - 1]
        kept += [] if again else [line]
    return "\n".join(kept)


def _whole(page: pdfium.PdfPage, wanted: Counter) -> list[list[Spot]]:
    """The words of the page, those cut at a line's end or set letter by letter as one."""
    text_page = page.get_textpage()
    words: list[list[Spot]] = []
    for spot in spots_of(page, text_page):
        last = words[-1][-1] if words else None
        if last and last.text[-1] in "\x02\ufffe":
            both = plain(last.text + spot.text)
            joins = bool(both) and both[0] in wanted
        else:
            joins = bool(last) and abs(spot.left - last.right) < TOUCHING * spot.height
            joins = joins and 1 in (len(last.text), len(spot.text))
        if joins:
            words[-1].append(spot)
        else:
            words.append([spot])
    text_page.close()
    return words


def _is_under(spot: Spot, boxes: list[Box], size: tuple[float, float]) -> bool:
    """Its middle."""
    x, y = (spot.left + spot.right) / 2 / size[0], (spot.top + spot.bottom) / 2 / size[1]
    return any(box.left <= x <= box.right and box.top <= y <= box.bottom for box in boxes)
