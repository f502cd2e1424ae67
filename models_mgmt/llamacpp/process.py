"""Where the process is that has a model loaded. One model at a time; another waits for its end."""

import requests
from django.conf import settings

from localchat.lib.errors import EngineBusy, EngineError, EngineUnreachable
from localchat.lib.sentences import Sentence
from models_mgmt.builtin.children import Child, Door
from models_mgmt.llamacpp.folder import Entry

GLANCE_SECONDS = 5.0
CHILD = Child("chat-engine", start_seconds=300.0)  # a large file from a slow disk
# Threads that wait for each other look for a moment, and then give the processor away: on a busy
# machine those that go on looking keep the one from its work that they wait for, and with none that
# look a small model writes at less than half its speed on a quiet one.
ENV = {"GOMP_SPINCOUNT": "3000"}


def found(model: Entry, window: int) -> Door | None:
    """The process, if it has that model loaded with at least so many tokens of window."""
    door = CHILD.found()
    return door if door and _has(door, model, window) else None


def ensure(model: Entry, window: int) -> Door:
    """With the model loaded; that takes seconds. Raises EngineBusy, EngineError."""
    if door := found(model, window):
        return door
    with CHILD.locked():
        if door := found(model, window):
            return door
        if door := CHILD.found():
            if is_busy(door):
                raise EngineBusy
            CHILD.end(door)
        return _started(model, window)


def _has(door: Door, model: Entry, window: int) -> bool:
    return door.model == model.digest and door.window >= window


def _started(model: Entry, window: int) -> Door:
    numbers = (window, settings.BUILTIN_THREADS, settings.BUILTIN_IDLE_SECONDS)
    arguments = [str(model.path), model.name, *map(str, numbers)]
    module = "models_mgmt.llamacpp.server"
    try:
        return CHILD.started(module, arguments, ENV, model=model.digest, window=window)
    except EngineUnreachable:
        raise
    except EngineError as error:
        raise EngineError(
            Sentence("%(name)s: %(why)s", name=model.name, why=error.message)
        ) from error


def is_busy(door: Door) -> bool:
    """Also while it reads a part of a prompt and answers nobody."""
    headers = {"Authorization": f"Bearer {door.key}"}
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"{door.url}/slots", headers=headers, timeout=GLANCE_SECONDS)
        return any(slot.get("is_processing") for slot in answer.json())
    except requests.ReadTimeout:
        return True
    except (requests.RequestException, ValueError):
        return False


def loaded() -> Door | None:
    return CHILD.found()


def stop() -> None:
    with CHILD.locked():
        if door := CHILD.found():
            CHILD.end(door)
