"""Passages that say the same: the best placed of them is shown, the others are told."""

from collections.abc import Sequence
from typing import NamedTuple

from documents.text import overlap

SAME = 0.9  # share of runs of words, from which on two passages say the same


class Fold(NamedTuple):
    place: int  # of the passage that stays
    others: list[int]  # places of those that say the same


def fold(texts: Sequence[str]) -> list[Fold]:
    """Best first in, best first out. Short texts are the same when they are letter by letter."""
    kept: list[tuple[int, str, set[int]]] = []
    others: dict[int, list[int]] = {}
    for place, text in enumerate(texts):
        plain, runs = " ".join(text.split()), overlap.runs(text)
        twin = next((at for at, other, seen in kept if _same(plain, runs, other, seen)), None)
        if twin is None:
            kept.append((place, plain, runs))
        else:
            others.setdefault(twin, []).append(place)
    return [Fold(place, others.get(place, [])) for place, *_ in kept]


def _same(plain: str, runs: set[int], other: str, seen: set[int]) -> bool:
    if plain == other:
        return True
    if min(len(runs), len(seen)) < overlap.FEWEST:
        return False
    return 2 * len(runs & seen) >= SAME * (len(runs) + len(seen))
