"""The front desk: who may have a model pulled, stopped or removed, and the rows for it."""

import logging
import re
from collections.abc import Container
from contextlib import suppress

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from localchat.lib import events
from localchat.lib.errors import BadRequest, Conflict, EngineError, NotAllowed
from localchat.lib.heartbeat import Stopped
from localchat.lib.sentences import Sentence
from models_mgmt import choosing, engines, tasks
from models_mgmt.models import Pull

logger = logging.getLogger(__name__)

LONGEST_NAME = 200
_PART = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_HOST = rf"(?:https?://)?{_PART}(?::\d{{1,5}})?/"
_NAME = re.compile(rf"(?:{_HOST})?(?:{_PART}/){{0,2}}{_PART}(?P<tag>:{_PART})?")

# Of a machine, and not of a registry that has a name and the usual port. Only the one that is set as
# MODEL_REGISTRY may be named so.
_ADDRESS = re.compile(
    r"http:|(?:https://)?(?:[\d.]+|0x[\da-f]+|localhost|[^/.]+\.(?:local|internal|lan)|[^/]*:\d+)/",
    re.IGNORECASE,
)


class CloudModel(BadRequest):
    """That model runs on somebody else's computers: what you write would leave this machine."""

    code = "cloud_model"


def may_manage(user: User) -> bool:
    """Whether the person may pull, remove and unload models, which all share.

    Of staff those whom the admin gives the right to add pulls.
    """
    return settings.OWNER_MODE or (user.is_staff and user.has_perm("models_mgmt.add_pull"))


def check_may_manage(user: User) -> None:
    if not may_manage(user):
        raise NotAllowed(Sentence("Only staff may pull, remove or unload models here."))


def request_pull(user: User, name: str, place: str = "") -> Pull:
    """Write the pull's row and start it; the person's own running pull of that name is joined.

    `place`: the address of the Ollama server that is to have it; the first one if empty.
    Raises NotAllowed, BadRequest, and Conflict when somebody else is pulling it.
    """
    pull, made = enter(user, name, place)
    if made:
        transaction.on_commit(lambda: start(pull))
    return pull


def enter(user: User, name: str, place: str = "") -> tuple[Pull, bool]:
    """The row alone, not started yet, and whether it is new."""
    check_may_manage(user)
    if place and place not in engines.places():
        raise BadRequest(Sentence("OLLAMA_HOST names no server %(place)s.", place=place[:200]))
    name = full_name(name)
    try:
        with transaction.atomic():
            return Pull.objects.create(owner=user, name=name, place=place), True
    except IntegrityError:
        return _running(user, name), False


def full_name(name: str) -> str:
    """The name with its tag. Raises BadRequest."""
    name = name.strip()
    found = _NAME.fullmatch(name) if len(name) <= LONGEST_NAME else None
    if not found:
        raise BadRequest(Sentence("That is no name of a model. It looks like llama3.2:1b."))
    name = name if found["tag"] else f"{name}:latest"
    if len(name) > LONGEST_NAME:
        raise BadRequest(Sentence("That is no name of a model. It looks like llama3.2:1b."))
    if _ADDRESS.match(name) and _host(name) != _host(settings.MODEL_REGISTRY):
        raise BadRequest(Sentence("A model is named by its name, not by an address in a network."))
    if name.lower().endswith((":cloud", "-cloud", "-cloud:latest")):
        raise CloudModel
    return name


def _host(name: str) -> str:
    return re.sub(r"^https?://", "", name.lower()).partition("/")[0]


def _running(user: User, name: str) -> Pull:
    mine = Pull.objects.for_user(user).unfinished()
    pull: Pull | None = mine.filter(name=name).first()
    if pull is None:
        raise Conflict(
            Sentence("%(name)s is being pulled already. Look again when it has come.", name=name)
        )
    return pull


def start(pull: Pull) -> None:
    async_to_sync(events.announce)(pull.owner_id, pull.topic)
    try:
        tasks.pull.delay(pull.pk)
    except OperationalError:
        logger.warning("pull %d is left to the sweeper: no broker", pull.pk)


def stop(pull: Pull) -> None:
    """Ask for an end. What nobody works on ends at once; a worker closes the engine's connection.

    What has come so far stays with the engine, which goes on from there when asked again.
    """
    idle = Pull.objects.claimable().filter(pk=pull.pk)
    ended = {"status": Pull.Status.STOPPED, "error": Stopped.code, "problem": Stopped().message}
    if idle.update(attempt=F("attempt") + 1, finished=Now(), **ended):
        pull.refresh_from_db()
        log = events.Log(pull.topic, pull.attempt)
        log.publish("failed", error=pull.error, message=pull.problem)
        return
    if Pull.objects.unfinished().filter(pk=pull.pk).update(stopping=True):
        events.hint(stop=pull.topic)


def delete(user: User, name: str) -> None:
    """Remove an installed model. Raises NotAllowed, ModelMissing, Conflict, EngineError."""
    engine, installed = _managed(
        user, name, Sentence("%(name)s is not removed from here.", name=name)
    )
    engine.delete(installed)
    choosing.forget()


def unload(user: User, name: str) -> None:
    """Free the memory that a model takes. Raises as `delete`."""
    engine, installed = _managed(
        user, name, Sentence("%(name)s cannot be unloaded from here.", name=name)
    )
    engine.unload(installed)


def _managed(user: User, name: str, refusal: str) -> tuple[engines.ManagedEngine, str]:
    """A model's engine, and its name there."""
    check_may_manage(user)
    model = choosing.installed_model(name)
    if model.engine not in engines.MANAGED:
        raise Conflict(refusal)
    return engines.MANAGED[model.engine], model.name


def loaded(besides: Container[str] = ()) -> list[engines.Loaded]:
    """What is in memory now, of every engine that answers; those `besides` are not asked."""
    found: list[engines.Loaded] = []
    for name, engine in engines.MANAGED.items():
        if name not in besides and engine.configured():
            with suppress(EngineError):
                found += engine.loaded()
    return found
