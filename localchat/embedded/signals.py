"""Signals as something to wait for: sleep until a child ends, the time is up, or we must stop."""

import signal
import socket
from contextlib import suppress
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody pressed Ctrl-C or sent a signal."""


class Bell:
    """The first signal raises Stopped out of `pause`; the second, while stopping, interrupts."""

    def __init__(self) -> None:
        self.rung = 0
        self.stopping = False
        self._ear, self._clapper = socket.socketpair()
        self._clapper.setblocking(False)

    def listen(self) -> None:
        signal.set_wakeup_fd(self._clapper.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in STOP_SIGNALS:
            signal.signal(number, self._ring)

    def pause(self, seconds: float) -> None:
        self._ear.settimeout(max(seconds, 0.001))
        with suppress(TimeoutError):
            self._ear.recv(64)
        if self.rung and not self.stopping:
            raise Stopped

    def _ring(self, number: int, frame: FrameType | None) -> None:
        self.rung += 1
        if self.rung > 1 and self.stopping:
            raise KeyboardInterrupt
