"""Passages that say the same: the best placed of them is shown, the others are told."""

from collections.abc import Sequence
from typing import NamedTuple

from documents import sketching

SAME = 0.9  # share of runs of words, from which on two passages say the same

GLANCE = 32  # hashes


class Fold(NamedTuple):
    place: int  # of the passage that stays
    others: list[int]  # places of those that say the same


def fold(texts: Sequence[str]) -> list[Fold]:
    """Best first in, best first out. Short texts are the same when they are letter by letter."""
    kept: list[tuple[int, str, list[int]]] = []
    others: dict[int, list[int]] = {}
    for place, text in enumerate(texts):
        plain, sketch = " ".join(text.split()), sketching.sketch([text])
        twin = next((at for at, other, seen in kept if _same(plain, sketch, other, seen)), None)
        if twin is None:
            kept.append((place, plain, sketch))
        else:
            others.setdefault(twin, []).append(place)
    return [Fold(place, others.get(place, [])) for place, *_ in kept]


def _same(plain: str, sketch: list[int], other: str, seen: list[int]) -> bool:
    if plain == other:
        return True
    if len(set(sketch[:GLANCE]) & set(seen[:GLANCE])) < GLANCE // 2:
        return False  # as nearly all pairs: the full comparison takes thirty times as long
    return sketching.share(sketch, seen) >= SAME
