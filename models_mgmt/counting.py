"""How many tokens a model makes of a text: estimated, and learned from what it counted itself."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from operator import mul

from django.db import IntegrityError

from models_mgmt.engines import Model, Turn
from models_mgmt.models import Tokens

# What a text is made of, with the tokens of each: rather too many than too few.
USUAL = {
    "turn": 8.0,  # the model's template puts around each turn
    "words": 1.0,  # of Latin letters without accents
    "longer": 0.2,  # letters of such words beyond the fifth
    "letters": 0.55,  # of other alphabets
    "digits": 0.8,
    "lines": 0.8,  # breaks and longer gaps
    "marks": 0.9,
    "others": 1.4,  # such as Chinese characters
}
IMAGE_TOKENS = 1_000  # of a picture: from 256 to 2,500, by the model
PATIENCE = 0.004  # how firmly the usual is held to; small: one answer already tells much
KEPT = 0.98  # of what was learned before, with each new answer
SEEN = 2  # answers from which on what is learned is relied on
LIKELY = (0.5, 3.0)  # of the usual: whatever lies beyond has another reason than the tokenizer
FEW = 8  # answers over which the error is averaged
SPREAD = 1.65  # standard deviations of the error that room is kept free for: 19 of 20 prompts
MOST_SLACK = 0.2
UNCUT = 0.9  # of what was sent: a model that counts less has not seen all of it
UNCUT_UNKNOWN = 0.5  # where it is only estimated how this model counts
TEACHES = 0.6  # of what was sent: whoever counts less teaches nothing

_PIECES = re.compile(
    r"(?P<words>[A-Za-z]+)|(?P<letters>[\u00aa-\u1fff]+)|(?P<digits>[0-9]+)|(?P<space> (?! ))"
    r"|(?P<lines>\s+)|(?P<marks>[!-~])|(?P<others>.)"
)

Parts = list[float]  # tokens of each kind in USUAL


class Counter:
    """Counts for one model. `is_learned`: from at least a few of its own answers."""

    def __init__(
        self, rates: Sequence[float], *, slack: float = 0.0, is_learned: bool = False
    ) -> None:
        self.rates, self.is_learned = rates, is_learned
        self.slack = slack  # share of a prompt by which it may turn out longer

    def __call__(self, text: str) -> int:
        return round(self._tokens(parts(text)))

    @property
    def turn(self) -> int:
        """What each turn costs beside its text."""
        return round(self._tokens([USUAL["turn"], *[0.0] * (len(USUAL) - 1)]))

    def fewest(self, tokens: int) -> float:
        """That the model counts, of a prompt of so many by our count, if it has seen all."""
        return tokens * (UNCUT / (1 + self.slack) if self.is_learned else UNCUT_UNKNOWN)

    def turns(self, turns: Iterable[Turn]) -> int:
        turns = list(turns)
        images = sum(len(turn.images) for turn in turns)
        return round(self._tokens(parts_of(turns))) + IMAGE_TOKENS * images

    def _tokens(self, found: Parts) -> float:
        return float(sum(map(mul, self.rates, found)))


def parts(text: str) -> Parts:
    found = dict.fromkeys(USUAL, 0)
    for match in _PIECES.finditer(text):
        kind, length = match.lastgroup or "", match.end() - match.start()
        if kind in {"letters", "digits"}:
            found[kind] += length
        elif kind != "space":
            found[kind] += 1
        if kind == "words":
            found["longer"] += max(0, length - 5)
    return [count * USUAL[kind] for kind, count in found.items()]


def parts_of(turns: Iterable[Turn]) -> Parts:
    each = [parts(turn.content) for turn in turns]
    summed = [sum(column) for column in zip(*each, strict=True)]
    summed[0] = len(each) * USUAL["turn"]
    return summed


def usual() -> Counter:
    return Counter([1.0] * len(USUAL))


def counter(model: Model) -> Counter:
    kept = Tokens.objects.of(model.engine, model.name, model.digest)
    if kept is None:
        return usual()
    slack = min(SPREAD * kept.errors**0.5, MOST_SLACK)
    return Counter(_rates(kept), slack=slack, is_learned=kept.seen >= SEEN)


def learn(model: Model, turns: Sequence[Turn], tokens: float) -> None:
    """From a prompt of which the model counted so many tokens, all of them."""
    found = parts_of(turns)
    if any(turn.images for turn in turns) or not LIKELY[0] < tokens / sum(found) < LIKELY[1]:
        return
    names = {"engine": model.engine, "name": model.name, "digest": model.digest}
    kept = Tokens.objects.of(**names) or Tokens(**names)
    add(kept, found, tokens)
    with suppress(IntegrityError):  # another answer was first: one of the two is enough
        kept.save()


def add(kept: Tokens, found: Parts, tokens: float) -> None:
    """Into the sums of a regression of relative errors, which stays near the usual."""
    if kept.seen:
        error = sum(map(mul, _rates(kept), found)) / tokens - 1
        kept.errors = error**2 if kept.seen == 1 else kept.errors + (error**2 - kept.errors) / FEW
    size = len(found)
    shares = [part / tokens for part in found]
    beyond = 1 - sum(shares)
    squares = kept.squares or [[0.0] * size for _ in range(size)]
    kept.squares = [
        [KEPT * squares[i][j] + shares[i] * shares[j] for j in range(size)] for i in range(size)
    ]
    products = kept.products or [0.0] * size
    kept.products = [KEPT * products[i] + shares[i] * beyond for i in range(size)]
    kept.seen += 1


def _rates(kept: Tokens) -> list[float]:
    size = len(kept.products)
    matrix = [
        [value + (PATIENCE if i == j else 0.0) for j, value in enumerate(row)]
        for i, row in enumerate(kept.squares)
    ]
    return [1 + off for off in _solved(matrix, list(kept.products))[:size]]


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss; the matrix is symmetric and positive, so that no row has to be exchanged."""
    size = len(right)
    for i in range(size):
        for row in range(i + 1, size):
            factor = matrix[row][i] / matrix[i][i]
            matrix[row] = [a - factor * b for a, b in zip(matrix[row], matrix[i], strict=True)]
            right[row] -= factor * right[i]
    found = [0.0] * size
    for i in reversed(range(size)):
        rest = sum(matrix[i][j] * found[j] for j in range(i + 1, size))
        found[i] = (right[i] - rest) / matrix[i][i]
    return found
