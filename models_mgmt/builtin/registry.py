"""Where the built-in engine's process is; whoever needs it first starts it."""

import fcntl
import json
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from localchat.lib import environment
from localchat.lib.errors import EngineUnreachable
from models_mgmt.builtin import weights
from models_mgmt.builtin.process import birth

logger = logging.getLogger(__name__)

START_SECONDS = 30.0
END_SECONDS = 5.0


class Door(NamedTuple):
    url: str
    key: str
    pid: int
    birth: str  # so that a number used again is not taken for our process


def ensure() -> Door:
    """The engine's door, started if need be. Raises WeightsMissing."""
    if door := _found():
        return door
    if not weights.present():
        raise weights.WeightsMissing()
    _run().mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked():
        return _found() or _started()


def another(door: Door) -> Door:
    """A new engine in place of the one behind `door`, which died or hangs."""
    logger.warning("the built-in engine (process %d) did not answer; starting another", door.pid)
    _end(door)
    return ensure()


def stop() -> None:
    if door := _found():
        _end(door)


def _run() -> Path:
    return Path(settings.RUN)


def _found() -> Door | None:
    """As its file says, if that very process still lives: its port may be another's by now."""
    try:
        door = Door(**json.loads((_run() / "engine.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return door if birth(door.pid) == door.birth else None


@contextmanager
def _locked() -> Iterator[None]:
    # Any user may open it: root's commands and the server's processes share this private folder.
    descriptor = os.open(_run() / "engine.lock", os.O_RDWR | os.O_CREAT, 0o666)
    with os.fdopen(descriptor) as file:
        with suppress(PermissionError):
            os.fchmod(descriptor, 0o666)
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _started() -> Door:
    began = time.monotonic()
    watched = environment.number("LOCALCHAT_SUPERVISOR", os.getpid(), at_most=2**62)
    child = subprocess.Popen(
        [sys.executable, "-m", "models_mgmt.builtin.server", str(weights.folder()), str(watched)],
        cwd=settings.BASE_DIR,
        env={"PATH": os.defpath, "TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    # Buried at once when it leaves, also while nobody asks for it.
    threading.Thread(target=child.wait, name="engine-leaves", daemon=True).start()
    door = _handed_over(child)
    _write(door)
    logger.info("built-in engine started in %.1f s, process %d", time.monotonic() - began, door.pid)
    return door


def _handed_over(child: subprocess.Popen[bytes]) -> Door:
    assert child.stdout is not None
    with child.stdout as pipe:
        ready, _, _ = select.select([pipe], [], [], START_SECONDS)
        line = pipe.readline() if ready else b""
    if not line:
        with suppress(ProcessLookupError):
            child.kill()
        raise EngineUnreachable("The built-in engine does not start. Its reason is in the log.")
    return Door(**json.loads(line), birth=birth(child.pid) or "")


def _write(door: Door) -> None:
    """Whole or not at all, and for our eyes alone: the key is in it."""
    fresh = _run() / f"engine.{os.getpid()}.new"
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(door._asdict(), file)
    fresh.replace(_run() / "engine.json")


def _end(door: Door) -> None:
    """End exactly that process, if it still is that one, and see it gone.

    A process that is being killed closes its sockets some time before it counts as dead.
    """
    limit = time.monotonic() + END_SECONDS
    while birth(door.pid) == door.birth and time.monotonic() < limit:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(door.pid, signal.SIGKILL)
        time.sleep(0.01)
