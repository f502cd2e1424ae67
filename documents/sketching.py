"""How much of a text stands in another: by the smallest hashes of their runs of words.

Of all runs of four words that stand in either text, those with the smallest hashes are a fair
sample; the share of the sample that stands in both is the share of all (Broder 1997).
"""

import hashlib
import heapq
import re
from collections.abc import Iterable, Iterator, Sequence

RUN = 4  # words
KEPT = 256  # hashes: the share is right to about two in a hundred
KEYS = 8
FEWEST = 20  # runs, under which a text is too short to be compared

# A Chinese or Japanese sign counts as a word: nothing stands between words there.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


def sketch(texts: Iterable[str]) -> list[int]:
    """The smallest hashes, ascending; none for a text that is too short."""
    hashes = {_hash(run) for run in _runs(texts)}
    return heapq.nsmallest(KEPT, hashes) if len(hashes) >= FEWEST else []


def share(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of the runs that both texts have, of those of a text: 0 to 1."""
    sample = set(heapq.nsmallest(KEPT, {*one, *other}))
    both = len(sample & set(one) & set(other))
    return 2 * both / (len(sample) + both) if sample else 0.0


def _runs(texts: Iterable[str]) -> Iterator[str]:
    before: list[str] = []
    for text in texts:
        words = before + _WORD.findall(text.casefold())
        for start in range(len(words) - RUN + 1):
            yield " ".join(words[start : start + RUN])
        before = words[-RUN + 1 :]


def _hash(run: str) -> int:
    """Of 63 bits, so that a signed column takes it."""
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest()) >> 1
