"""What else is forgotten when documents go, or when people may not read them any more.

The storeys above documents say it here, at the start.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

Forget = Callable[[Sequence[int]], Mapping[str, int]]
Withdraw = Callable[[Sequence[int]], None]

_also: list[Forget] = []
_withdrawn: list[Withdraw] = []


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


def when_withdrawn(withdraw: Withdraw) -> None:
    """Have `withdraw` called with the ids of people who may read less than before."""
    _withdrawn.append(withdraw)


def withdraw(people: Sequence[int]) -> None:
    for each in _withdrawn:
        each(people)
