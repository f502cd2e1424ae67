"""A model that says the same again and again, noticed while it writes.

Small models fall into a loop and leave it only where their room ends.
"""

import re
from collections.abc import Iterator

LOOK = 24  # characters between two looks
KEY = 32  # characters at the end, which are looked for in what stands before them
LONGEST = 1_200  # characters of what is repeated
CANDIDATES = 8
PLENTY = 1_500  # characters that are the same, whatever they are

_WORD = re.compile(r"[^\W\d_]{2,}")
_BULLET = re.compile(r"^[^\S\n]*+(?:[-*+•]|\d{1,3}[.)])\s", re.MULTILINE)
_FENCE = re.compile(r"^\s{0,3}(?:```|~~~)", re.MULTILINE)
_END = re.compile(r"[.!?。！？…][\"'”’)\]*]*(?:\s?\[\d+(?:,\s?\d+)*\])*|\n")  # noqa: RUF001
_WISH = re.compile(r"\d\s?(?:times|x|mal)\b|\brepeat|wiederhol", re.IGNORECASE)


class Repetition:
    """Looks at a text as it grows; each look costs the same, however long the text is."""

    def __init__(self, question: str = "") -> None:
        """Who asks for the same many times is to get it."""
        self.is_wish = _WISH.search(question) is not None
        self.looked = 0

    def kept(self, text: str, *, ended: bool = False) -> int | None:
        """How many characters stay of a text whose end only repeats itself, else None."""
        if len(text) - self.looked < LOOK and not ended:
            return None
        self.looked = len(text)
        repeated = ((period, _times(text, period)) for period in _periods(text))
        # The nearest alone: what stands there twice is repeated too, wherever it is itself.
        period, times = next((each for each in repeated if each[1] > 2), (0, 0))
        if period and _is_stuck(text, period, times, is_wish=self.is_wish):
            return _once(text, period)
        return None


def _periods(text: str) -> Iterator[int]:
    """How far back the text's end has stood before, the nearest first."""
    key = text[-KEY:]
    last = at = len(text) - KEY
    lowest = max(0, last - LONGEST)
    for _ in range(CANDIDATES):
        at = text.rfind(key, lowest, at + KEY - 1) if at > 0 else -1
        if at < 0:
            return
        yield last - at


def _times(text: str, period: int) -> int:
    """How often what stands at the end stands there in a row, as far as it matters."""
    unit, end = text[-period:], len(text) - period
    times = 1
    while (times < 3 or times * period < PLENTY) and text[max(0, end - period) : end] == unit:
        times, end = times + 1, end - period
    return times


def _is_stuck(text: str, period: int, times: int, *, is_wish: bool) -> bool:
    """Rows of tables, rules, code and short lists may be alike, and verses twice or thrice."""
    unit, covered = text[-period:], times * period
    words = len(_WORD.findall(unit))
    if is_wish or not words or unit.count("|") > 1 or _is_in_code(text):
        return times >= 30 and covered >= PLENTY
    if words >= 8:
        return True
    if _BULLET.search(text[-2 * period :]):
        return times >= 12 and covered >= 400
    return times >= 4 and covered >= 200


def _is_in_code(text: str) -> bool:
    return len(_FENCE.findall(text)) % 2 == 1


def _once(text: str, period: int) -> int:
    """Up to where it was said for the first time, to the end of a sentence or line."""
    start = len(text) - period
    while start > 0 and text[start - 1] == text[start - 1 + period]:
        start -= 1
    end = len(text[: start + period].rstrip())
    sentences = (found.end() for found in _END.finditer(text, start, end + period))
    return next((place for place in sentences if place >= end), end)
