"""The asking side of the reader process: starts it, hands it files, believes little of it."""

import atexit
import json
import logging
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from documents.readers import Heading, Kind, Page, Picture, Reading, frames
from documents.readers.cage import Limits
from documents.readers.errors import (
    OutOfMemory,
    OutOfTime,
    ReaderFailed,
    ReaderGone,
    ReadingCancelled,
    TooMuchText,
    Unreadable,
)
from documents.readers.kinds import FORMATS
from documents.readers.tidy import GONE

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
LOOK_SECONDS = 0.2  # between two looks at `cancelled`
VERDICT_SECONDS = 10
PICTURE_BYTES, PICTURE_SECONDS = 32 << 20, 30

FAILURES: dict[str, type[ReaderFailed]] = {
    "reader_memory": OutOfMemory,
    "reader_too_much": TooMuchText,
    "reader_failed": ReaderFailed,
    "memory": OutOfMemory,
    "time": OutOfTime,
}


class Ends(NamedTuple):
    conversation: socket.socket
    lifeline: socket.socket


class Sandbox:
    """One reader process and the way to it. Tests make their own, with formats of their own."""

    def __init__(self, formats: Mapping[Kind, str] = FORMATS, limits: Limits = Limits()) -> None:  # noqa: B008
        self.formats, self.limits = formats, limits
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._folder = ""
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
            return _collect(ends, Patience(ends.conversation, cancelled), progress)

    def picture(
        self, path: Path | str, page: int, width: int, *, passage: str = "", place: float = 0
    ) -> Picture:
        request = {"picture": page, "width": width, "passage": passage, "place": place}
        with self._asked(path, request) as ends:
            wait = Patience(ends.conversation, _too_late())
            told = _next(ends, wait)
            size = told.get("picture")
            if not isinstance(size, int) or not 0 < size <= PICTURE_BYTES:
                raise frames.BrokenFrame
            data = frames.exactly(ends.conversation, size, wait)
            if not data:
                raise frames.Ended
            return _picture(data, told)

    def holds(self) -> dict[str, bool]:
        """Which walls of the cage stand on this machine, as tried from inside it."""
        with self._asked(os.devnull, {"holds": True}) as ends:
            found = _next(ends, Patience(ends.conversation, _too_late())).get("holds", {})
            watched = Path("/proc/self/statm").exists()
            return {str(name): bool(held) for name, held in found.items()} | {"memory": watched}

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
                frames.send(conversation, request)
                yield Ends(conversation, lifeline)
            except frames.BrokenFrame as error:
                logger.warning("a reader sent something that is no frame")
                raise ReaderFailed from error
            except (frames.Ended, BrokenPipeError) as error:
                _blame(lifeline, error)

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
        self._folder = tempfile.mkdtemp(prefix="localchat-reader-")
        Path(self._folder).chmod(0o711)
        settings = {
            "formats": dict(self.formats),
            "limits": self.limits._asdict(),
            "folder": self._folder,
        }
        self._control, stdin = socket.socketpair()
        # No PDEATHSIG for it: that follows the thread that starts it, not the process.
        with stdin:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "documents.readers.sandbox", json.dumps(settings)],
                stdin=stdin.fileno(),
                stdout=subprocess.DEVNULL,
                cwd=ROOT,
                env={"LC_ALL": "C.UTF-8", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
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
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._control, self._process, self._folder = None, None, ""


@cache
def default() -> Sandbox:
    sandbox = Sandbox()
    atexit.register(sandbox.close)
    return sandbox


@cache
def for_pictures() -> Sandbox:
    """One that starts sooner and takes less memory, since it reads nothing."""
    sandbox = Sandbox({})
    atexit.register(sandbox.close)
    return sandbox


class Patience:
    """Called before each look at a socket: waits for something to receive, unless cancelled."""

    def __init__(self, conversation: socket.socket, cancelled: Callable[[], bool]) -> None:
        self._poll, self._cancelled = select.poll(), cancelled
        self._poll.register(conversation, select.POLLIN)
        self._looked = time.monotonic()

    def __call__(self) -> None:
        ready = False
        while not ready:
            ready = bool(self._poll.poll(LOOK_SECONDS * 1000))
            if time.monotonic() - self._looked >= LOOK_SECONDS:
                self._looked = time.monotonic()
                if self._cancelled():
                    raise ReadingCancelled


def _too_late() -> Callable[[], bool]:
    end = time.monotonic() + PICTURE_SECONDS
    return lambda: time.monotonic() > end


def _collect(ends: Ends, wait: Callable[[], None], progress: Callable[[int, int], None]) -> Reading:
    pages: list[Page] = []
    parts: list[str] = []
    headings: list[Heading] = []
    while True:
        match _next(ends, wait):
            case {"text": str(text)} if not GONE.search(text):
                parts.append(text)
            case {"headings": list(found)}:
                headings += map(_heading, found)
            case {"page": int() | None as number}:
                pages.append(Page(number, "".join(parts), headings))
                parts, headings = [], []
            case {"progress": [int(done), int(total)]}:
                progress(done, total)
            case {"end": True, "title": str(title), "total": int(total)}:
                return Reading(GONE.sub("", title), pages, total)
            case _:
                raise frames.BrokenFrame


def _heading(found: object) -> Heading:
    match found:
        case [int(start), int(level), str(text)] if not GONE.search(text):
            return Heading(start, level, text)
    raise frames.BrokenFrame


def _picture(data: bytes, told: dict[str, Any]) -> Picture:
    match told:
        case {"size": [int(width), int(height)], "boxes": list(boxes)} if width > 0 < height:
            return Picture(data, width, height, _around(list(map(_box, boxes))))
    raise frames.BrokenFrame


def _box(found: object) -> list[float]:
    match found:
        case [int() | float(), int() | float(), int() | float(), int() | float()]:
            if all(0 <= edge <= 1 for edge in found):
                return [float(edge) for edge in found]
    raise frames.BrokenFrame


def _around(boxes: list[list[float]]) -> tuple[float, float, float, float] | None:
    if not boxes:
        return None
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _next(ends: Ends, wait: Callable[[], None]) -> dict[str, Any]:
    frame = frames.receive(ends.conversation, wait)
    if frame is None:
        raise frames.Ended
    if "error" not in frame:
        return frame
    code = str(frame["error"])
    if failure := FAILURES.get(code):
        logger.warning("a reader failed: %s", str(frame.get("where", code))[:200])
        raise failure
    raise Unreadable(str(frame.get("message", ""))[:500], code[:40])


def _blame(lifeline: socket.socket, error: Exception) -> NoReturn:
    """Raise what the reader parent says became of the child."""
    lifeline.settimeout(VERDICT_SECONDS)
    try:
        verdict = lifeline.recv(100).decode("ascii", "replace")
    except TimeoutError:
        verdict = "silent"
    except OSError:
        verdict = ""
    if not verdict:
        raise ReaderGone from error
    logger.warning("a reading process ended without an answer: %s", verdict)
    raise FAILURES.get(verdict, ReaderFailed) from error
