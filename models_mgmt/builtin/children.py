"""A process of ours that is asked over HTTP: found by its file, started once, ended by its number."""

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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from localchat.lib import environment
from localchat.lib.errors import EngineError, EngineUnreachable
from localchat.lib.sentences import Sentence, unpacked
from models_mgmt.builtin.process import birth

logger = logging.getLogger(__name__)

END_SECONDS = 5.0


class Door(NamedTuple):
    url: str
    key: str
    pid: int
    birth: str  # so that a number used again is not taken for our process
    model: str = ""  # the file that it has loaded, as its owner names it
    window: int = 0  # tokens


class Child:
    """One such process for all of ours that share a run folder. `kind` is the name of its files."""

    def __init__(self, kind: str, start_seconds: float) -> None:
        self.kind, self.start_seconds = kind, start_seconds

    def found(self) -> Door | None:
        """As its file says, if that very process still lives: its port may be another's by now."""
        try:
            text = (_run() / f"{self.kind}.json").read_text(encoding="utf-8")
            door = Door(**json.loads(text))
        except (OSError, ValueError, TypeError):
            return None
        return door if birth(door.pid) == door.birth else None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """By whoever starts or ends it."""
        _run().mkdir(mode=0o700, parents=True, exist_ok=True)
        # Any user may open it: root's commands and the server's processes share this folder.
        descriptor = os.open(_run() / f"{self.kind}.lock", os.O_RDWR | os.O_CREAT, 0o666)
        with os.fdopen(descriptor) as file:
            with suppress(PermissionError):
                os.fchmod(descriptor, 0o666)
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def started(
        self, module: str, arguments: Sequence[str], env: Mapping[str, str], **facts: str | int
    ) -> Door:
        """Start `module` with the arguments and the number of the process that it watches.

        It hands over its door, or a problem, in one line of JSON. Raises EngineError.
        """
        began = time.monotonic()
        watched = environment.number("LOCALCHAT_SUPERVISOR", os.getpid(), at_most=2**62)
        child = subprocess.Popen(
            [sys.executable, "-m", module, *arguments, str(watched)],
            cwd=settings.BASE_DIR,
            env={"PATH": os.defpath, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        # Buried at once when it leaves, also while nobody asks for it.
        threading.Thread(target=child.wait, name="engine-leaves", daemon=True).start()
        handed = self._handed_over(child)
        door = Door(**handed, birth=birth(child.pid) or "", **facts)  # type: ignore[arg-type]
        self.write(door)
        seconds = time.monotonic() - began
        logger.info("%s started in %.1f s, process %d", self.kind, seconds, door.pid)
        return door

    def _handed_over(self, child: subprocess.Popen[bytes]) -> dict[str, Any]:
        assert child.stdout is not None
        with child.stdout as pipe:
            ready, _, _ = select.select([pipe], [], [], self.start_seconds)
            line = pipe.readline() if ready else b""
        handed = json.loads(line) if line else {}
        if "url" in handed:
            return handed  # type: ignore[no-any-return]
        with suppress(ProcessLookupError):
            child.kill()
        if "problem" in handed:
            raise EngineError(unpacked(handed["problem"]))
        raise EngineUnreachable(
            Sentence("The built-in engine does not start. Its reason is in the log.")
        )

    def write(self, door: Door) -> None:
        """Whole or not at all, and for our eyes alone: the key is in it."""
        fresh = _run() / f"{self.kind}.{os.getpid()}.new"
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(door._asdict(), file)
        fresh.replace(_run() / f"{self.kind}.json")

    def end(self, door: Door) -> None:
        """End exactly that process, if it still is that one, and see it gone.

        A process that is being killed closes its sockets some time before it counts as dead.
        """
        limit = time.monotonic() + END_SECONDS
        while birth(door.pid) == door.birth and time.monotonic() < limit:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(door.pid, signal.SIGKILL)
            time.sleep(0.01)


def _run() -> Path:
    return Path(settings.RUN)
