"""The built-in engine: embedding models, each in a child of ours, asked by HTTP as any other."""

from collections.abc import Mapping, Sequence
from functools import partial

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
    return any(map(weights.present, builtin.MODELS))


def probe() -> str:
    model = next(filter(weights.present, builtin.MODELS), builtin.MODEL)
    registry.ensure(model)
    return weights.version(model)


def wake(model: str) -> None:
    if model in builtin.MODELS:
        registry.ensure(model)


def list_models() -> list[Model]:
    return [_listed(each) for each in builtin.MODELS.values() if weights.present(each.name)]


def _listed(model: builtin.BuiltIn) -> Model:
    return Model(
        engine=NAME,
        name=model.name,
        digest=weights.digest(model.name),
        size=weights.size(model.name),
        capabilities=frozenset({"embedding"}),
        details={"parameter_size": model.parameters, "quantization": "int8", "family": "bert"},
        window=model.window,
    )


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
    return vectors.embedded(partial(_embed, model), texts)


def _embed(model: str, texts: Sequence[str]) -> list[list[float]]:
    body = {"model": model, "input": list(texts)}
    door = registry.ensure(model)
    try:
        answer = _ask(door, body, model)
    except (EngineUnreachable, EngineCut, EngineStalled):
        answer = _ask(registry.another(door, model), body, model)
    return openai.in_order(answer)


def _ask(door: Door, body: Mapping[str, object], model: str) -> dict[str, object]:
    url = f"{door.url}/v1/embeddings"
    seconds = ANSWER_SECONDS
    return wire.ask("POST", url, body=body, key=door.key, model=model, seconds=seconds)
