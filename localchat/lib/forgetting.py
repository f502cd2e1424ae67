"""What else is forgotten when documents go. The storeys above documents say it here, at the start."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

Forget = Callable[[Sequence[int]], Mapping[str, int]]

_also: list[Forget] = []


def also(forget: Forget) -> None:
    """Have `forget` called with the documents' ids while their rows are still there.

    It runs in the transaction that deletes them, and returns counts for the receipt.
    """
    _also.append(forget)


def forget(documents: Sequence[int]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for each in _also:
        counts.update(each(documents))
    return counts
