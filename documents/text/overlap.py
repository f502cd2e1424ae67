"""How much of a text stands in another: by the smallest hashes of their runs of words.

Of all runs of four words that stand in either text, those with the smallest hashes are a fair
sample; the share of the sample that stands in both is the share of all (Broder 1997).
"""

import hashlib
import heapq
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RUN = 4  # words
KEPT = 256  # hashes: the share is right to about two in a hundred
KEYS = 8
LONGEST = 80  # characters of a word that are looked at
FEWEST = 20  # runs, under which a text is too short to be compared

Hashes = NDArray[np.uint64]

# A Chinese or Japanese sign counts as a word: nothing stands between words there.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


def sketch(texts: Iterable[str]) -> list[int]:
    """The smallest hashes, ascending; none for a text that is too short."""
    hashes = np.unique(_runs(texts))
    return hashes[:KEPT].tolist() if len(hashes) >= FEWEST else []


def share(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of the runs that both texts have, of those of a text: 0 to 1."""
    sample = set(heapq.nsmallest(KEPT, {*one, *other}))
    both = len(sample & set(one) & set(other))
    return 2 * both / (len(sample) + both) if sample else 0.0


def runs(text: str) -> set[int]:
    """All runs of words of a short text, as numbers that hold in this process alone."""
    words = _words(text)
    return set(map(hash, zip(*(words[place:] for place in range(RUN)), strict=False)))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(texts: Iterable[str]) -> Hashes:
    """The hash of each run, across the texts' ends too."""
    words = (word[:LONGEST] for text in texts for word in _words(text))
    hashes = np.fromiter(map(_hash, words), np.uint64)
    runs = np.zeros(max(len(hashes) - RUN + 1, 0), np.uint64)
    for place in range(RUN):
        runs = _mixed(runs + hashes[place : place + len(runs)])
    return runs >> np.uint64(1)  # so that a signed column takes it


def _mixed(hashes: Hashes) -> Hashes:
    """Each bit of a number moves all others (the last step of MurmurHash3, public domain)."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(factor)
    return hashes ^ (hashes >> np.uint64(33))


@lru_cache(maxsize=50_000)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
