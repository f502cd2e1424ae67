"""What the page and the API list: installed models with all that is known of each here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext, ngettext

from localchat.lib import environment
from models_mgmt import choosing, engines, fitting, llamacpp, requesting, writing_speeds
from models_mgmt import worth_having as shelf
from models_mgmt.choosing import Installed
from models_mgmt.engines import Loaded, Model
from models_mgmt.fitting import Fit
from models_mgmt.llamacpp import small_model
from models_mgmt.worth_having import Choice

FOR_EVER_MINUTES = 7 * 24 * 60  # what is kept longer is kept until somebody unloads it


class Row(NamedTuple):
    model: Model
    is_used: bool
    fit: Fit | None  # of a chat model whose memory is this machine's
    rate: float | None  # tokens a second that it has written for this person
    loaded: list[Loaded]  # one for each server that has it loaded

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def size(self) -> str:
        return fitting.amount(self.model.size) if self.model.size else ""

    @property
    def parameters(self) -> str:
        return self.model.details.get("parameter_size", "")

    @property
    def quantization(self) -> str:
        return self.model.details.get("quantization", "")

    @property
    def chats(self) -> bool:
        return choosing.can_chat(self.model)

    @property
    def embeds(self) -> bool:
        return "embedding" in self.model.capabilities

    @property
    def where(self) -> str:
        return _where(self.model)

    @property
    def is_file(self) -> bool:
        return self.model.engine == llamacpp.NAME

    @property
    def is_trial(self) -> bool:
        return (self.model.engine, self.name) == (llamacpp.NAME, small_model.NAME)

    @property
    def removable(self) -> bool:
        return self.model.engine in engines.MANAGED

    @property
    def in_memory(self) -> str:
        """Its size there, its share on the GPU, and how long it stays; empty where it is not."""
        return "; ".join(map(residence, self.loaded))


def rows(user: User, found: Installed, used: Model | None) -> list[Row]:
    unasked = {engine for engine in found.silent if not _has_any(found, engine)}
    in_memory: defaultdict[tuple[str, str], list[Loaded]] = defaultdict(list)
    for each in requesting.loaded(unasked):
        in_memory[each.engine, each.name].append(each)
    rates, machine = writing_speeds.by_model(user), fitting.machine()

    def row(model: Model) -> Row:
        loaded = in_memory[model.engine, model.name]
        on_gpu = max((each.size_vram for each in loaded), default=0)
        fits = fitting.of_model(model, machine, on_gpu) if choosing.can_chat(model) else None
        is_used = used is not None and (model.engine, model.name) == (used.engine, used.name)
        return Row(model, is_used, fits, rates.get(model.name), loaded)

    return list(map(row, found.models))


def _has_any(found: Installed, engine: str) -> bool:
    return any(model.engine == engine for model in found.models)


def residence(loaded: Loaded) -> str:
    parts = [gettext("in memory")]
    if loaded.size:
        parts.append(fitting.amount(loaded.size))
    if loaded.size and loaded.size_vram:
        share = round(100 * min(1, loaded.size_vram / loaded.size))
        parts.append(gettext("{share} % on the GPU").format(share=share))
    if loaded.place in engines.places():
        parts[0] = gettext("in memory of {server}").format(server=urlsplit(loaded.place).netloc)
    if stays := _stays(loaded.expires):
        parts.append(stays)
    return ", ".join(parts)


def _stays(expires: str) -> str:
    if not expires:
        minutes = round(settings.BUILTIN_IDLE_SECONDS / 60)
        return ngettext(
            "until nobody asks it for a minute", "until nobody asks it for {n} minutes", minutes
        ).format(n=minutes)
    try:
        until = datetime.fromisoformat(expires)
    except ValueError:
        return ""
    minutes = max(1, round((until - datetime.now(UTC)).total_seconds() / 60))
    if minutes > FOR_EVER_MINUTES:
        return gettext("until it is unloaded")
    return ngettext("for another minute", "for another {n} minutes", minutes).format(n=minutes)


def host(model: Model) -> str:
    """The hosts to which questions of the model go when they are other machines, else nothing."""
    return ", ".join(dict.fromkeys(each for each in map(_other_host, _places(model)) if each))


def _where(model: Model) -> str:
    """This machine or another; of several servers on one machine each with its port."""
    hosts = [_other_host(each) or gettext("this machine") for each in engines.places()]
    names = dict.fromkeys(_other_host(each) or gettext("this machine") for each in _places(model))
    if len(set(hosts)) < len(hosts) and model.places:
        names = dict.fromkeys(urlsplit(each).netloc for each in model.places)
    return ", ".join(names) or gettext("this machine")


def _places(model: Model) -> Sequence[str]:
    return (settings.OPENAI_BASE_URL,) if model.engine == "openai" else model.places


def _other_host(url: str) -> str:
    name = urlsplit(url).hostname or ""
    return "" if not name or environment.is_loopback(name) else name


def worth_having() -> list[Choice]:
    """Models that are not installed and have room here; none where Ollama is another machine's."""
    found = choosing.installed()
    with_ollama = bool(settings.OLLAMA_HOST) and "ollama" not in found.silent
    if with_ollama and not fitting.pulls_come_here():
        return []
    names = {each.name for each in found.models}
    return shelf.choices(names, fitting.machine(), with_ollama=with_ollama)


def fits(found: Installed) -> Mapping[tuple[str, str], Fit]:
    """By engine and name, of those of which it is known."""
    machine = fitting.machine()
    chatting = filter(choosing.can_chat, found.models)
    known = {(each.engine, each.name): fitting.of_model(each, machine) for each in chatting}
    return {key: fit for key, fit in known.items() if fit}
