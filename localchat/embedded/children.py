"""Child processes that never outlive us, not even when we are killed with signal 9."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from localchat.embedded.unix_users import Account, become, hand_over

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LONGEST_LOG = 10_000_000  # bytes
LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None) if LINUX else None


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    account: Account | None = None,
    dies_by: signal.Signals = signal.SIGKILL,
    log: Path | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches us alone.

    Call it from the main thread: Linux sends `dies_by` when the thread ends that forked.
    """
    output = _open_log(log) if log else None
    if log:
        hand_over(log, account)
    process = subprocess.Popen(
        [*(account.wrap if account else ()), *command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        start_new_session=True,
        pass_fds=pass_fds,
        preexec_fn=_tie(dies_by),  # noqa: PLW1509 - called from the main thread only
        **become(account),
    )
    if output:
        output.close()
    _watch.add(process.pid)
    return process


def ask(process: subprocess.Popen[bytes] | None) -> None:
    """Tell a child to stop without waiting for it."""
    if process and process.poll() is None:
        process.terminate()


def stop(
    process: subprocess.Popen[bytes] | None, *stages: tuple[signal.Signals | None, float]
) -> None:
    """Send each signal (None: wait) and give the child its seconds; then kill its session."""
    if process is None:
        return
    for sign, seconds in stages:
        if process.poll() is None:
            if sign:
                process.send_signal(sign)
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    _watch.remove(process.pid)


def adopt() -> None:
    """Become the parent of grandchildren whose parent died, so that `reap` can end them."""
    if _libc:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap(known: Sequence[int]) -> None:
    """Collect adopted children that have ended; ours belong to their Popen objects."""
    for pid in _children():
        if pid not in known:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def end_adopted() -> None:
    """Kill every child that is left, whoever had started it."""
    while left := _children():
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def sweep(run: Path) -> None:
    """Kill what was started with LOCALCHAT_RUN at this folder and outlived its parent."""
    for process in of_run(run):
        with suppress(psutil.Error):
            process.kill()


def of_run(run: Path) -> Iterator[psutil.Process]:
    """The processes, but for this one, whose first environment names this run folder."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            named = process.environ().get("LOCALCHAT_RUN") == str(run)
            if named and process.pid != os.getpid():
                yield process


def tail(log: Path, lines: int = 3) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _open_log(log: Path) -> IO[bytes]:
    begin_log(log)
    return log.open("ab")  # so that a child goes on at the beginning after `trim`


def begin_log(log: Path) -> None:
    """Make room for a new one; the one before stays beside it."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists():
        log.replace(_before(log))


def trim(log: Path) -> None:
    """Keep it from growing for ever: one that is too long becomes the one before."""
    with suppress(OSError):
        if log.stat().st_size > LONGEST_LOG:
            shutil.copyfile(log, _before(log))
            os.truncate(log, 0)


def _before(log: Path) -> Path:
    return log.with_name(f"{log.name}.1")


def _tie(dies_by: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def before_exec() -> None:  # after setuid, which would clear the wish
        if _libc:
            _libc.prctl(PR_SET_PDEATHSIG, int(dies_by), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def _children() -> list[int]:
    try:  # twice a second, where psutil would look at every process of the machine
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(pid) for pid in listed.split()]


class _Watch:
    """Where Linux's help is missing: a shell that kills our children when its input ends."""

    SCRIPT = 'while read -r line; do pids=$line; done; [ -z "$pids" ] || kill -9 $pids'

    def __init__(self) -> None:
        self.pids: set[int] = set()
        self.shell: subprocess.Popen[bytes] | None = None

    def add(self, pid: int) -> None:
        self.pids.add(pid)
        self.tell()

    def remove(self, pid: int) -> None:
        self.pids.discard(pid)
        self.tell()

    def tell(self) -> None:
        if LINUX:
            return
        if self.shell is None:
            self.shell = subprocess.Popen(
                ["sh", "-c", self.SCRIPT], stdin=subprocess.PIPE, start_new_session=True
            )
        assert self.shell.stdin
        self.shell.stdin.write(" ".join(map(str, self.pids)).encode() + b"\n")
        self.shell.stdin.flush()


_watch = _Watch()
