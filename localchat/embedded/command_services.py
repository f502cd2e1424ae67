"""Gives a command its services: those of the running server, or its own for as long as it lasts."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from localchat.embedded.lock import DataInUse, Lock
from localchat.embedded.services import Services, environment_of, forget_migrations
from localchat.lib import environment
from localchat.lib.errors import LocalChatError

NEED_NONE = {
    *("up", "restore", "doctor", "check", "help", "version", "--version", "test", "testserver"),
    *("makemigrations", "makemessages", "compilemessages", "startapp", "startproject"),
    *("collectstatic", "findstatic", "diffsettings"),
}


@contextmanager
def services_for(arguments: list[str]) -> Iterator[None]:
    """Set DATABASE_URL, REDIS_URL and LOCALCHAT_RUN for the command while it runs."""
    if not _needs_services(arguments):
        yield
        return
    data = environment.data_folder()
    lock = Lock(data)
    try:
        before = _join_or_take(lock, arguments[0])
        services = None if before is None else _serve(lock, before, arguments[0])
    except LocalChatError as error:
        lock.leave()
        sys.exit(error.message)
    try:
        yield
    finally:
        if services:
            _close(lock, services)


def _needs_services(arguments: list[str]) -> bool:
    given = environment.text("DATABASE_URL") and environment.text("REDIS_URL")
    return _uses_data(arguments) and not given


def _uses_data(arguments: list[str]) -> bool:
    if not arguments or arguments[0] in NEED_NONE:
        return False
    return not {"--help", "-h", "--fetch-builtin", "--fetch-chat"} & set(arguments)


def load_settings(arguments: list[str]) -> None:
    """Before a command that uses the services: what was chosen in the admin holds for it too."""
    if _uses_data(arguments):
        import_module("django").setup()
        import_module("localchat.kept_settings.applying").load_if_there()


def _join_or_take(lock: Lock, command: str) -> dict[str, Any] | None:
    """None when we have joined somebody; else we own the data, and this is what was before us."""
    while True:
        if facts := lock.join() if lock.path.exists() else None:
            _join(facts)
            return None
        before = lock.take(command)
        if before is not None:
            return before


def _join(facts: dict[str, Any]) -> None:
    os.environ.update(environment_of(facts))
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not environment.text(name):
            raise DataInUse(f"The running server has a {name} of its own: set the same one here.")
    if facts.get("command") != "up":
        os.environ["LOCALCHAT_STANDALONE"] = "1"


def _serve(lock: Lock, before: dict[str, Any], command: str) -> Services:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the way out is walked
    services = Services(lock.data, before)
    try:
        services.start()
        os.environ.update(services.environment())
        if command in {"migrate", "flush"}:
            forget_migrations(lock.data)
        else:
            services.migrate()
    except BaseException:
        services.stop()
        raise
    lock.write(pid=os.getpid(), command=command, **services.addresses())
    os.environ["LOCALCHAT_STANDALONE"] = "1"
    return services


def _close(lock: Lock, services: Services) -> None:
    """Keep the services up for the commands that joined, unless somebody is impatient."""
    with suppress(KeyboardInterrupt):
        lock.wait_for_guests()
    services.stop()
    lock.leave()


def read_env_file(path: Path) -> None:
    """NAME=value lines of a `.env` file; what the environment has already stays."""
    with suppress(FileNotFoundError):
        for line in path.read_text(encoding="utf-8").splitlines():
            name, equals, value = line.strip().partition("=")
            if equals and not name.startswith("#"):
                os.environ.setdefault(name.strip(), value.strip().strip("'\""))
