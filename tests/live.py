"""The program as real processes: a web server and a worker on the tests' database."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from django.db import connection

from documents.models import Document
from localchat.embedded.programs import DOCUMENT_THREADS

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 40
FINISH_SECONDS = 2


class Live:
    """`url`, and the handles of `web` and `worker`, which may be killed and started again."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # A title would be one more call to an engine whose calls are counted.
        self.env = {**os.environ, "TITLES": "0", **env, "PORT": str(self.port)}
        self.logs = folder
        self.web = self.worker = None
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=30)

    def start_web(self) -> subprocess.Popen[bytes]:
        endpoint = f"tcp:port={self.port}:interface=127.0.0.1:backlog=1024"
        daphne = ["localchat.web.daphne_server", "-e", endpoint]
        self.web = self._spawn("web", *daphne, "localchat.asgi:application")
        self._wait()
        return self.web

    def start_worker(self) -> subprocess.Popen[bytes]:
        celery = [
            "celery",
            "-A",
            "localchat",
            "worker",
            "-P",
            "threads",
            "-c",
            str(DOCUMENT_THREADS),
        ]
        quiet = ["--without-gossip", "--without-mingle", "-Q", "documents,pulls"]
        self.worker = self._spawn("worker", *celery, *quiet)
        return self.worker

    def restart_web(self) -> subprocess.Popen[bytes]:
        end(self.web)
        return self.start_web()

    def restart_worker(self) -> subprocess.Popen[bytes]:
        end(self.worker)
        return self.start_worker()

    def log(self, name: str = "web") -> str:
        return (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        self.http.close()
        end(self.web)
        end(self.worker)

    def _spawn(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        with (self.logs / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.web.poll() is None:
            try:
                if self.http.get("/healthz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError(f"the web process did not start:\n{self.log()[-3000:]}")


def end(process: subprocess.Popen[bytes] | None) -> None:
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def database_url() -> str:
    stored = connection.settings_dict
    return f"postgres://{stored['USER']}@/{stored['NAME']}?host={stored['HOST']}"


@contextmanager
def commands(**facts: str) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """manage.py as processes of their own, on these stores; those that still run end at its end."""
    from django.conf import settings

    started: list[subprocess.Popen[str]] = []
    env = {**os.environ, "DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL, **facts}

    def start(*arguments: str, **more: str) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                env={**env, **more},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 - it takes no lock
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def _hear_ctrl_c() -> None:
    """As in a terminal: a shell that runs the tests in the background has switched it off."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="session")
def processes(django_db_setup, _engine, tmp_path_factory) -> Iterator[Live]:
    env = {"DATABASE_URL": database_url(), "OLLAMA_HOST": _engine.url}
    live = Live(env, tmp_path_factory.mktemp("live"))
    live.start_web()
    live.start_worker()
    yield live
    live.close()


@pytest.fixture(scope="session")
def login_processes(django_db_setup, _engine, tmp_path_factory) -> Iterator[Live]:
    live = Live(
        {"DATABASE_URL": database_url(), "OLLAMA_HOST": _engine.url},
        tmp_path_factory.mktemp("login"),
    )
    live.env["LOCALCHAT_PUBLIC_URL"] = live.url
    live.start_web()
    yield live
    live.close()


@pytest.fixture
def live(processes, transactional_db, flush_redis, engine_server) -> Iterator[Live]:
    """In owner mode: whoever runs the tests is the owner."""
    for name in ("web", "worker"):
        if getattr(processes, name).poll() is not None:
            getattr(processes, f"start_{name}")()
    yield processes
    _let_finish()


def _let_finish() -> None:
    """What still works on the tables could not go on, nor could they be emptied meanwhile."""
    deadline = time.monotonic() + FINISH_SECONDS
    while time.monotonic() < deadline and (Document.objects.unfinished().exists() or _busy()):
        time.sleep(0.02)


def _busy() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone() is not None


@pytest.fixture
def live_login(login_processes, transactional_db, flush_redis, engine_server) -> Live:
    """With a public URL: everybody has to log in. There is no worker."""
    if login_processes.web.poll() is not None:
        login_processes.start_web()
    return login_processes
