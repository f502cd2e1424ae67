"""Which model chats and which one embeds, from what the engines have installed.

Listing has a time limit of its own: an engine that cannot be reached holds nobody up.
"""

import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from threading import Lock, Thread
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User

from localchat.lib.errors import (
    BadRequest,
    EngineError,
    EngineUnreachable,
    LocalChatError,
    ModelMissing,
)
from localchat.lib.sentences import Sentence
from models_mgmt import builtin, engines
from models_mgmt.builtin import weights
from models_mgmt.engines import Engine, Model
from models_mgmt.models import ChatChoice

logger = logging.getLogger(__name__)

FRESH_SECONDS = 3.0
SILENT_SECONDS = 0.5  # after which an engine that did not answer is asked again
PATIENCE_SECONDS = 0.8  # of a page or a question
LONG_PATIENCE_SECONDS = 10.0  # of an ingest, which chooses for good
LATELY_SECONDS = 30.0
LATELY_PATIENCE_SECONDS = 0.2
USUAL_WINDOW = 512  # tokens of an embedding model that does not tell its window


class Installed(NamedTuple):
    models: list[Model]
    # Engines that did not answer, or of which a server did not: a sentence with its address.
    silent: dict[str, str]

    @property
    def problems(self) -> list[str]:
        return list(self.silent.values())


class Embedder(NamedTuple):
    """What a new index belongs to."""

    engine: str
    name: str
    digest: str
    dimensions: int  # 0: known with the first vector
    window: int  # tokens


class Answering(NamedTuple):
    """Who answers a person's questions; without a `problem` nobody can."""

    model: Model | None
    problem: str = ""


def answering(user: User) -> Answering:
    try:
        return _answering(user)
    except LocalChatError as error:
        return Answering(None, error.message)


def to_answer(user: User, wanted: str = "") -> Model | None:
    """The model that is to answer this person's question; None where no chat model is installed.

    Raises EngineUnreachable where it may be installed and nobody answers, ModelMissing and
    BadRequest where it is not there or does not chat: no other takes its place.
    """
    if wanted:
        return _chatting(installed_model(wanted))
    model = _answering(user).model
    if model:
        _remember(user, model)
    return model


def _remember(user: User, model: Model) -> None:
    """That it answered, unless the person has chosen."""
    used = {"engine": model.engine, "name": model.name, "is_wish": False}
    if not ChatChoice.objects.for_user(user).filter(is_wish=False).update(**used):
        ChatChoice.objects.get_or_create(owner=user, defaults=used)


def _answering(user: User) -> Answering:
    """The chosen one; who has not chosen keeps what answered before, if it is made to chat.

    Who never had one has none while nobody answers: perhaps there is no engine on the machine.
    """
    choice = ChatChoice.objects.for_user(user).first()
    former = _find(choice.name, choice.engine) if choice else None
    if choice and former is None:
        _mind_silence(installed(), choice.engine)
    if choice and choice.is_wish:
        return Answering(_chosen(choice, former))
    found = installed()
    chatting = list(filter(can_chat, found.models))
    if choice and not chatting:
        _mind_silence(found)
    if not chatting:
        return Answering(None, next(iter(found.problems), ""))
    return Answering(min(chatting, key=partial(_rank, former)))


def _rank(former: Model | None, model: Model) -> tuple[bool, bool, bool]:
    """The less, the better for who has chosen none."""
    return not _same(model.name, settings.CHAT_MODEL), model.is_base, model != former


def _chosen(choice: ChatChoice, found: Model | None) -> Model:
    if found is None:
        raise ModelMissing(
            Sentence(
                "The model %(name)s, which you chose, is no longer installed. Choose another on the Models page.",
                name=choice.name,
            )
        )
    return _chatting(found)


def _chatting(model: Model) -> Model:
    if not can_chat(model):
        raise BadRequest(Sentence("%(name)s does not chat. Choose another model.", name=model.name))
    return model


def _mind_silence(found: Installed, engine: str = "") -> None:
    """Raises EngineUnreachable if that engine, or any, did not answer."""
    for name, said in found.silent.items():
        if engine in {"", name}:
            raise EngineUnreachable(said)


def can_chat(model: Model) -> bool:
    return "completion" in model.capabilities and "embedding" not in model.capabilities


def choose(user: User, name: str) -> Model:
    """Remember the person's chat model. Raises ModelMissing, BadRequest, EngineUnreachable."""
    model = _chatting(installed_model(name))
    chosen = {"engine": model.engine, "name": model.name, "is_wish": True}
    ChatChoice.objects.update_or_create(owner=user, defaults=chosen)
    return model


def installed_model(name: str) -> Model:
    """Raises ModelMissing, EngineUnreachable when it may be installed where nobody answers."""
    if found := _find(name):
        return found
    _mind_silence(installed())
    raise ModelMissing(Sentence("The model %(name)s is not installed.", name=name[:200]))


def embedding_model() -> Embedder:
    """What would embed for a new index. Without the built-in weights it stands for words alone."""
    for model in _listed(engines.named("ollama"), 0, LONG_PATIENCE_SECONDS).models:
        if "embedding" in model.capabilities:
            window = model.window or USUAL_WINDOW
            return Embedder(model.engine, model.name, model.digest, 0, window)
    dimensions, window = builtin.DIMENSIONS, builtin.WINDOW
    return Embedder("builtin", builtin.MODEL, weights.digest(), dimensions, window)


def installed(*, fresh: bool = False) -> Installed:
    """What every engine has, in the order of preference; at most a few seconds old."""
    age = 0.0 if fresh else FRESH_SECONDS
    found = [_listed(engine, age, PATIENCE_SECONDS) for engine in engines.available()]
    models = [model for each in found for model in each.models]
    return Installed(models, {name: said for each in found for name, said in each.silent.items()})


def told_lately(engine: str) -> list[Model]:
    """What the engine had when it was last asked; nobody waits while it is asked anew."""
    return _listed(engines.named(engine), LATELY_SECONDS, LATELY_PATIENCE_SECONDS).models


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


_lock = Lock()
_listings: dict[tuple[str, ...], "_Listing"] = {}


def _listed(engine: Engine, age: float, patience: float) -> Installed:
    if not engine.configured():
        return Installed([], {})
    addresses = (settings.OLLAMA_HOST, settings.OPENAI_BASE_URL)
    key = (engine.NAME, *addresses, str(settings.WEIGHTS), str(settings.MODELS))
    with _lock:
        listing = _listings.setdefault(key, _Listing(engine))
    return listing.get(age, patience)


class _Listing:
    """One engine's list, fetched by at most one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.known = Installed([], {})
        self.since = float("-inf")  # when what is known was asked for
        self.silent_since: datetime | None = None
        self.fetching: Thread | None = None
        self.lock = Lock()

    def get(self, age: float, patience: float) -> Installed:
        """What is known if it is no older, else asked for; the last list when that takes long."""
        age = min(age, SILENT_SECONDS) if self.known.silent else age
        with self.lock:
            if time.monotonic() - self.since < age:
                return self.known
            if self.fetching is None or not self.fetching.is_alive():
                self.fetching = Thread(target=self.fetch, name="models", daemon=True)
                self.fetching.start()
            thread = self.fetching
        thread.join(patience)
        if thread.is_alive():
            return self.silent(
                Sentence("The engine at %(address)s answers slowly.", address=self.address),
                self.known.models,
            )
        return self.known

    def fetch(self) -> None:
        began = time.monotonic()
        try:
            models = self.engine.list_models()
            away = engines.away(self.engine)
            self.known = Installed(models, {self.engine.NAME: away} if away else {})
            self.silent_since = None
        except EngineError as error:
            self.silent_since = self.silent_since or datetime.now(UTC)
            self.known = self.silent(self.why(error, self.silent_since))
        except Exception:
            logger.exception("listing the models of %s failed", self.engine.NAME)
            self.known = self.silent(
                Sentence(
                    "The engine at %(address)s gives no list of its models.", address=self.address
                )
            )
        self.since = began

    @property
    def address(self) -> str:
        addresses = {"ollama": settings.OLLAMA_HOST, "openai": settings.OPENAI_BASE_URL}
        return addresses.get(self.engine.NAME, self.engine.NAME)

    def silent(self, said: str, models: Sequence[Model] = ()) -> Installed:
        return Installed(list(models), {self.engine.NAME: said})

    def why(self, error: EngineError, moment: datetime) -> str:
        """A sentence with the engine's address; of one that is away also since when it is so."""
        if isinstance(error, EngineUnreachable):
            return Sentence(
                "The model engine at %(address)s does not answer, since %(time)s UTC."
                " Is it running?",
                address=self.address,
                time=moment.strftime("%H:%M"),
            )
        if "http" in error.message:
            return error.message
        return Sentence(
            "The engine at %(address)s says: %(said)s", address=self.address, said=error.message
        )
