"""What is installed and what is loaded."""

import hashlib
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.engine_server.plumbing import Exchange, Refused, Route

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}
FOR_EVER = 300 * 365 * 86_400


@dataclass(frozen=True)
class Installed:
    name: str
    capabilities: tuple[str, ...] = ("completion",)
    window: int = 8192
    dimension: int = 384
    size: int = 1_321_082_688
    remote_host: str = ""
    digest: str = ""
    template: str = "{{ range .Messages }}<|{{ .Role }}|>{{ .Content }}{{ end }}"
    n_ctx: int = 0  # the window in force, in /v1/models and /v1/chat/completions; 0: any
    tells_n_ctx: bool = True  # in /v1/models
    owner: str = "library"  # in /v1/models
    tagged: tuple[str, ...] | None = None  # capabilities in /api/tags, where they differ
    info: Mapping[str, object] = field(default_factory=dict, hash=False)  # more of its header

    @property
    def sha(self) -> str:
        return self.digest or hashlib.sha256(self.name.lower().encode()).hexdigest()


DEFAULT_MODELS = (
    Installed("tiny-chat:latest", ("completion", "tools")),
    Installed("tiny-think:latest", ("completion", "thinking")),
    Installed("tiny-embed:latest", ("embedding",), window=512, size=45_960_996),
)


@dataclass
class Running:
    model: Installed
    num_ctx: int
    attributes: object  # whatever else a load is made with
    expires: datetime


class Stock:
    def __init__(self, models: Iterable[Installed]) -> None:
        self.models = {full(model.name): model for model in models}
        self.running: dict[str, Running] = {}
        self.loads = 0
        self.room = 0  # models at once, after which the one that was asked longest ago goes; 0: any
        self.on_gpu = 0.0  # share of what is loaded
        self.tells_capabilities = True  # False: in /api/tags not, as before 0.12
        self._lock = threading.Lock()

    def find(self, name: str) -> Installed | None:
        return self.models.get(full(name))

    def install(self, model: Installed) -> None:
        self.models[full(model.name)] = model

    def load(
        self, model: Installed, num_ctx: int, keep_alive: float, attributes: object = None
    ) -> bool:
        """Whether that was a load: another num_ctx loads again, and so do other attributes."""
        key = full(model.name)
        now = datetime.now(UTC)
        expires = now + timedelta(seconds=min(keep_alive, FOR_EVER))
        with self._lock:
            before = self.running.pop(key, None)
            while self.room and len(self.running) >= self.room:
                del self.running[next(iter(self.running))]
            self.running[key] = Running(model, num_ctx, attributes, expires)
            made = (num_ctx, attributes)
            fresh = before is None or before.expires <= now
            fresh = fresh or (before.num_ctx, before.attributes) != made
            self.loads += fresh
        return fresh

    def unload(self, name: str) -> None:
        self.running.pop(full(name), None)

    def loaded(self) -> list[Running]:
        now = datetime.now(UTC)
        return sorted(
            (one for one in self.running.values() if one.expires > now),
            key=lambda one: one.expires,
            reverse=True,
        )


def full(name: str) -> str:
    last = name.rpartition("/")[2]
    return (name if ":" in last else f"{name}:latest").lower()


def keep_alive_seconds(value: object) -> float:
    """Seconds; negative means for ever. Go's grammar and Go's complaints."""
    if value is None:
        return 300.0
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Refused(400, f"Unsupported type: {type(value).__name__}")
    if isinstance(value, str):
        if value == "0":
            return 0.0
        if re.fullmatch(r"-?\d+(\.\d+)?", value):
            raise Refused(400, f'time: missing unit in duration "{value}"')
        parts = re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", value)
        if not parts or "".join(a + b for a, b in parts) != value.lstrip("-"):
            raise Refused(400, f'time: invalid duration "{value}"')
        seconds = sum(float(number) * UNITS[unit] for number, unit in parts)
        value = -seconds if value.startswith("-") else seconds
    return float(FOR_EVER) if value < 0 else float(value)


def _entry(model: Installed) -> dict[str, object]:
    return {
        "name": model.name,
        "model": model.name,
        "size": model.size,
        "digest": model.sha,
        "details": {
            "parent_model": "",
            "format": "gguf",
            "family": "bert" if "embedding" in model.capabilities else "llama",
            "families": None,
            "parameter_size": "1.2B",
            "quantization_level": "Q8_0",
        },
    }


def _tags(exchange: Exchange) -> None:
    stock = exchange.engine.stock
    listed = []
    for model in stock.models.values():
        entry = _entry(model) | {"modified_at": "2026-01-02T03:04:05.678901234+01:00"}
        if stock.tells_capabilities:
            entry["capabilities"] = list(model.tagged or model.capabilities)
        if model.remote_host:
            entry |= {"remote_host": model.remote_host, "remote_model": model.name}
        listed.append(entry)
    exchange.json(200, {"models": listed})


def _ps(exchange: Exchange) -> None:
    listed = [
        _entry(one.model)
        | {
            "expires_at": one.expires.isoformat(),
            "size_vram": round(one.model.size * exchange.engine.stock.on_gpu),
            "context_length": one.num_ctx,
        }
        for one in exchange.engine.stock.loaded()
    ]
    exchange.json(200, {"models": listed})


def named(exchange: Exchange) -> Installed:
    """The model that the body names; the 404 of chat, show and delete."""
    name = exchange.body.get("model") or exchange.body.get("name") or ""
    if not name:
        raise Refused(400, "model is required")
    if re.search(r"\s|\.\.", name):
        raise Refused(400, "invalid model name")
    if model := exchange.engine.stock.find(name):
        return model
    raise Refused(404, f"model '{name}' not found")


def _show(exchange: Exchange) -> None:
    model = named(exchange)
    details = _entry(model)["details"]
    info = {
        "general.architecture": "llama",
        "llama.context_length": model.window,
        "llama.embedding_length": model.dimension,
        "tokenizer.ggml.tokens": None,
        **model.info,
    }
    exchange.json(
        200,
        {
            "modelfile": "FROM x",
            "parameters": 'stop "<|x|>"',
            "template": model.template,
            "details": details,
            "model_info": info,
            "capabilities": list(model.capabilities),
            "modified_at": "2026-01-02T03:04:05.678901234+01:00",
        },
    )


def _delete(exchange: Exchange) -> None:
    exchange.engine.stock.models.pop(full(named(exchange).name))
    exchange.plain(200, "")


def _copy(exchange: Exchange) -> None:
    source, destination = exchange.body["source"], exchange.body["destination"]
    model = exchange.engine.stock.find(source)
    if model is None:
        raise Refused(404, f'model "{source}" not found')
    copied = Installed(**{**model.__dict__, "name": destination, "digest": model.sha})
    exchange.engine.stock.install(copied)
    exchange.plain(200, "")


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/"): lambda exchange: exchange.plain(200, "Ollama is running"),
    ("GET", "/api/version"): lambda exchange: exchange.json(200, {"version": "0.33.0"}),
    ("GET", "/api/tags"): _tags,
    ("GET", "/api/ps"): _ps,
    ("POST", "/api/show"): _show,
    ("DELETE", "/api/delete"): _delete,
    ("POST", "/api/copy"): _copy,
}
