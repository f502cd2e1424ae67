"""Where a passage stands on its page: the boxes of its words, joined to lines."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pypdfium2 as pdfium

from documents.readers.page import Place
from documents.readers.printed.alignment import Word, aligned, words_of
from documents.readers.printed.characters import Box, characters, placing
from documents.readers.printed.layout import arranged, is_worth_it
from documents.readers.printed.line_boxes import joined, lines_of
from documents.readers.printed.placed_words import Spot, spots_of


def boxes_of(page: pdfium.PdfPage, text: str, place: float) -> list[Box]:
    """One box for each line of the passage, downwards; none if it does not stand there.

    A table's header that stands over a part of it again has its boxes where it is printed.
    `place` is the share of the page's text before the passage, to tell it from its like.
    """
    text_page = page.get_textpage()
    try:
        spots = spots_of(page, text_page)
        found = aligned(_orders(page, text_page, spots), text, place)
        return _boxes(page, text_page, spots, found)
    finally:
        text_page.close()


def boxes_among(places: Sequence[Place], text: str, place: float) -> list[Box]:
    """As `boxes_of`, on a page whose words were recognised."""
    order: list[Word] = []
    starts = [0]
    for each in places:
        order += words_of(each.text, starts[-1])
        starts.append(starts[-1] + len(each.text))
    found = aligned([order], text, place)
    ours: list[Box] = []
    others: list[Box] = []
    for each, ends in zip(places, pairwise(starts), strict=True):
        (others if found.isdisjoint(range(*ends)) else ours).append(Box(*each[:4]))
    return lines_of(ours, others)


def _orders(
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, spots: Sequence[Spot]
) -> Iterator[list[Word]]:
    """As the page is drawn, and as it is read where that is another one."""
    yield words_of(characters(text_page))
    if is_worth_it(page, text_page):
        read = (spot for line in arranged(spots).lines for spot in line.spots)
        if words := [word for spot in read for word in words_of(spot.text, spot.start)]:
            yield words


def _boxes(
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, spots: Sequence[Spot], found: set[int]
) -> list[Box]:
    placed, (width, height) = placing(page), page.get_size()
    ours: list[Box] = []
    others: list[Box] = []
    for spot in spots:
        box = Box(spot.left / width, spot.top / height, spot.right / width, spot.bottom / height)
        if found.isdisjoint(range(spot.start, spot.start + len(spot.text))):
            if any(map(str.isalnum, spot.text)):
                others.append(box)
        elif ends := _ends(spot, found):
            ours.append(joined(*(placed(text_page.get_charbox(at, loose=True)) for at in ends)))
        else:
            ours.append(box)
    return lines_of(ours, others)


def _ends(spot: Spot, found: set[int]) -> tuple[int, int] | None:
    """The first and the last letter of what was found of the word; None if that is the whole."""
    letters = [spot.start + at for at, letter in enumerate(spot.text) if letter.isalnum()]
    marked = [number for number in letters if number in found]
    return (marked[0], marked[-1]) if len(marked) < len(letters) else None
