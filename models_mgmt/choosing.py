"""Which model chats and which one embeds, from what the engines have installed.

Listing has a time limit of its own: an engine that cannot be reached holds nobody up.
"""

import logging
import time
from threading import Lock, Thread
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User

from localchat.lib.errors import BadRequest, EngineError, EngineUnreachable, ModelMissing
from models_mgmt import builtin, engines
from models_mgmt.builtin import weights
from models_mgmt.engines import Engine, Model
from models_mgmt.models import ChatChoice

logger = logging.getLogger(__name__)

FRESH_SECONDS = 3.0
PATIENCE_SECONDS = 0.8  # of a page or a question
LONG_PATIENCE_SECONDS = 10.0  # of an ingest, which chooses for good
USUAL_WINDOW = 512  # tokens of an embedding model that does not tell its window


class Installed(NamedTuple):
    models: list[Model]
    problems: list[str]  # a sentence for each engine that did not answer, with its address


class Embedder(NamedTuple):
    """What a new index belongs to."""

    engine: str
    name: str
    digest: str
    dimensions: int  # 0: known with the first vector
    window: int  # tokens


def chat_model(user: User) -> Model | None:
    """The one chosen last, if it is installed, else the first that can chat."""
    choice = ChatChoice.objects.for_user(user).first()
    found = _find(choice.name, choice.engine) if choice else None
    if found is None or not can_chat(found):
        found = next(filter(can_chat, installed().models), None)
    return _with_window(found) if found else None


def installed_chat_model(name: str) -> Model | None:
    """The installed model of that name, if it is one that can chat."""
    found = _find(name)
    return _with_window(found) if found and can_chat(found) else None


def can_chat(model: Model) -> bool:
    return "completion" in model.capabilities and "embedding" not in model.capabilities


def choose(user: User, name: str) -> Model:
    """Remember the person's chat model. Raises ModelMissing, BadRequest, EngineUnreachable."""
    model = installed_model(name)
    if not can_chat(model):
        raise BadRequest(f"{model.name} does not chat. Choose another model.")
    chosen = {"engine": model.engine, "name": model.name}
    ChatChoice.objects.update_or_create(owner=user, defaults=chosen)
    return model


def installed_model(name: str) -> Model:
    """Raises ModelMissing, EngineUnreachable when it may be installed where nobody answers."""
    if found := _find(name):
        return found
    if problems := installed().problems:
        raise EngineUnreachable(problems[0])
    raise ModelMissing(f"The model {name[:200]} is not installed.")


def embedding_model() -> Embedder:
    """What would embed for a new index. Without the built-in weights it stands for words alone."""
    for model in _listed(engines.named("ollama"), 0, LONG_PATIENCE_SECONDS).models:
        if "embedding" in model.capabilities:
            window = _with_window(model, LONG_PATIENCE_SECONDS).window or USUAL_WINDOW
            return Embedder(model.engine, model.name, model.digest, 0, window)
    dimensions, window = builtin.DIMENSIONS, builtin.WINDOW
    return Embedder("builtin", builtin.MODEL, weights.digest(), dimensions, window)


def _with_window(model: Model, patience: float = PATIENCE_SECONDS) -> Model:
    """With the window that the model was trained for, which not every list tells."""
    key = (model.engine, model.name, model.digest)
    if model.window or key in _windows:
        return model._replace(window=model.window or _windows[key])
    thread = Thread(target=_learn_window, args=(key,), name="models", daemon=True)
    thread.start()
    thread.join(patience)
    return model._replace(window=_windows.get(key))


def _learn_window(key: tuple[str, str, str]) -> None:
    engine, name, _ = key
    try:
        _windows[key] = engines.named(engine).show(name).window
    except EngineError as error:
        logger.warning("no window of a model of %s: %s", engine, error.code)


def installed(*, fresh: bool = False) -> Installed:
    """What every engine has, in the order of preference; at most a few seconds old."""
    age = 0.0 if fresh else FRESH_SECONDS
    found = [_listed(engine, age, PATIENCE_SECONDS) for engine in engines.available()]
    models = [model for each in found for model in each.models]
    return Installed(models, [problem for each in found for problem in each.problems])


def _find(name: str, engine: str = "") -> Model | None:
    """By its name, with or without `:latest`; looked for twice, since it may be new."""
    for fresh in (False, True):
        for model in installed(fresh=fresh).models:
            if engine in {"", model.engine} and _same(model.name, name):
                return model
    return None


def _same(installed_name: str, asked: str) -> bool:
    asked = asked.strip().lower()
    return installed_name.lower() in {asked, f"{asked}:latest"}


def forget() -> None:
    """What is installed has just changed."""
    with _lock:
        _listings.clear()
        _windows.clear()


_lock = Lock()
_listings: dict[tuple[str, ...], "_Listing"] = {}
_windows: dict[tuple[str, str, str], int | None] = {}


def _listed(engine: Engine, age: float, patience: float) -> Installed:
    if not engine.configured():
        return Installed([], [])
    key = (engine.NAME, settings.OLLAMA_HOST, settings.OPENAI_BASE_URL, str(settings.WEIGHTS))
    with _lock:
        listing = _listings.setdefault(key, _Listing(engine))
    return listing.get(age, patience)


class _Listing:
    """One engine's list, fetched by at most one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.known = Installed([], [])
        self.since = float("-inf")  # when what is known was asked for
        self.fetching: Thread | None = None
        self.lock = Lock()

    def get(self, age: float, patience: float) -> Installed:
        """What is known if it is no older, else asked for; the last list when that takes long."""
        with self.lock:
            if time.monotonic() - self.since < age:
                return self.known
            if self.fetching is None or not self.fetching.is_alive():
                self.fetching = Thread(target=self.fetch, name="models", daemon=True)
                self.fetching.start()
            thread = self.fetching
        thread.join(patience)
        if thread.is_alive():
            return Installed(self.known.models, [f"{_address(self.engine)} answers slowly."])
        return self.known

    def fetch(self) -> None:
        began = time.monotonic()
        try:
            self.known = Installed(self.engine.list_models(), [])
        except EngineError as error:
            self.known = Installed([], [_with_address(self.engine, error.message)])
        except Exception:
            logger.exception("listing the models of %s failed", self.engine.NAME)
            self.known = Installed([], [f"{_address(self.engine)} gives no list of its models."])
        self.since = began


def _address(engine: Engine) -> str:
    addresses = {"ollama": settings.OLLAMA_HOST, "openai": settings.OPENAI_BASE_URL}
    return f"The engine at {addresses.get(engine.NAME, engine.NAME)}"


def _with_address(engine: Engine, message: str) -> str:
    return message if "http" in message else f"{_address(engine)}: {message}"
