"""The built-in engine: one embedding model in a child process of ours, asked by HTTP as any other."""

from collections.abc import Mapping, Sequence

from localchat.lib.errors import EngineCut, EngineStalled, EngineUnreachable, ModelMissing
from localchat.lib.sentences import Sentence
from models_mgmt import builtin
from models_mgmt.builtin import registry, weights
from models_mgmt.builtin.children import Door
from models_mgmt.engines import openai, vectors, wire
from models_mgmt.engines.protocol import Model

NAME = "builtin"
ANSWER_SECONDS = 120.0


def configured() -> bool:
    return weights.present()


def probe() -> str:
    registry.ensure()
    return weights.version()


def list_models() -> list[Model]:
    if not weights.present():
        return []
    return [
        Model(
            engine=NAME,
            name=builtin.MODEL,
            digest=weights.digest(),
            size=weights.size(),
            capabilities=frozenset({"embedding"}),
            details={"parameter_size": "22.7M", "quantization": "int8", "family": "bert"},
            window=builtin.WINDOW,
        )
    ]


def show(model: str) -> Model:
    for listed in list_models():
        if listed.name == model:
            return listed
    raise ModelMissing(
        Sentence(
            "The model “%(model)s” is not built in, or its weights are not fetched.", model=model
        )
    )


def embed(model: str, texts: Sequence[str]) -> list[list[float]]:
    show(model)
    return vectors.embedded(_embed, texts)


def _embed(texts: Sequence[str]) -> list[list[float]]:
    body = {"model": builtin.MODEL, "input": list(texts)}
    door = registry.ensure()
    try:
        answer = _ask(door, body)
    except (EngineUnreachable, EngineCut, EngineStalled):
        answer = _ask(registry.another(door), body)
    return openai.in_order(answer)


def _ask(door: Door, body: Mapping[str, object]) -> dict[str, object]:
    url = f"{door.url}/v1/embeddings"
    seconds = ANSWER_SECONDS
    return wire.ask("POST", url, body=body, key=door.key, model=builtin.MODEL, seconds=seconds)
