"""What is told of a model, and what memory it takes, by its own numbers."""

import re
from typing import NamedTuple, Protocol

from models_mgmt.gguf.header import Header

# By the numbers of general.file_type.
PRECISIONS = {
    0: "F32",
    1: "F16",
    2: "Q4_0",
    3: "Q4_1",
    7: "Q8_0",
    8: "Q5_0",
    9: "Q5_1",
    10: "Q2_K",
    11: "Q3_K_S",
    12: "Q3_K_M",
    13: "Q3_K_L",
    14: "Q4_K_S",
    15: "Q4_K_M",
    16: "Q5_K_S",
    17: "Q5_K_M",
    18: "Q6_K",
    19: "IQ2_XXS",
    20: "IQ2_XS",
    21: "Q2_K_S",
    22: "IQ3_XS",
    23: "IQ3_XXS",
    24: "IQ1_S",
    25: "IQ4_NL",
    26: "IQ3_S",
    27: "IQ3_M",
    28: "IQ2_S",
    29: "IQ2_M",
    30: "IQ4_XS",
    31: "IQ1_M",
    32: "BF16",
    36: "TQ1_0",
    37: "TQ2_0",
    38: "MXFP4",
}
CACHED_BYTES = 2  # of one number that is kept of a token
THINKS = ("enable_thinking", "<think>", "reasoning_content", "<|channel|>")


class Numbers(Protocol):
    """A file's header, or what an engine tells of one."""

    def number(self, name: str) -> int: ...

    def numbers(self, name: str, count: int) -> list[int]: ...


class Facts(NamedTuple):
    architecture: str
    parameters: str  # as people say it: 135M, 1.5B
    precision: str  # Q4_K_M; empty where it is not told
    window: int  # tokens that it was trained for
    template: str  # of turns, in Jinja; empty where there is none
    cache_bytes: int  # of memory for each token of the window

    @property
    def can_think(self) -> bool:
        return any(mark in self.template for mark in THINKS)

    @property
    def can_call(self) -> bool:
        """Whether its template tells the model of tools."""
        return re.search(r"\btools\b", self.template) is not None


def facts_of(header: Header) -> Facts:
    architecture = header.text("general.architecture")
    return Facts(
        architecture,
        _rounded(header.weights),
        PRECISIONS.get(header.number("general.file_type"), ""),
        header.number(f"{architecture}.context_length"),
        header.text("tokenizer.chat_template"),
        cached_bytes(header, architecture),
    )


def cached_bytes(known: Numbers, name: str) -> int:
    """Of memory for each token: keys and values of all layers of the architecture `name`.

    A layer without a number of its own has as many as heads. Layers that look back only a little
    keep less, so that this is the most that is needed.
    """
    layers = min(known.number(f"{name}.block_count"), 4096)
    heads = known.numbers(f"{name}.attention.head_count", layers)
    pairs = known.numbers(f"{name}.attention.head_count_kv", layers)
    wide = known.number(f"{name}.embedding_length") // max(max(heads, default=1), 1)
    key = known.number(f"{name}.attention.key_length") or wide
    value = known.number(f"{name}.attention.value_length") or wide
    return sum(pairs if any(pairs) else heads) * (key + value) * CACHED_BYTES


def _rounded(weights: int) -> str:
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if weights >= size:
            count = weights / size
            return f"{count:.1f}{letter}" if count < 10 else f"{count:.0f}{letter}"
    return str(weights)
