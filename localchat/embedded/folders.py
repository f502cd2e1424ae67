"""The private folder of sockets. Its path is short: a socket's path holds 107 bytes."""

import fcntl
import os
import re
import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

from localchat.embedded.unix_users import Account, hand_over, reachable

PLAIN = re.compile(r"[\w./-]{1,60}", re.ASCII)  # nothing that a URL would have to quote


def make_run_folder(account: Account | None = None) -> Path:
    """A fresh folder, 0700, that belongs to the account (None: to ourselves)."""
    base = next(folder for folder in _candidates() if _suits(folder, account))
    run = Path(tempfile.mkdtemp(prefix="localchat-", dir=base))
    hand_over(run, account)
    _keep(run)
    return run


def remove_run_folder(run: Path) -> None:
    """Delete a run folder, and nothing else: the path may come from a file of an earlier run."""
    if run.name.startswith("localchat-") and run.is_absolute() and not run.is_symlink():
        shutil.rmtree(run, ignore_errors=True)


def answers_with(expected: bytes, path: Path, said: bytes) -> bool:
    """Whether the server at the socket begins its answer so."""
    with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
        line.settimeout(5)
        line.connect(str(path))
        line.sendall(said)
        return line.recv(len(expected)) == expected
    return False


def _candidates() -> list[Path]:
    return [
        Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp"),
        Path(tempfile.gettempdir()),
        Path("/tmp"),
    ]


def _suits(folder: Path, account: Account | None) -> bool:
    if folder == Path("/tmp"):
        return True
    usable = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    return bool(usable and PLAIN.fullmatch(str(folder)) and reachable(folder, account))


def _keep(run: Path) -> None:
    """Hold a lock on the folder: it tells the system's cleaner of old files to stay away."""
    fcntl.flock(os.open(run, os.O_RDONLY), fcntl.LOCK_SH)
