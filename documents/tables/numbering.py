"""Whether whole numbers only name what is in a row: then they are counted, never added up."""

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from documents.tables import values, vocabulary

FEW = 10  # different numbers, below which their order may be a chance
DENSE = 1.5  # of such a range at most, for each number that is there
CODES_FROM = 100  # numbers that say how many are mostly smaller
_WHOLE = re.compile(r"\d{1,12}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PLURAL = re.compile(r"\w{2,}[^sui]s|people|\w{3,}en|(?=\w*[äöü])\w+e", re.IGNORECASE)


def names_rows(name: str, cells: Sequence[str], *, first: bool) -> bool:
    """Whether it surely does: numbers that rise by one, or that leave few out, or lead each row."""
    numbers = _numbers(cells)
    if not numbers or is_measured(name):
        return False
    different, steps = set(numbers), {after - before for before, after in pairwise(numbers)}
    enough = len(different) >= FEW
    if is_plural(name):
        return enough and steps == {1}
    dense = max(different) - min(different) < DENSE * len(different)
    if len(different) == len(numbers):
        return (first and steps == {1}) or (enough and (first or dense))
    if first and (enough or (len(different) > 2 and steps <= {0, 1})) and _is_grouped(numbers):
        return True
    return enough and dense and (first or min(different) >= CODES_FROM)


def may_name_rows(name: str, cells: Sequence[str]) -> bool:
    """Whether it might; how the question speaks of them decides."""
    return bool(_numbers(cells)) and not is_measured(name) and not is_plural(name)


def are_codes(cells: Sequence[str]) -> bool:
    """Numbers of as many digits each, and too large to say how many."""
    numbers = _numbers(cells)
    return bool(numbers) and min(numbers) >= CODES_FROM and len({len(f"{n}") for n in numbers}) == 1


def is_measured(name: str) -> bool:
    """Whether its name says that it measures or counts something, or is a time."""
    return any(word.stems & vocabulary.measures() for word in vocabulary.words_of(name))


def is_plural(name: str) -> bool:
    """Visitors and Besuche say how many, a Visitor may be a number of one."""
    bare = vocabulary.words_of(re.sub(r"[(\[].{0,200}?[)\]]", " ", name))
    return bool(bare) and _PLURAL.fullmatch(bare[-1].text) is not None


def same_word(said: str, name: str) -> bool:
    """Not in another number: Besuchern is Besucher, orders are not Order."""
    said, name = said.casefold(), name.casefold()
    return said == name or (said == f"{name}n" and name.endswith(("er", "el")))


def _numbers(cells: Sequence[str]) -> list[int]:
    """Those of a column that has nothing but whole numbers, and not years alone."""
    filled = [cell for cell in cells if not values.is_missing(cell)]
    if not all(map(_WHOLE.fullmatch, filled)) or all(map(_YEAR.fullmatch, filled)):
        return []
    return [int(cell) for cell in filled]


def _is_grouped(numbers: Sequence[int]) -> bool:
    """Whether rows with the same number follow each other."""
    return sum(1 for _ in groupby(numbers)) == len(set(numbers))
