"""The headings of printed files that have no outline, known by how their lines are set."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from documents.readers.page import APART, BOLD, SLANTED, Heading, Look, Page

LARGER = 1.08  # times the size of most letters: a heading by its size alone
SMALLER = 0.95  # times that size: below it nothing is a heading
LINES = 3  # that a heading may have
WORDS, LETTERS = 20, 150
LONG = 30  # letters, of which no figure has so many
SHARE = 0.25  # of a page's lines may be headings; beyond that the weaker are none
FEW = 3  # on a page, that may always be
OFTEN = 0.1  # of the pages: what stands on more of them is no heading but furniture
SEVERAL = 3  # pages that anything may stand on
TITLES = 3  # headings of one style without text between them are one, of so many parts

NUMBERED = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){0,5}\.?|[A-Z]\.|[IVXLC]{1,7}\.)\s+(?=[^\W\d_])")
FIGURE = re.compile(r"[$€£¥(]*+(?:[\d.,%]*+[\u2013\u2014-]++)*+[.,%]*+\d[\d.,%)]*+|[\u2013\u2014]")
SENTENCE = re.compile(r"[.!?,;\u3002]$|[.!?]\s+\S+\s+\S+\s+\S")
CELLS = " | "

Style = tuple[float, int, int]  # less is higher: size, emphasis, depth of its number


class Candidate(NamedTuple):
    start: int
    text: str
    style: Style
    end: int
    lines: int


def with_headings(pages: Sequence[Page]) -> list[Page]:
    """The same pages; those whose looks tell of headings have them, nested."""
    size, face = _body(pages)
    if not size:
        return list(pages)
    found = [_modest(page, _candidates(page, size, face)) for page in pages]
    shown = Counter(shape for each in found for shape in {_shape(each.text) for each in each})
    most = max(SEVERAL, OFTEN * len(pages))
    kept = [[each for each in some if shown[_shape(each.text)] <= most] for some in found]
    kept = [_joined(page, some) for page, some in zip(pages, kept, strict=True)]
    under = max((heading.level for page in pages for heading in page.headings), default=0)
    levels = _levels(kept, under)
    return [
        page._replace(headings=_merged(page.headings, some, levels)) if some else page
        for page, some in zip(pages, kept, strict=True)
    ]


def _body(pages: Sequence[Page]) -> tuple[float, int]:
    """Size and face of most letters."""
    letters: Counter[tuple[float, int]] = Counter()
    for page in pages:
        for look, end in _stretches(page):
            if look.size:
                letters[look.size, look.face & ~APART] += end - look.start
    sizes: Counter[float] = Counter()
    for (size, _), count in letters.items():
        sizes[size] += count
    if not sizes:
        return 0.0, 0
    size = max(sizes, key=sizes.__getitem__)
    faces = [face for each, face in letters if each == size]
    return size, max(faces, key=lambda face: letters[size, face])


def _stretches(page: Page) -> Iterator[tuple[Look, int]]:
    """Each look with where it ends."""
    ends = [*(look.start for look in page.looks), len(page.text)]
    return zip(page.looks, ends[1:], strict=True)


def _candidates(page: Page, size: float, face: int) -> Iterator[Candidate]:
    for look, end in _stretches(page):
        if look.size < SMALLER * size:
            continue
        lines = [line for line in page.text[look.start : end].split("\n") if line.strip()]
        if not lines or len(lines) > LINES or not all(map(_is_title, lines)):
            continue
        text = " ".join(" ".join(lines).split())
        style = _style(look, text, size, face)
        if style and _is_short(text):
            yield Candidate(look.start, text, style, end, len(lines))


def _style(look: Look, text: str, size: float, face: int) -> Style | None:
    """How much it stands out from the body, less being more; None if it does not."""
    numbered = NUMBERED.match(text)
    depth = numbered[0].count(".") if numbered else 0
    bold = bool(look.face & ~face & BOLD)
    slanted = bool(look.face & ~face & SLANTED)
    capitals = text.isupper() and sum(map(str.isalpha, text)) > 3
    emphasis = -4 * bold - 2 * capitals + slanted * (1 if bold else -1)
    larger = look.size >= LARGER * size
    apart = bool(look.face & APART)
    if larger or bold or (apart and (capitals or slanted or numbered)):
        return -round(2 * look.size) / 2 if larger else -size, emphasis, depth
    return None


def _is_title(line: str) -> bool:
    words = NUMBERED.sub("", line, count=1).split()
    figures = sum(len(word) < LONG and bool(FIGURE.fullmatch(word)) for word in words)
    return CELLS not in line and figures < 3 and 2 * figures < max(len(words), 2)


def _is_short(text: str) -> bool:
    first = next((letter for letter in text if letter.isalpha()), "")
    return (
        bool(first)
        and not first.islower()
        and text[0] not in "(*•"
        and len(text) <= LETTERS
        and len(text.split()) <= WORDS
        and not SENTENCE.search(text)
        and sum(map(str.isalpha, text)) > 2
    )


def _modest(page: Page, found: Iterator[Candidate]) -> list[Candidate]:
    """The strongest of them, of whose lines the page has a modest share."""
    candidates = list(found)
    filled = sum(bool(line.strip()) for line in page.text.split("\n"))
    most = SHARE * filled
    while len(candidates) > FEW and sum(each.lines for each in candidates) > most:
        weakest = max(each.style[:2] for each in candidates)
        candidates = [each for each in candidates if each.style[:2] < weakest]
    return candidates


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", text.casefold())


def _joined(page: Page, found: Sequence[Candidate]) -> list[Candidate]:
    """Those of one style that nothing stands between are one heading of several parts."""
    joined: list[Candidate] = []
    end, parts = -1, 0
    for each in found:
        goes_on = joined and each.style[:2] == joined[-1].style[:2] and parts < TITLES
        if goes_on and not page.text[end : each.start].strip():
            before = joined.pop()
            each = before._replace(text=f"{before.text} · {each.text}", end=each.end)
            parts += 1
        else:
            parts = 1
        joined.append(each)
        end = each.end
    return joined


def _levels(found: Sequence[Sequence[Candidate]], under: int) -> dict[Style, int]:
    """By how much they stand out, under those levels that the file names.

    What one page alone has, such as the file's title, is under all others: it holds there only.
    """
    pages = Counter(style for some in found for style in {each.style for each in some})
    ranked = sorted(pages, key=lambda style: (pages[style] == 1, style))
    return {style: level for level, style in enumerate(ranked, start=under + 1)}


def _merged(
    own: Sequence[Heading], found: Sequence[Candidate], levels: dict[Style, int]
) -> list[Heading]:
    headings = [Heading(each.start, levels[each.style], each.text) for each in found]
    return sorted([*own, *headings], key=lambda heading: heading.start)
