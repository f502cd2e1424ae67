"""The asking side of the reader process: starts it, hands it files, believes little of it."""

import atexit
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from documents.readers import plugged
from documents.readers.common import frames, passwords, sheets
from documents.readers.kinds import FORMATS, TEXTS
from documents.readers.page import Kind, Page, Picture, Place, Reading
from documents.readers.pictures import ocr
from documents.readers.process import replies
from documents.readers.process.cage import Limits
from documents.readers.process.errors import ReaderFailed, ReaderGone, Unsupported
from documents.readers.process.replies import Ends, Patience
from localchat.lib.sentences import Sentence

logger = logging.getLogger(__name__)

Found = TypeVar("Found")

ROOT = Path(__file__).resolve().parents[3]
PICTURE_SECONDS = 30
RECOGNISING = Limits(memory_bytes=2 << 30, idle_seconds=120)
STANDING = Limits(idle_seconds=None)
# In the cage no thread can be started, and some libraries try at the first look at their numbers.
# A picture takes megabytes of memory once: by huge pages the system has half the work with them.
SURROUNDINGS = {
    "LC_ALL": "C.UTF-8",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    **dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"), "1"),
}


class Sandbox:
    """One reader process and the way to it. Tests make their own, with formats of their own."""

    def __init__(
        self,
        formats: Mapping[Kind, str] = FORMATS,
        limits: Limits = Limits(),  # noqa: B008
        *,
        draws: bool = False,
        recognises: bool = False,
    ) -> None:
        self.formats, self.limits = formats, limits
        self.draws, self.recognises = draws, recognises
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = os.getpid()

    def read(
        self,
        path: Path | str,
        kind: Kind,
        *,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> Reading:
        with self._asked(path, {"kind": kind}) as ends:
            return replies.reading(ends, Patience(ends.conversation, cancelled), progress)

    def tables(
        self, path: Path | str, kind: Kind, *, cancelled: Callable[[], bool]
    ) -> list[sheets.Sheet]:
        with self._asked(path, {"sheets": kind}) as ends:
            wait = Patience(ends.conversation, cancelled)
            return sheets.collect(lambda: replies.answer(ends, wait))

    def attachments(
        self,
        path: Path | str,
        kind: Kind,
        take: Callable[[str, bytes], None],
        *,
        most: int,
        cancelled: Callable[[], bool],
    ) -> None:
        with self._asked(path, {"attachments": kind}) as ends:
            wait = Patience(ends.conversation, cancelled)
            while found := replies.attachment(ends, wait, most):
                take(*found)

    def picture(
        self,
        path: Path | str,
        page: int,
        width: int,
        *,
        passage: str = "",
        place: float = 0,
        places: Sequence[Place] = (),
    ) -> Picture:
        request = {
            "picture": page,
            "width": width,
            "passage": passage,
            "place": place,
            "places": list(places),
        }
        with self._asked(path, request) as ends:
            return replies.picture(ends, Patience(ends.conversation, _too_late()))

    def recognise(
        self, path: Path | str, kind: Kind, page: int, *, cancelled: Callable[[], bool]
    ) -> Page:
        """The 1-based page, read from its picture. Raises like `read_file`."""
        with self._asked(path, {"recognise": page, "kind": kind}) as ends:
            wait = Patience(ends.conversation, cancelled)
            found = replies.reading(ends, wait, lambda *_: None).pages
            if [each.number for each in found] != [page]:
                raise frames.BrokenFrame
            return found[0]

    def holds(self) -> dict[str, bool]:
        """Which walls of the cage stand on this machine, as tried from inside it."""
        with self._asked(os.devnull, {"holds": True}) as ends:
            wait = Patience(ends.conversation, _too_late())
            found = replies.answer(ends, wait).get("holds", {})
            watched = Path("/proc/self/status").exists()
            return {str(name): bool(held) for name, held in found.items()} | {"memory": watched}

    def prepare(self) -> None:
        """Have the process started, if it is not: the first file need not wait for it."""
        with self._lock:
            self._running()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def close(self) -> None:
        with self._lock:
            self._end()

    @contextmanager
    def _asked(self, path: Path | str, request: dict[str, Any]) -> Iterator[Ends]:
        """Hand a file over. Leaving, in whatever way, ends the process that reads it."""
        conversation, theirs = socket.socketpair()
        lifeline, held = socket.socketpair()
        with conversation, lifeline:
            with theirs, held, Path(path).open("rb") as file:
                self._hand_over([theirs.fileno(), held.fileno(), file.fileno()])
            try:
                frames.send(conversation, {**request, "password": passwords.given()})
                yield Ends(conversation, lifeline)
            except frames.BrokenFrame as error:
                logger.warning("a reader sent something that is no frame")
                raise ReaderFailed from error
            except (frames.Ended, BrokenPipeError) as error:
                replies.blame(lifeline, error)

    def _hand_over(self, descriptors: list[int]) -> None:
        with self._lock:
            for _ in range(2):  # it may have died since the last file
                try:
                    socket.send_fds(self._running(), [b"f"], descriptors)
                    return
                except OSError:
                    self._end()
        raise ReaderGone

    def _running(self) -> socket.socket:
        if self._owner != os.getpid():  # we are a fork: that process is our parent's
            self._process, self._control, self._owner = None, None, os.getpid()
        if self._control and self._process and self._process.poll() is None:
            return self._control
        self._end()
        return self._start()

    def _start(self) -> socket.socket:
        settings = {
            "formats": dict(self.formats),
            "limits": self.limits._asdict(),
            "draws": self.draws,
            "engines": [ocr.ENGINES[name] for name in ocr.installed()] if self.recognises else [],
        }
        self._control, stdin = socket.socketpair()
        # No PDEATHSIG for it: that follows the thread that starts it, not the process.
        with stdin:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "documents.readers.process.sandbox", json.dumps(settings)],
                stdin=stdin.fileno(),
                stdout=subprocess.DEVNULL,
                cwd=ROOT,
                env={**SURROUNDINGS, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        return self._control

    def _end(self) -> None:
        if self._control:
            self._control.close()
        if self._process:
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._control, self._process = None, None


def twice(ask: Callable[[], Found]) -> Found:
    """A process leaves when there was nothing to do for long: start another."""
    try:
        return ask()
    except ReaderGone:
        return ask()


def for_kind(kind: Kind) -> Sandbox:
    """Raises Unsupported for a kind of a package that is not there any more."""
    if plugged.is_one(kind):
        if kind not in plugged.modules():
            raise Unsupported(Sentence("What read files of this kind is not installed any more."))
        return for_plugged()
    return for_texts() if kind in TEXTS else for_files()


@cache
def for_texts() -> Sandbox:
    """One without large libraries: to fork it, which each file pays, takes half the time."""
    return _kept(Sandbox(TEXTS))


@cache
def for_files() -> Sandbox:
    return _kept(Sandbox())


@cache
def for_plugged() -> Sandbox:
    """One with what other packages bring, which so disturbs nobody."""
    return _kept(Sandbox(plugged.modules()))


@cache
def for_pictures() -> Sandbox:
    """One that takes little memory, since it reads nothing, and stands by: people wait for it."""
    return _kept(Sandbox({}, STANDING, draws=True))


@cache
def for_recognising() -> Sandbox:
    """One with the engines of text recognition, which take much memory, and go when idle."""
    return _kept(Sandbox({}, RECOGNISING, recognises=True))


def _kept(sandbox: Sandbox) -> Sandbox:
    atexit.register(sandbox.close)
    return sandbox


def _too_late() -> Callable[[], bool]:
    end = time.monotonic() + PICTURE_SECONDS
    return lambda: time.monotonic() > end
