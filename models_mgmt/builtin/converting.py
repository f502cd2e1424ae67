"""From BERT's tensors to ctranslate2's int8, without torch or transformers."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.converters import utils
from ctranslate2.specs import common_spec, transformer_spec
from numpy.typing import NDArray

Tensors = Mapping[str, NDArray[np.float32]]


def convert(source: Path, target: Path) -> None:
    """Write model.bin, config.json and vocabulary beside each other into the new folder `target`.

    `source` is model.safetensors; config.json and vocab.txt lie beside it.
    """
    config = json.loads(source.with_name("config.json").read_text(encoding="utf-8"))
    words = source.with_name("vocab.txt").read_text(encoding="utf-8").splitlines()
    save(tensors(source), config, words, "[UNK]", target)


def save(
    weights: Tensors, config: Mapping[str, Any], words: Sequence[str], unknown: str, target: Path
) -> None:
    """The same from tensors under BERT's names; `words` in the order of their ids."""
    spec = _specified(weights, config)
    spec.register_vocabulary(list(words))
    spec.config.unk_token = unknown
    spec.config.layer_norm_epsilon = config["layer_norm_eps"]
    spec.validate()
    spec.optimize(quantization="int8")
    target.mkdir()
    spec.save(str(target))


def tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """A safetensors file: eight bytes of length, a JSON header, the numbers."""
    raw = bytearray(path.read_bytes())  # not bytes: quantising writes into the tensors
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    found = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = entry["data_offsets"]
        numbers = np.frombuffer(raw[start + begin : start + end], dtype="<f4")
        found[name] = numbers.reshape(entry["shape"])
    return found


def _specified(
    weights: Tensors, config: Mapping[str, int]
) -> transformer_spec.TransformerEncoderModelSpec:
    encoder = transformer_spec.TransformerEncoderSpec(
        config["num_hidden_layers"],
        config["num_attention_heads"],
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights["embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = weights["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = weights["embeddings.position_embeddings.weight"]
    _norm(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        _layer(layer, weights, f"encoder.layer.{number}")
    # The pooler is left out: this model's vectors are the mean of the last layer.
    return transformer_spec.TransformerEncoderModelSpec(encoder)


def _layer(
    layer: transformer_spec.TransformerEncoderLayerSpec, weights: Tensors, name: str
) -> None:
    attention = layer.self_attention
    three = [common_spec.LinearSpec() for _ in range(3)]
    for spec, part in zip(three, ("query", "key", "value"), strict=True):
        _linear(spec, weights, f"{name}.attention.self.{part}")
    utils.fuse_linear(attention.linear[0], three)
    _linear(attention.linear[1], weights, f"{name}.attention.output.dense")
    _norm(attention.layer_norm, weights, f"{name}.attention.output.LayerNorm")
    _linear(layer.ffn.linear_0, weights, f"{name}.intermediate.dense")
    _linear(layer.ffn.linear_1, weights, f"{name}.output.dense")
    _norm(layer.ffn.layer_norm, weights, f"{name}.output.LayerNorm")


def _linear(spec: common_spec.LinearSpec, weights: Tensors, name: str) -> None:
    spec.weight, spec.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _norm(spec: common_spec.LayerNormSpec, weights: Tensors, name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
