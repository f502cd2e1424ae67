"""GGUF files made for tests: a head as it should be, or one thing in it otherwise."""

import struct
from collections.abc import Mapping
from pathlib import Path

TEMPLATE = "{% for message in messages %}{{ message.content }}{% endfor %}"
USUAL = {
    "general.architecture": "llama",
    "general.file_type": 15,
    "llama.context_length": 4096,
    "llama.block_count": 2,
    "llama.embedding_length": 64,
    "llama.attention.head_count": 4,
    "llama.attention.head_count_kv": 2,
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.tokens": ["a", "b", "c"],
    "tokenizer.chat_template": TEMPLATE,
}


def gguf(
    path: Path,
    changes: Mapping[str, object] | None = None,
    *,
    version: int = 3,
    weights: tuple[int, ...] = (64, 32),
    short_by: int = 0,
) -> Path:
    """One tensor of F32 `weights`; None among the changes leaves a value out."""
    values = {**USUAL, **(changes or {})}
    pairs = [(name, value) for name, value in values.items() if value is not None]
    head = b"GGUF" + struct.pack("<IQQ", version, 1, len(pairs))
    for name, value in pairs:
        head += _text(name) + _value(value)
    head += _text("weights") + struct.pack("<I", len(weights))
    head += b"".join(struct.pack("<Q", size) for size in weights) + struct.pack("<IQ", 0, 0)
    head += bytes(-len(head) % 32)
    size = len(head) + 4 * weights[0] * weights[1] - short_by
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return path


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _value(value: object) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", 8) + _text(value)
    if isinstance(value, list) and value and isinstance(value[0], str):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_text, value))
    if isinstance(value, list):
        return struct.pack("<IIQ", 9, 4, len(value)) + struct.pack(f"<{len(value)}I", *value)
    return struct.pack("<II", 4, value)
