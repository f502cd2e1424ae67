"""Real processes on throw-away data: `up` as a person would start it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from localchat.embedded.folders import make_run_folder, remove_run_folder
from localchat.embedded.lock import Lock
from localchat.embedded.unix_users import service_account

CHECKOUT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "REDIS_URL", "LOCALCHAT_RUN", "LOCALCHAT_STANDALONE", "LOCALCHAT_USER")


@pytest.fixture(scope="module")
def kept_data():
    """Long, with a space and umlauts, as a home folder may be; one for all tests of a file."""
    yield from long_folder()


@pytest.fixture
def data():
    yield from long_folder()


def long_folder() -> Iterator[Path]:
    base = Path(tempfile.mkdtemp(prefix="localchat-tests-"))
    folder = base / ("lange Wege für große Häuser " * 5).strip()
    assert len(str(folder)) > 140, "short enough for a socket: the test would prove nothing"
    yield folder
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="module")
def run():
    folder = make_run_folder(service_account())
    yield folder
    remove_run_folder(folder)


class Up:
    """A running `manage.py up`, of this checkout or of another."""

    checkout = CHECKOUT

    def __init__(self, data: Path, **env: str) -> None:
        self.data = data
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        own = {"LOCALCHAT_DATA": str(data), "PORT": str(free_port()), "TITLES": "0"}
        self.env = kept | own | env
        self.said = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed in stop

    def start(self) -> "Up":
        self.process = self.call("up", wait=False)
        return self

    def call(self, *verb: str, wait: bool = True) -> subprocess.Popen[str]:
        out = subprocess.PIPE if wait else self.said
        command = [sys.executable, "manage.py", *verb]
        return subprocess.Popen(
            command,
            cwd=self.checkout,
            env=self.env,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def output(self) -> str:
        self.said.seek(0)
        return self.said.read()

    def ready(self) -> "Up":
        eventually(lambda: "LocalChat is ready: " in self.output() or self.ended(), 180)
        assert not self.ended(), self.output()
        return self

    def ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def facts(self) -> dict[str, str]:
        return Lock(self.data).read()

    def status(self) -> int:
        try:
            with urllib.request.urlopen(self.facts["url"] + "readyz", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def part(self, words: str) -> psutil.Process:
        return next(child for child in self.children() if words in _told(child))

    def has(self, words: str) -> bool:
        return any(words in _told(child) for child in self.children())

    def children(self) -> list[psutil.Process]:
        """Those that live; one may end while it is looked at."""
        found = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in found if _told(child)]

    def stop(self) -> None:
        if not self.ended():
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
        self.said.close()


def _told(process: psutil.Process) -> str:
    """Its command line; nothing once it is dead."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


@pytest.fixture
def up(data) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def make(**env: str) -> Up:
        started.append(Up(data, **env))
        return started[-1].start()

    yield make
    for one in started:
        one.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(holds: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)
