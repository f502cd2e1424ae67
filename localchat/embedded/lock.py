"""Who works on a data folder: one owner, who names itself in the lock file, and its guests."""

import fcntl
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localchat.lib.errors import Conflict

START_SECONDS = 120
UNFINISHED = "restore.unfinished"  # is in the folder while a backup is put there


class DataInUse(Conflict):
    """The data folder is in use by another process."""


class HalfRestored(Conflict):
    """Somebody has begun to restore a backup here, and was cut off."""


class Lock:
    """`lock` is held by the owner as long as it lives; `guests` by each command that joined it.

    The kernel lets go of both when a process dies, so a dead one is never in the way.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.path = data / "lock"
        self._own: int | None = None
        self._guest: int | None = None

    def take(self, command: str) -> dict[str, Any] | None:
        """Become the owner and return what the last one had written; None: somebody else is."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _flock(descriptor, fcntl.LOCK_EX):
            os.close(descriptor)
            return None
        self._own = descriptor
        if command != "restore" and (self.data / UNFINISHED).exists():
            self.leave()
            raise HalfRestored(
                f"A restore into {self.data} was cut off: run `manage.py restore FILE` again."
            )
        before = self.read()
        self.write(pid=os.getpid(), command=command)
        return before

    def write(self, **facts: object) -> None:
        assert self._own is not None
        body = json.dumps(facts, indent=1).encode() + b"\n"
        os.ftruncate(self._own, 0)
        os.pwrite(self._own, body, 0)

    def read(self) -> dict[str, Any]:
        try:
            facts = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # nobody yet, or just being written
            return {}
        return facts if isinstance(facts, dict) else {}

    def owner(self) -> dict[str, Any] | None:
        """What the living owner has written about itself; None when nobody holds the lock."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY)
        except OSError:
            return None
        try:
            return None if _flock(descriptor, fcntl.LOCK_SH, tries=1) else self.read()
        finally:
            os.close(descriptor)

    def join(self, pause: Callable[[float], None] = time.sleep) -> dict[str, Any] | None:
        """Wait until the owner's services are up and stay a guest; None: there is no owner."""
        if self._guest is None:
            self._guest = os.open(self.data / "lock.guests", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._guest, fcntl.LOCK_SH)
        deadline = time.monotonic() + START_SECONDS
        while (facts := self.owner()) is not None:
            if "run" in facts:
                return facts
            if time.monotonic() > deadline:
                raise DataInUse(f"Process {facts.get('pid')} has not started its services yet.")
            pause(0.1)
        fcntl.flock(self._guest, fcntl.LOCK_UN)
        return None

    def wait_for_guests(self) -> None:
        """Return when no command uses our services any more."""
        descriptor = os.open(self.data / "lock.guests", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.close(descriptor)

    def leave(self) -> None:
        """Let go; the file stays, since deleting it would let two owners in."""
        if self._own is not None:
            os.ftruncate(self._own, 0)
            os.close(self._own)
        self._own = None


def in_use(facts: dict[str, Any], data: Path) -> DataInUse:
    """The sentence for a second start."""
    pid, url = facts.get("pid", "unknown"), facts.get("url")
    if facts.get("command") == "up":
        where = f"at {url}" if url else "and is just starting"
        return DataInUse(f"LocalChat already runs on {data}: process {pid} {where}.")
    what = f"`manage.py {facts.get('command')}`"
    return DataInUse(f"{what} (process {pid}) is using {data}; start again when it has finished.")


def _flock(descriptor: int, kind: int, tries: int = 4) -> bool:
    for again in range(tries):
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            # Somebody who only looks holds it for a moment.
            time.sleep(0.05 * (again + 1 < tries))
        else:
            return True
    return False
