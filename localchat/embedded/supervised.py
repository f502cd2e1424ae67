"""One child that has to run, and what to do when it does not."""

import subprocess
import time
from collections.abc import Callable
from typing import Protocol

from localchat.lib.errors import LocalChatError

FAILURES = 5
WINDOW_SECONDS = 60
DELAYS = (0.0, 0.2, 0.6, 1.2, 1.8)  # before each new start of a part that keeps dying

Say = Callable[[str], None]
Process = subprocess.Popen[bytes]


class PartFailed(LocalChatError):
    """A part of LocalChat keeps dying."""


class Server(Protocol):
    process: Process | None

    def start(self) -> str: ...
    def stop(self) -> None: ...


class Part:
    def __init__(self, name: str, start: Callable[[], Process]) -> None:
        self.name = name
        self.start = start
        self.process: Process | None = None
        self.failures: list[float] = []
        self.due = 0.0

    def look(self, say: Say) -> None:
        """Start it if it does not run and its time has come; give up after too many failures."""
        if self.process and self.process.poll() is not None:
            self._failed(_how(self.process.returncode), say)
        if self.process is None and time.monotonic() >= self.due:
            try:
                self.process = self.start()
            except LocalChatError as error:
                self._failed(error.message, say)

    def _failed(self, reason: str, say: Say) -> None:
        self.process = None
        now = time.monotonic()
        self.failures = [when for when in self.failures if now - when < WINDOW_SECONDS] + [now]
        if len(self.failures) >= FAILURES:
            raise PartFailed(f"The {self.name} failed {FAILURES} times in a minute: {reason}.")
        self.due = now + DELAYS[len(self.failures) - 1]
        say(f"The {self.name} has ended ({reason}); starting it again.")


def serving(name: str, server: Server) -> Part:
    """The part of a server that runs already."""

    def start() -> Process:
        server.stop()
        server.start()
        assert server.process
        return server.process

    part = Part(name, start)
    part.process = server.process
    return part


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit status {code}"
