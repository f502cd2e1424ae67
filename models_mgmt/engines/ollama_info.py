"""What Ollama's /api/show tells of a model."""

from collections.abc import Mapping
from typing import NamedTuple

from models_mgmt.engines import wire
from models_mgmt.gguf.facts import cached_bytes

PLAIN = ("", "{{ .Prompt }}")  # templates that are none


class Facts(NamedTuple):
    capabilities: frozenset[str] = frozenset()
    window: int | None = None  # tokens that it was trained for
    has_template: bool = False
    cache_bytes: int = 0  # of memory for each token of the window; 0: not known


def facts_of(answer: Mapping[str, object]) -> Facts:
    known = answer.get("capabilities")
    capabilities = frozenset(map(str, known)) if isinstance(known, list) else frozenset()
    template = str(answer.get("template", "")).strip()
    info = _Info(wire.inner(answer, "model_info"))
    return Facts(capabilities, info.window(), template not in PLAIN, info.cache_bytes())


class _Info:
    """The header of the model's file. Of long lists Ollama tells only that they are there: null."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = values

    def number(self, name: str) -> int:
        return wire.number(self.values, name)

    def numbers(self, name: str, count: int) -> list[int]:
        found = self.values.get(name)
        if isinstance(found, list):
            return [int(each) for each in found if isinstance(each, int | float)]
        return [self.number(name)] * count

    def window(self) -> int | None:
        found = [self.number(key) for key in self.values if key.endswith(".context_length")]
        return found[0] if found else None

    def cache_bytes(self) -> int:
        name = str(self.values.get("general.architecture", ""))
        pairs = f"{name}.attention.head_count_kv"
        if pairs in self.values and self.values[pairs] is None:
            return 0
        return cached_bytes(self, name)
