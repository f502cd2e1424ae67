"""Texts to vectors by ctranslate2: batches of like length, short requests first, questions at once.

One thread for each batch, several batches at once: threads that share a batch wait for one another
at each of its layers, which takes a question longer than it takes one thread to do it alone.
"""

import heapq
import itertools
import math
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import ctranslate2
import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models_mgmt import builtin

LANES = 2  # batches at once; a question has one of its own besides
BATCH = 16  # texts
BATCH_TOKENS = 2048  # with padding: what is short waits for one batch at most


class TooLong(ValueError):
    """A text is longer than the model's window."""


class Turns:
    """So many holders at a time; among those who wait, the one with the smallest number is next."""

    def __init__(self, holders: int) -> None:
        self._change = threading.Condition()
        self._waiting: list[tuple[int, int]] = []
        self._order = itertools.count()
        self._free = holders

    @contextmanager
    def taken(self, size: int) -> Iterator[None]:
        with self._change:
            ticket = (size, next(self._order))
            heapq.heappush(self._waiting, ticket)
            self._change.wait_for(lambda: self._free and self._waiting[0] == ticket)
            heapq.heappop(self._waiting)
            self._free -= 1
            self._change.notify_all()  # there may be room for the next one too
        try:
            yield
        finally:
            with self._change:
                self._free += 1
                self._change.notify_all()


class Encoder:
    def __init__(self, folder: Path, model: builtin.BuiltIn = builtin.MINILM) -> None:
        self.about = model
        self._model = ctranslate2.Encoder(
            str(folder),
            device="cpu",
            compute_type="int8",
            inter_threads=LANES + 1,
            intra_threads=1,
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._turns = Turns(LANES)
        self._questions = Turns(1)

    def encode(self, texts: Sequence[str]) -> tuple[list[list[float]], int]:
        """Unit vectors in the order of the texts, and the tokens counted. Raises TooLong."""
        ids = [encoded.ids for encoded in self._tokenizer.encode_batch(list(texts))]
        longest = max(map(len, ids))
        if longest > self.about.window:
            # Worded as other engines do: the caller knows them by it.
            raise TooLong(f"The input length exceeds the context length: {longest} tokens.")
        vectors = np.empty((len(ids), self.about.dimensions), dtype=np.float32)
        turns = self._turns if len(ids) > 1 else self._questions

        def fill(batch: list[int]) -> None:
            with turns.taken(len(ids)):
                vectors[batch] = self._forward([ids[place] for place in batch])

        batches = list(_batches(ids))
        if len(batches) == 1:
            fill(batches[0])
        else:
            with ThreadPoolExecutor(LANES) as pool:
                list(pool.map(fill, batches))
        return vectors.tolist(), sum(map(len, ids))

    def _forward(self, ids: list[list[int]]) -> NDArray[np.float32]:
        """The mean of each text's last layer, its padding left out, at length one."""
        states = np.array(self._model.forward_batch(ids).last_hidden_state)
        lengths = np.array([len(tokens) for tokens in ids])[:, None]
        inside = (np.arange(states.shape[1]) < lengths)[:, :, None]
        means = np.where(inside, states, 0).sum(axis=1) / lengths
        unit: NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return unit


def _batches(ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Places in `ids`, longest first, so that texts of one batch need little padding."""
    places = sorted(range(len(ids)), key=lambda place: -len(ids[place]))
    most = min(BATCH, math.ceil(len(ids) / LANES))  # few texts are shared out as well
    while places:
        fitting = max(1, min(most, BATCH_TOKENS // len(ids[places[0]])))
        yield places[:fitting]
        places = places[fitting:]
