"""How often answers are read from engines: at once where few are written, else all together so often.

Of many answers nobody can see single words arrive, and each read costs as much as the words of
half a second. What comes meanwhile waits in the connection, and is read and told as one.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

READS = 200  # a second, of all answers that this process writes
SHORTEST, LONGEST = 0.02, 0.25  # seconds between two reads of one answer; below: none


class Readers:
    """How many answers are being read in this process."""

    def __init__(self) -> None:
        self.answers = 0

    @property
    def seconds(self) -> float:
        """Between two reads of one answer."""
        share = self.answers / READS
        return min(share, LONGEST) if share >= SHORTEST else 0.0


readers = Readers()


@contextmanager
def reading() -> Iterator[None]:
    """To be held while an answer is read."""
    readers.answers += 1
    try:
        yield
    finally:
        readers.answers -= 1


async def pause() -> None:
    """Between two reads."""
    if seconds := readers.seconds:
        await asyncio.sleep(seconds)
