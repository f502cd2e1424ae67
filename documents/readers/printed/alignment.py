"""Which letters of a page a passage is made of."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

CHANCE, STRAY, GAP = 1, 40, 4  # words: fit by chance, out of step, filled between two stretches
LINE = re.compile(r"[^\n]+")
TOKEN = re.compile(r"\S+")
PLAIN = re.compile(r"[a-z0-9]+|(?<!\S)[^a-z0-9\s]+(?!\S)")  # the latter has no letters: a dash, say


class Word(NamedTuple):
    letters: str  # none of a dash, say
    numbers: Sequence[int]  # of each letter's character on the page


def words_of(text: str, start: int = 0) -> list[Word]:
    """What stays of a text whatever is done to its breaks, hyphens, ligatures and case.

    `start` is the number of its first character.
    """
    if text.isascii():
        return _plain(text, start)
    words: list[Word] = []
    for line in LINE.finditer(text):
        if line[0].isascii():
            words += _plain(line[0], start + line.start())
            continue
        for token in TOKEN.finditer(line[0]):
            first = start + line.start() + token.start()
            plain = token[0].isascii()
            found = _plain(token[0], first) if plain else list(_folded(token[0], first))
            words += found or [Word("", [first])]
    return words


def _plain(text: str, start: int) -> list[Word]:
    return [
        Word(word if word.isalnum() else "", range(start + found.start(), start + found.end()))
        for found in PLAIN.finditer(text.lower())
        if (word := found[0])
    ]


def _folded(token: str, start: int) -> Iterator[Word]:
    letters = ""
    numbers: list[int] = []
    for number, character in enumerate(token, start=start):
        plain = unicodedata.normalize("NFKD", character).casefold()
        found = "".join(letter for letter in plain if letter.isalnum())
        letters += found
        numbers += [number] * len(found)
        if letters and not found and not unicodedata.combining(character):
            yield Word(letters, numbers)
            letters, numbers = "", []
    if letters:
        yield Word(letters, numbers)


def aligned(orders: Iterable[Sequence[Word]], text: str, place: float) -> set[int]:
    """The numbers of the passage's characters; none if it does not stand on the page.

    `orders` are those in which the page may be read, the likeliest last. `place` is the share of
    the page's text before the passage, to tell it from its like.
    """
    wanted = [word.letters for word in words_of(text) if word.letters]
    order: Sequence[Word] = []
    for order in orders:
        if found := _exact(order, "".join(wanted), place):
            return found
    return _alike([word for word in order if word.letters], wanted)


def _exact(order: Sequence[Word], wanted: str, place: float) -> set[int]:
    page = "".join(word.letters for word in order)
    starts = list(_occurrences(page, wanted)) if wanted else []
    if not starts:
        return set()
    start = min(starts, key=lambda each: abs(each - place * len(page)))
    stop, offset = start + len(wanted), 0
    found: set[int] = set()
    for word in order:
        after = offset + len(word.letters)
        if start < after and offset < stop:
            found.update(word.numbers[max(start - offset, 0) : stop - offset] or word.numbers)
        offset = after
    return found


def _occurrences(page: str, text: str) -> Iterator[int]:
    start = page.find(text)
    while start >= 0:
        yield start
        start = page.find(text, start + 1)


def _alike(order: Sequence[Word], wanted: Sequence[str]) -> set[int]:
    """The words that page and passage have in the same order, for a text that has gaps."""
    page = [word.letters for word in order]
    blocks = SequenceMatcher(None, page, wanted, autojunk=False).get_matching_blocks()
    longest = max(blocks, key=lambda block: block.size)
    found: list[range] = []
    for block in blocks:
        stray = abs((block.a - longest.a) - (block.b - longest.b)) > STRAY
        if block.size <= min(CHANCE, len(wanted) - 1) or stray:
            continue
        near = found and block.a - found[-1].stop <= GAP
        start = found.pop().start if near else block.a
        found.append(range(start, block.a + block.size))
    return {number for each in found for at in each for number in order[at].numbers}
