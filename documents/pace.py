"""How many texts go to an engine at once: as many as it does in half a second.

Whoever asks meanwhile waits for one request at the most.
"""

import time
from collections.abc import Callable, Sequence

from localchat.lib import courtesy

MOST = 32  # texts
SECONDS = 0.5

Vectors = list[list[float]]
Embed = Callable[[Sequence[str]], Vectors]


class Pace:
    def __init__(self) -> None:
        self.size = MOST

    def embedded(self, embed: Embed, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = []
        while len(vectors) < len(texts):
            courtesy.let_pass()
            batch = texts[len(vectors) : len(vectors) + self.size]
            began = time.monotonic()
            made = embed(batch)
            self.learn(len(batch), time.monotonic() - began)
            if len(made) != len(batch):
                return made  # the caller sees that something is wrong
            vectors += made
        return vectors

    def learn(self, texts: int, seconds: float) -> None:
        self.size = max(1, min(MOST, int(SECONDS * texts / max(seconds, 1e-6))))
