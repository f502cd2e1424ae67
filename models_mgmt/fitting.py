"""Whether a chat model has room in this machine's memory, by its own numbers."""

from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

import psutil
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext

from localchat.lib import environment
from models_mgmt import llamacpp
from models_mgmt.engines import Model
from models_mgmt.gguf import checks

CONTAINER = checks.CGROUP.parent


class Word(StrEnum):
    FITS = "fits"
    TIGHT = "tight"  # there is memory for it, but it is not free now
    TOO_LARGE = "too_large"


class Machine(NamedTuple):
    """Bytes of memory of this machine, or of this container."""

    memory: int
    free: int


class Fit(NamedTuple):
    word: Word
    weights: int  # bytes
    cache: int  # bytes, for what is kept of `window` tokens; 0: not known
    window: int
    machine: Machine
    on_gpu: int = 0  # bytes that take no room here

    @property
    def name(self) -> str:
        return {
            Word.FITS: gettext("fits"),
            Word.TIGHT: gettext("tight"),
            Word.TOO_LARGE: gettext("does not fit"),
        }[self.word]

    @property
    def sentence(self) -> str:
        """“4.9 GB + 1.1 GB for 8,192 tokens; this machine has 16.5 GB, 9.1 GB of it free: fits”."""
        needed = amount(self.weights)
        if self.cache:
            tokens = number_format(self.window, 0, force_grouping=True)
            more = gettext("{cache} for {n} tokens").format(cache=amount(self.cache), n=tokens)
            needed = f"{needed} + {more}"
        if self.on_gpu:
            needed += gettext(", of it {size} on the GPU").format(size=amount(self.on_gpu))
        there, free = amount(self.machine.memory), amount(self.machine.free)
        has = gettext("this machine has {there}, {free} of it free").format(there=there, free=free)
        return f"{needed}; {has}: {self.name}"


def machine() -> Machine:
    now = psutil.virtual_memory()
    memory, free = checks.memory(), now.available
    if memory < now.total:
        free = min(free, memory - _used_of_container())
    return Machine(memory, max(0, free))


def _used_of_container() -> int:
    """Without files that are only kept in case somebody reads them again."""
    try:
        stat = (CONTAINER / "memory.stat").read_text(encoding="ascii").split()
        kept = dict(zip(stat[::2], stat[1::2], strict=False)).get("inactive_file", "0")
        return int((CONTAINER / "memory.current").read_text(encoding="ascii")) - int(kept)
    except (OSError, ValueError):
        return 0


def is_here(model: Model) -> bool:
    """Whether it runs in this machine's memory, as far as that is known."""
    return model.engine == llamacpp.NAME or any(map(_is_loopback, model.places))


def pulls_come_here() -> bool:
    """Whether the Ollama that models are pulled to is on this machine."""
    return _is_loopback(settings.OLLAMA_HOST.partition(",")[0])


def _is_loopback(url: str) -> bool:
    return environment.is_loopback(urlsplit(url).hostname or "")


def fit(size: int, cache_bytes: int, trained: int | None, on: Machine, on_gpu: int = 0) -> Fit:
    """Of weights and of what is kept of each token, both in bytes, at the window that is asked."""
    window = min(trained or checks.USUAL_WINDOW, checks.USUAL_WINDOW)
    cache = cache_bytes * window
    needed = max(0, size + cache - on_gpu)
    word = Word.TIGHT if needed > on.free else Word.FITS
    if needed + checks.BESIDE_BYTES > on.memory:
        word = Word.TOO_LARGE
    return Fit(word, size, cache, window, on, on_gpu)


def of_model(model: Model, on: Machine, on_gpu: int = 0) -> Fit | None:
    """None where nothing is known: its size, or the machine that it runs on."""
    if not model.size or not is_here(model):
        return None
    return fit(model.size, model.cache_bytes, model.window, on, on_gpu)


def amount(size: int) -> str:
    """As people and engines say it: 4.9 GB, 320 MB."""
    if size >= 1e9:
        return f"{number_format(round(size / 1e9, 1), 1)} GB"
    return f"{number_format(round(size / 1e6), 0)} MB"
