"""The command lines of web and workers, and the environment that they find."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

from localchat.embedded import children
from localchat.embedded.services import CHECKOUT, Services
from localchat.embedded.supervised import Part
from localchat.embedded.unix_users import hand_over
from localchat.lib import environment

PULL_THREADS = 4
DOCUMENT_THREADS = 4  # which mostly wait: for the database, a reader or the engine
ROOT_IS_SAID = "ignore:You're running the worker with superuser"  # the supervisor says it, once


def programs(services: Services, listener: socket.socket, host: str) -> Iterator[Part]:
    """Pulls have a worker of their own: one that reads documents may be busy for hours."""
    env = os.environ | services.environment()
    env |= {
        "HOST": host,
        "PORT": str(listener.getsockname()[1]),
        "LOCALCHAT_OWNER_UID": str(os.getuid()),
        "LOCALCHAT_SUPERVISOR": str(os.getpid()),
    }

    def starting(
        log: str, command: list[str], *descriptors: int
    ) -> Callable[[], subprocess.Popen[bytes]]:
        """Each start goes on in the same log, which the first one finds empty."""
        file = services.data / "logs" / f"{log}.log"
        children.begin_log(file)
        file.touch(mode=0o600)
        hand_over(file.parent, services.account)
        return lambda: children.spawn(
            [sys.executable, "-W", ROOT_IS_SAID, "-m", *command],
            env={**env, "LOCALCHAT_LOG": str(file)},
            cwd=CHECKOUT,
            account=services.account,
            pass_fds=descriptors,
        )

    for number in range(1, 1 + environment.number("WEB_PROCESSES", 1, at_least=1, at_most=64)):
        log = f"web-{number}"
        yield Part("web process", starting(log, _web(listener), listener.fileno()))
    yield Part("worker", starting("documents", _worker("documents", DOCUMENT_THREADS)))
    yield Part("pull worker", starting("pulls", _worker("pulls", PULL_THREADS)))


def _web(listener: socket.socket) -> list[str]:
    options = ["-v", "0", "--no-server-name", "--fd", str(listener.fileno())]
    return ["localchat.web.daphne_server", *options, "localchat.asgi:application"]


def _worker(queue: str, threads: int) -> list[str]:
    pool = ["-P", "threads", "--concurrency", str(threads)]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"]
    name = ["-n", f"{queue}@localhost"]
    return ["celery", "-q", "-A", "localchat", "worker", "-Q", queue, *pool, *name, *quiet]
