"""What Ollama has installed, on one server or on several."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial

from localchat.lib.errors import EngineCut, EngineError, EngineStalled, EngineUnreachable
from localchat.lib.sentences import Sentence
from models_mgmt.engines import ollama_servers as servers
from models_mgmt.engines import wire
from models_mgmt.engines.ollama_info import Facts, facts_of
from models_mgmt.engines.protocol import Model

NAME = "ollama"
SHOWN_AT_ONCE = 8


def list_models() -> list[Model]:
    """Of every server that answers; the same name on several is one model, as the first has it."""
    found: dict[str, Model] = {}
    for address, models in servers.each(_models_at).items():
        for model in models:
            known = found.get(model.name.lower(), model)
            found[model.name.lower()] = known._replace(places=(*known.places, address))
    return list(found.values())


def put_to_trial(address: str, seconds: float) -> list[str]:
    """What a server that is not set yet calls its models. Raises EngineError."""
    answer = wire.ask("GET", f"{address}/api/tags", seconds=seconds)
    if not isinstance(answer.get("models"), list):
        raise EngineError(
            Sentence("The server at %(address)s gives no list of its models.", address=address)
        )
    return [str(entry.get("name", "")) for entry in _of_this_machine(answer)]


def _of_this_machine(answer: Mapping[str, object]) -> list[dict[str, object]]:
    return [entry for entry in objects(answer, "models") if not _is_remote(entry)]


def _models_at(address: str) -> list[Model]:
    entries = _of_this_machine(wire.ask("GET", f"{address}/api/tags"))
    with ThreadPoolExecutor(SHOWN_AT_ONCE) as pool:
        models = list(pool.map(partial(_listed, address), entries))
    servers.note_models(address, [model.name for model in models])
    return models


def objects(answer: Mapping[str, object], field: str) -> list[dict[str, object]]:
    value = answer.get(field)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _is_remote(entry: Mapping[str, object]) -> bool:
    return bool(entry.get("remote_host")) or is_cloud(str(entry.get("name", "")))


def is_cloud(name: str) -> bool:
    return name.lower().endswith(("-cloud", ":cloud"))


def _listed(address: str, entry: Mapping[str, object]) -> Model:
    name, digest = str(entry.get("name", "")), str(entry.get("digest", ""))
    facts = _facts_of(address, name, digest)
    return Model(
        engine=NAME,
        name=name,
        digest=digest,
        size=wire.number(entry, "size"),
        capabilities=facts.capabilities,
        details=_details(entry),
        modified=str(entry.get("modified_at", "")),
        window=facts.window,
        has_template=facts.has_template,
        cache_bytes=facts.cache_bytes,
    )


def _facts_of(host: str, name: str, digest: str) -> Facts:
    """Of a model that the engine itself cannot read nothing is known."""
    try:
        return _facts(host, name, digest)
    except (EngineUnreachable, EngineCut, EngineStalled):
        raise
    except EngineError:
        return Facts()


def _details(entry: Mapping[str, object]) -> dict[str, str]:
    details = wire.inner(entry, "details")
    named = {
        "parameter_size": details.get("parameter_size"),
        "quantization": details.get("quantization_level"),
        "family": details.get("family"),
    }
    return {key: str(value) for key, value in named.items() if value}


@lru_cache(maxsize=256)
def _facts(host: str, name: str, digest: str) -> Facts:
    """By /api/show; kept, as they belong to the digest.

    /api/tags tells an embedding model for one that chats where its file sorts its keys.
    """
    return facts_of(wire.ask("POST", f"{host}/api/show", body={"model": name}, model=name))


def show(model: str) -> Model:
    """As listed, with the window. Raises ModelMissing, also for a model of the cloud."""
    for listed in list_models():
        if is_same(listed.name, model):
            return listed
    raise wire.refusal(404, b"", servers.addresses()[0], model)


def is_same(name: str, asked: str) -> bool:
    last = asked.rpartition("/")[2]
    return name.lower() == (asked if ":" in last else f"{asked}:latest").lower()
