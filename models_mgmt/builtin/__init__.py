"""Embedding models without an engine to install. Their weights are data, their engine is a child."""

from typing import NamedTuple


class BuiltIn(NamedTuple):
    name: str
    dimensions: int
    window: int  # tokens, with the two special ones at its ends
    parameters: str


MINILM = BuiltIn("all-minilm-l6-v2", 384, 256, "22.7M")
MULTILINGUAL = BuiltIn("multilingual-e5-small", 384, 512, "118M")
MODELS = {each.name: each for each in (MINILM, MULTILINGUAL)}

# What embeds unless another was chosen.
MODEL, DIMENSIONS, WINDOW = MINILM.name, MINILM.dimensions, MINILM.window
ROOM = WINDOW - 2  # tokens of a text
