"""`manage.py up`: starts everything, keeps it running, and stops it in order."""

import json
import os
import socket
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from localchat.embedded import children, web
from localchat.embedded.lock import Lock, in_use
from localchat.embedded.programs import programs
from localchat.embedded.services import CHECKOUT, Services
from localchat.embedded.signals import Bell, Stopped
from localchat.embedded.supervised import Part, serving
from localchat.embedded.unix_users import service_account, why_root
from localchat.lib import environment
from localchat.lib.errors import LocalChatError

PATIENCE_SECONDS = 60
STOP_SECONDS = 4
LOOKS = 120  # at the children, for each at the size of their logs


def up() -> int:
    """Run until a signal comes (0), or until something cannot be kept running (1)."""
    import_module("localchat.settings")  # what is wrong with them is said once, and before all else
    try:
        return Supervisor(environment.data_folder()).run()
    except LocalChatError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1


def say(line: str) -> None:
    if environment.text("LOG_FORMAT") == "json":
        line = json.dumps({"logger": "localchat.up", "message": line})
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Supervisor:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.lock = Lock(data)
        self.bell = Bell()
        self.servers: list[Part] = []
        self.programs: list[Part] = []
        self.services: Services | None = None

    def run(self) -> int:
        self.bell.listen()
        before = self.lock.take("up")
        if before is None:
            raise in_use(self.lock.read(), self.data)
        os.umask(0o077)
        children.adopt()
        try:
            host = environment.text("HOST", "127.0.0.1")
            port = environment.number("PORT", 8000, at_least=1, at_most=65535)
            with web.listen(host, port, say) as listener:
                self._start(before, listener, host)
                self._wait_until_ready(listener)
                self._keep_running()
        except Stopped:
            say("Stopping.")
            return 0
        finally:
            self._stop()
            self.lock.leave()

    def _start(self, before: dict[str, Any], listener: socket.socket, host: str) -> None:
        self.url = web.address_of(listener)
        facts = {"pid": os.getpid(), "command": "up", "url": self.url}
        self.lock.write(**facts)
        self.services = Services(self.data, before, pause=self.bell.pause)
        _say_who_is_root(self.services, self.data)
        self.services.start()
        if self.services.own_redis:
            self.servers.append(serving("Redis server", self.services.redis))
        if self.services.own_postgres:
            self.servers.append(serving("PostgreSQL server", self.services.postgres))
        if said := self.services.migrate():
            say(said)
        self.lock.write(**facts, **self.services.addresses())
        self.programs.extend(programs(self.services, listener, host))

    def _wait_until_ready(self, listener: socket.socket) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            self._look()
            reason = web.unready(listener)
            if not reason:
                break
            if time.monotonic() > deadline:
                deadline = float("inf")
                say(f"Still not ready: {reason}. `manage.py doctor` may know why.")
            self.bell.pause(0.1)
        say(f"LocalChat is ready: {self._door(listener)}")

    def _door(self, listener: socket.socket) -> str:
        """The address; a link that lets in once, where the kernel does not tell who connects."""
        from localchat.accounts import keys, peers

        private = environment.is_loopback(environment.text("HOST", "127.0.0.1"))
        if environment.text("LOCALCHAT_PUBLIC_URL") or not private or peers.can_tell():
            return web.address_for_others(listener)
        return keys.new_link(self.data, self.url)

    def _keep_running(self) -> NoReturn:
        while True:
            for _ in range(LOOKS):
                self._look()
                self.bell.pause(0.5)
            for log in (self.data / "logs").glob("*.log"):
                children.trim(log)

    def _look(self) -> None:
        parts = [*self.servers, *self.programs]
        for part in parts:
            part.look(self._tell)
        children.reap([part.process.pid for part in parts if part.process])

    def _tell(self, line: str) -> None:
        """Of a part that has ended: said, and kept beside what the parts write."""
        say(line)
        moment = datetime.now(UTC).isoformat(" ", "milliseconds").partition("+")[0]
        log = self.data / "logs" / "supervisor.log"
        with suppress(OSError), log.open("a", encoding="utf-8") as file:
            file.write(f"{moment.replace('.', ',')} WARNING localchat.up {line}\n")

    def _stop(self) -> None:
        """Web and workers first, the servers that they use last; a second Ctrl-C ends it all."""
        self.bell.stopping = True
        try:
            for part in self.programs:
                children.ask(part.process)
            for part in self.programs:
                children.stop(part.process, (None, STOP_SECONDS))
            if self.services:
                self.services.stop()
        except KeyboardInterrupt:
            for part in [*self.programs, *self.servers]:
                children.stop(part.process)
        finally:
            children.end_adopted()


def _say_who_is_root(services: Services, data: Path) -> None:
    """Root's data and interpreter may be out of reach for anybody else."""
    account = service_account()
    if account and services.account is None:
        say(
            f"Web and workers run as root, since {why_root(account, CHECKOUT, data)}; "
            f"PostgreSQL and Redis run as {account.name}."
        )
