"""How many texts go to an engine at once: as many as it does in half a second.

And for few documents at once: whoever asks meanwhile waits for those requests at the most.
"""

import math
import time
from collections.abc import Callable, Sequence
from threading import BoundedSemaphore

from localchat.lib import engine_priority

FIRST = 32  # texts, while nobody knows
MOST = 64
SECONDS = 0.5
AT_ONCE = 2  # requests under way, which keep an engine busy
SEEN_SECONDS = 1.0

Vectors = list[list[float]]
Embed = Callable[[Sequence[str]], Vectors]


class Pace:
    def __init__(self) -> None:
        self.size = FIRST
        self.turn = BoundedSemaphore(AT_ONCE)
        self.each = math.inf  # seconds that a text takes
        self.seen = -math.inf

    def embedded(self, embed: Embed, texts: Sequence[str], lane: str = "") -> Vectors:
        """`lane`: the name of an engine that gets one such batch at a time from all processes."""
        vectors: Vectors = []
        while len(vectors) < len(texts):
            with self.turn, engine_priority.one_at_a_time(lane):
                engine_priority.let_pass()
                batch = texts[len(vectors) : len(vectors) + self.size]
                began = time.monotonic()
                made = embed(batch)
                self.learn(len(batch), time.monotonic() - began)
            if len(made) != len(batch):
                return made  # the caller sees that something is wrong
            vectors += made
        return vectors

    def learn(self, texts: int, seconds: float) -> None:
        self.seen = time.monotonic()
        self.each = max(seconds, 1e-6) / texts
        self.size = max(1, min(MOST, int(SECONDS / self.each)))

    def just_seen(self) -> bool:
        """Whether the engine need not be asked if it is there."""
        return time.monotonic() - self.seen < SEEN_SECONDS

    def expected(self, texts: int) -> float:
        """Seconds that they will take, as far as is known."""
        return texts and texts * self.each
